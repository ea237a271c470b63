/* Part of wdm.h: what a driver says, and how it gives up. */
#ifndef SLUICE_WDK_WDM_DEBUG_H
#define SLUICE_WDK_WDM_DEBUG_H

#define DPFLTR_IHVDRIVER_ID 77
#define DPFLTR_DEFAULT_ID 101
#define DPFLTR_ERROR_LEVEL 0
#define DPFLTR_WARNING_LEVEL 1
#define DPFLTR_TRACE_LEVEL 2
#define DPFLTR_INFO_LEVEL 3

NTSYSAPI ULONG __cdecl DbgPrint(PCSTR Format, ...);
NTSYSAPI ULONG __cdecl DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...);

NTKERNELAPI DECLSPEC_NORETURN VOID NTAPI KeBugCheckEx(ULONG BugCheckCode, ULONG_PTR Parameter1, ULONG_PTR Parameter2,
                                                      ULONG_PTR Parameter3, ULONG_PTR Parameter4);
#define KeBugCheck(code) KeBugCheckEx((code), 0, 0, 0, 0)

#ifdef _WIN32
FORCEINLINE VOID RtlpAssertFailed(PCSTR text) {
  (void)text;
#ifdef __aarch64__
  __asm__ volatile("brk #0xF001");
#else
  __asm__ volatile("int $0x2c");
#endif
}
FORCEINLINE VOID DbgBreakPoint(VOID) { __debugbreak(); }
#else
DECLSPEC_NORETURN VOID RtlpAssertFailed(PCSTR Text);
DECLSPEC_NORETURN VOID DbgBreakPoint(VOID);
#endif

#if DBG
#define NT_ASSERT(condition) ((condition) ? (void)0 : RtlpAssertFailed(#condition))
#define NT_ASSERTMSG(message, condition) ((condition) ? (void)0 : RtlpAssertFailed(message ": " #condition))
#define NT_VERIFY(condition) ((condition) ? TRUE : (RtlpAssertFailed(#condition), FALSE))
#define KdPrint(arguments) DbgPrint arguments
#define KdPrintEx(arguments) DbgPrintEx arguments
#define KdBreakPoint() DbgBreakPoint()
#else
#define NT_ASSERT(condition) ((void)0)
#define NT_ASSERTMSG(message, condition) ((void)0)
#define NT_VERIFY(condition) ((condition) ? TRUE : FALSE)
#define KdPrint(arguments) ((void)0)
#define KdPrintEx(arguments) ((void)0)
#define KdBreakPoint() ((void)0)
#endif
#define ASSERT NT_ASSERT
#define ASSERTMSG NT_ASSERTMSG
#define C_ASSERT(condition) _Static_assert((condition), #condition)
#define NT_ANALYSIS_ASSUME(condition) ((void)0)
#define PAGED_CODE() NT_ASSERT(KeGetCurrentIrql() <= APC_LEVEL)
#define PAGED_CODE_LOCKED() ((void)0)

#endif
