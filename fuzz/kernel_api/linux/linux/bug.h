/* BUG ends the run with a fault; WARN is a line of the log. */
#ifndef SLUICE_LINUX_BUG_H
#define SLUICE_LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/printk.h>

__noreturn void __bug_at(const char* what, const char* file, int line);
void __warn_at(const char* what, const char* file, int line);

#define BUG() __bug_at("BUG()", __FILE_NAME__, __LINE__)
#define BUG_ON(condition)                                                                 \
  do {                                                                                    \
    if (unlikely(condition)) __bug_at("BUG_ON(" #condition ")", __FILE_NAME__, __LINE__); \
  } while (0)
#define WARN_ON(condition)                                                                \
  ({                                                                                      \
    const bool warn_it = !!(condition);                                                   \
    if (unlikely(warn_it)) __warn_at("WARN_ON(" #condition ")", __FILE_NAME__, __LINE__); \
    unlikely(warn_it);                                                                    \
  })
#define WARN(condition, format, ...)                \
  ({                                                \
    const bool warn_it = !!(condition);             \
    if (unlikely(warn_it)) {                        \
      __warn_at("WARN()", __FILE_NAME__, __LINE__); \
      _printk(format, ##__VA_ARGS__);               \
    }                                               \
    unlikely(warn_it);                              \
  })
#define WARN_ON_ONCE WARN_ON
#define WARN_ONCE WARN

#endif
