/* Arithmetic that says when it overflowed. */
#ifndef SLUICE_WDK_NTINTSAFE_H
#define SLUICE_WDK_NTINTSAFE_H

#include "ntdef.h"

#define SLUICE_SAFE(name, type, operation, none)            \
  FORCEINLINE NTSTATUS name(type a, type b, type* result) { \
    if (!operation(a, b, result)) return STATUS_SUCCESS;    \
    *result = none;                                         \
    return STATUS_INTEGER_OVERFLOW;                         \
  }

SLUICE_SAFE(RtlUShortAdd, USHORT, __builtin_add_overflow, 0xffff)
SLUICE_SAFE(RtlUShortSub, USHORT, __builtin_sub_overflow, 0xffff)
SLUICE_SAFE(RtlUShortMult, USHORT, __builtin_mul_overflow, 0xffff)
SLUICE_SAFE(RtlULongAdd, ULONG, __builtin_add_overflow, ~0u)
SLUICE_SAFE(RtlULongSub, ULONG, __builtin_sub_overflow, ~0u)
SLUICE_SAFE(RtlULongMult, ULONG, __builtin_mul_overflow, ~0u)
SLUICE_SAFE(RtlULongLongAdd, ULONGLONG, __builtin_add_overflow, ~0ull)
SLUICE_SAFE(RtlULongLongSub, ULONGLONG, __builtin_sub_overflow, ~0ull)
SLUICE_SAFE(RtlULongLongMult, ULONGLONG, __builtin_mul_overflow, ~0ull)
SLUICE_SAFE(RtlSIZETAdd, SIZE_T, __builtin_add_overflow, MAXSIZE_T)
SLUICE_SAFE(RtlSIZETSub, SIZE_T, __builtin_sub_overflow, MAXSIZE_T)
SLUICE_SAFE(RtlSIZETMult, SIZE_T, __builtin_mul_overflow, MAXSIZE_T)
#define RtlSizeTAdd RtlSIZETAdd
#define RtlSizeTSub RtlSIZETSub
#define RtlSizeTMult RtlSIZETMult
#undef SLUICE_SAFE

#endif
