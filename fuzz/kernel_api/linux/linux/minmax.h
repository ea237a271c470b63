/* The arguments are evaluated once. */
#ifndef SLUICE_LINUX_MINMAX_H
#define SLUICE_LINUX_MINMAX_H

#define min(a, b)                  \
  ({                               \
    __typeof__(a) min_a = (a);     \
    __typeof__(b) min_b = (b);     \
    min_a < min_b ? min_a : min_b; \
  })
#define max(a, b)                  \
  ({                               \
    __typeof__(a) max_a = (a);     \
    __typeof__(b) max_b = (b);     \
    max_a > max_b ? max_a : max_b; \
  })
#define min_t(type, a, b)                  \
  ({                                       \
    type min_t_a = (a);                    \
    type min_t_b = (b);                    \
    min_t_a < min_t_b ? min_t_a : min_t_b; \
  })
#define max_t(type, a, b)                  \
  ({                                       \
    type max_t_a = (a);                    \
    type max_t_b = (b);                    \
    max_t_a > max_t_b ? max_t_a : max_t_b; \
  })
#define min3(a, b, c) min(min(a, b), c)
#define max3(a, b, c) max(max(a, b), c)
#define clamp(value, low, high) min(max(value, low), high)
#define clamp_t(type, value, low, high) min_t(type, max_t(type, value, low), high)
#define swap(a, b)              \
  do {                          \
    __typeof__(a) swap_a = (a); \
    (a) = (b);                  \
    (b) = swap_a;               \
  } while (0)

#endif
