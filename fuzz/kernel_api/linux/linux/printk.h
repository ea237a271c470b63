#ifndef SLUICE_LINUX_PRINTK_H
#define SLUICE_LINUX_PRINTK_H

#include <linux/compiler.h>

#define KERN_SOH "\001"
#define KERN_EMERG KERN_SOH "0"
#define KERN_ALERT KERN_SOH "1"
#define KERN_CRIT KERN_SOH "2"
#define KERN_ERR KERN_SOH "3"
#define KERN_WARNING KERN_SOH "4"
#define KERN_NOTICE KERN_SOH "5"
#define KERN_INFO KERN_SOH "6"
#define KERN_DEBUG KERN_SOH "7"
#define KERN_DEFAULT ""
#define KERN_CONT KERN_SOH "c"

__printf(1, 2) int _printk(const char* format, ...);
__printf(1, 2) __noreturn void panic(const char* format, ...);
void dump_stack(void);

#ifndef pr_fmt
#define pr_fmt(format) format
#endif
#define printk(...) _printk(__VA_ARGS__)
#define pr_emerg(format, ...) _printk(KERN_EMERG pr_fmt(format), ##__VA_ARGS__)
#define pr_alert(format, ...) _printk(KERN_ALERT pr_fmt(format), ##__VA_ARGS__)
#define pr_crit(format, ...) _printk(KERN_CRIT pr_fmt(format), ##__VA_ARGS__)
#define pr_err(format, ...) _printk(KERN_ERR pr_fmt(format), ##__VA_ARGS__)
#define pr_warn(format, ...) _printk(KERN_WARNING pr_fmt(format), ##__VA_ARGS__)
#define pr_notice(format, ...) _printk(KERN_NOTICE pr_fmt(format), ##__VA_ARGS__)
#define pr_info(format, ...) _printk(KERN_INFO pr_fmt(format), ##__VA_ARGS__)
#define pr_debug(format, ...) _printk(KERN_DEBUG pr_fmt(format), ##__VA_ARGS__)
#define pr_devel pr_debug
#define pr_cont(format, ...) _printk(KERN_CONT format, ##__VA_ARGS__)
#define no_printk(format, ...) ((void)(0 && _printk(format, ##__VA_ARGS__)))
#define pr_err_once pr_err
#define pr_warn_once pr_warn
#define pr_info_once pr_info
#define pr_err_ratelimited pr_err
#define pr_warn_ratelimited pr_warn
#define pr_info_ratelimited pr_info
#define printk_ratelimit() 1

#endif
