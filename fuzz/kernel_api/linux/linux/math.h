#ifndef SLUICE_LINUX_MATH_H
#define SLUICE_LINUX_MATH_H

#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define DIV_ROUND_CLOSEST(n, d) (((n) + (d) / 2) / (d))
#define roundup(n, to) (DIV_ROUND_UP(n, to) * (to))
#define rounddown(n, to) ((n) - (n) % (to))
#define round_up(n, to) ((((n) - 1) | ((__typeof__(n))(to) - 1)) + 1)
#define round_down(n, to) ((n) & ~((__typeof__(n))(to) - 1))
#define abs(n) ((n) < 0 ? -(n) : (n))
#define do_div(n, base)                         \
  ({                                            \
    u32 do_div_rest = (u32)((n) % (u32)(base)); \
    (n) /= (u32)(base);                         \
    do_div_rest;                                \
  })

#endif
