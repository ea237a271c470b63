#ifndef SLUICE_LINUX_BUILD_BUG_H
#define SLUICE_LINUX_BUILD_BUG_H

#define static_assert(condition, ...) _Static_assert((condition), "" __VA_ARGS__)
#define BUILD_BUG_ON(condition) _Static_assert(!(condition), "BUILD_BUG_ON: " #condition)
#define BUILD_BUG_ON_MSG(condition, message) _Static_assert(!(condition), message)
#define BUILD_BUG_ON_ZERO(condition) ((int)sizeof(struct { int : (-!!(condition)); }))

#endif
