/* The part of ntstrsafe.h that needs no formatting: it is inline in the WDK, too. */
#ifndef SLUICE_WDK_NTSTRSAFE_H
#define SLUICE_WDK_NTSTRSAFE_H

#include "wdm.h"

#define NTSTRSAFE_MAX_CCH 2147483647
#define NTSTRSAFE_UNICODE_STRING_MAX_CCH UNICODE_STRING_MAX_CHARS

FORCEINLINE NTSTATUS RtlStringCchLengthA(PCSTR text, SIZE_T limit, SIZE_T* length) {
  SIZE_T n = 0;
  if (text == NULL || limit > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER;
  while (n < limit && text[n] != '\0') ++n;
  if (n == limit) return STATUS_INVALID_PARAMETER;
  if (length != NULL) *length = n;
  return STATUS_SUCCESS;
}

FORCEINLINE NTSTATUS RtlStringCchLengthW(PCWSTR text, SIZE_T limit, SIZE_T* length) {
  SIZE_T n = 0;
  if (text == NULL || limit > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER;
  while (n < limit && text[n] != UNICODE_NULL) ++n;
  if (n == limit) return STATUS_INVALID_PARAMETER;
  if (length != NULL) *length = n;
  return STATUS_SUCCESS;
}

FORCEINLINE NTSTATUS RtlStringCchCopyA(PSTR to, SIZE_T size, PCSTR from) {
  SIZE_T n = 0;
  if (size == 0 || size > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER;
  for (; n + 1 < size && from[n] != '\0'; ++n) to[n] = from[n];
  to[n] = '\0';
  return from[n] == '\0' ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW;
}

FORCEINLINE NTSTATUS RtlStringCchCopyNW(PWSTR to, SIZE_T size, PCWSTR from, SIZE_T limit) {
  SIZE_T n = 0;
  if (size == 0 || size > NTSTRSAFE_MAX_CCH || limit > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER;
  for (; n + 1 < size && n < limit && from[n] != UNICODE_NULL; ++n) to[n] = from[n];
  to[n] = UNICODE_NULL;
  return n == limit || from[n] == UNICODE_NULL ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW;
}

#define RtlStringCchCopyW(to, size, from) RtlStringCchCopyNW((to), (size), (from), NTSTRSAFE_MAX_CCH)
#define RtlStringCbCopyA(to, size, from) RtlStringCchCopyA((to), (size), (from))
#define RtlStringCbCopyW(to, size, from) RtlStringCchCopyW((to), (size) / sizeof(WCHAR), (from))

#endif
