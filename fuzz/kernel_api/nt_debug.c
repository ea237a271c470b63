#include "fuzz/kernel_api/internal.h"
#include "fuzz/kernel_api/wdk_visible.h"

ULONG __cdecl DbgPrint(PCSTR Format, ...) {
  va_list arguments;
  va_start(arguments, Format);
  kapi_log(KAPI_WINDOWS, Format, arguments);
  va_end(arguments);
  return STATUS_SUCCESS;
}

ULONG __cdecl DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...) {
  (void)ComponentId;
  (void)Level;
  va_list arguments;
  va_start(arguments, Format);
  kapi_log(KAPI_WINDOWS, Format, arguments);
  va_end(arguments);
  return STATUS_SUCCESS;
}

VOID NTAPI KeBugCheckEx(ULONG BugCheckCode, ULONG_PTR Parameter1, ULONG_PTR Parameter2, ULONG_PTR Parameter3,
                        ULONG_PTR Parameter4) {
  kapi_bugcheck("KeBugCheckEx 0x%08X (0x%llx, 0x%llx, 0x%llx, 0x%llx)", BugCheckCode, (unsigned long long)Parameter1,
                (unsigned long long)Parameter2, (unsigned long long)Parameter3, (unsigned long long)Parameter4);
}

VOID RtlpAssertFailed(PCSTR Text) { kapi_bugcheck("assertion failed: %s", Text); }
VOID DbgBreakPoint(VOID) { kapi_bugcheck("DbgBreakPoint"); }

VOID RtlFailFast(ULONG Code) {
  kapi_bugcheck("KERNEL_SECURITY_CHECK_FAILURE (0x139): %s",
                Code == FAST_FAIL_CORRUPT_LIST_ENTRY ? "a list entry is corrupt" : "fail fast");
}
