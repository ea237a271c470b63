/* WDK-style source, as it would be written for the kernel; it also compiles for Windows. Each function does one thing,
 * most of them wrong. */
#include <fltKernel.h>
#include <ntddk.h>
#include <ntintsafe.h>
#include <ntstrsafe.h>

#define TAG 'tseT' /* Test */

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD DriverUnload;

VOID NtRoundTrip(VOID);
PVOID NtAllocate(SIZE_T size, BOOLEAN zeroed);
VOID NtFree(PVOID memory);
VOID NtDoubleFree(VOID);
VOID NtFreeInside(VOID);
VOID NtFreeNull(VOID);
VOID NtFreeStack(VOID);
VOID NtWrongTag(VOID);
VOID NtFreeLocked(VOID);
VOID NtPagedAtDispatch(VOID);
VOID NtRaise(VOID);
VOID NtSpinTwice(VOID);
VOID NtSpinUnheld(VOID);
VOID NtMutexTwice(VOID);
VOID NtMutexUnderSpinLock(VOID);
VOID NtReadThenWrite(VOID);
VOID NtSharedTwice(VOID);
VOID NtResourceTwice(VOID);
VOID NtReturnLocked(VOID);
VOID NtReturnRaised(VOID);
VOID NtBugCheck(VOID);
VOID NtAssert(VOID);
VOID NtPagedCode(VOID);
VOID NtCorruptList(VOID);
LONG NtListSum(VOID);
LONG NtCompare(PCWSTR a, PCWSTR b, BOOLEAN insensitive);
BOOLEAN NtPrefix(PCWSTR prefix, PCWSTR text);
USHORT NtCopyAndAppend(PWCHAR to, USHORT size, PCWSTR first, PCWSTR second);
VOID NtPrint(VOID);
VOID NtPrintMany(ULONG count);

static KSPIN_LOCK SpinLock;
static FAST_MUTEX Mutex;
static EX_PUSH_LOCK PushLock;
static ERESOURCE Resource;

_Use_decl_annotations_ NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  UNREFERENCED_PARAMETER(RegistryPath);
  PAGED_CODE();
  DriverObject->DriverUnload = DriverUnload;
  KeInitializeSpinLock(&SpinLock);
  ExInitializeFastMutex(&Mutex);
  FltInitializePushLock(&PushLock);
  return ExInitializeResourceLite(&Resource);
}

VOID NTAPI DriverUnload(_In_ PDRIVER_OBJECT DriverObject) {
  UNREFERENCED_PARAMETER(DriverObject);
  ExDeleteResourceLite(&Resource);
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

PVOID NtAllocate(SIZE_T size, BOOLEAN zeroed) {
  return ExAllocatePool2(POOL_FLAG_NON_PAGED | (zeroed ? 0 : POOL_FLAG_UNINITIALIZED), size, TAG);
}

VOID NtFree(PVOID memory) { ExFreePoolWithTag(memory, TAG); }

VOID NtRoundTrip(VOID) {
  PUCHAR bytes = ExAllocatePoolZero(PagedPool, 16, TAG);
  if (bytes == NULL) return;
  RtlFillMemory(bytes, 16, 0x41);
  NT_ASSERT(RtlCompareMemory(bytes, "AAAB", 4) == 3);
  ExFreePool(bytes);
}

VOID NtDoubleFree(VOID) {
  PVOID memory = NtAllocate(40, TRUE);
  NtFree(memory);
  NtFree(memory);
}

VOID NtFreeInside(VOID) {
  PUCHAR memory = NtAllocate(40, TRUE);
  NtFree(memory + 8);
}

VOID NtFreeNull(VOID) { NtFree(NULL); }

VOID NtFreeStack(VOID) {
  ULONG local = 0;
  NtFree(&local);
}

VOID NtWrongTag(VOID) { ExFreePoolWithTag(NtAllocate(40, TRUE), 'gnrW'); }

VOID NtFreeLocked(VOID) {
  PEX_PUSH_LOCK lock = NtAllocate(sizeof *lock, TRUE);
  ExAcquirePushLockExclusive(lock);
  NtFree(lock);
}

VOID NtPagedAtDispatch(VOID) {
  KIRQL old;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  PVOID memory = ExAllocatePool2(POOL_FLAG_PAGED, 8, TAG);
  KeLowerIrql(old);
  if (memory != NULL) NtFree(memory);
}

VOID NtRaise(VOID) { ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_RAISE_ON_FAILURE, MAXSIZE_T, TAG); }

/* ---- Locks ------------------------------------------------------------------------------------------------------- */

VOID NtSpinTwice(VOID) {
  KIRQL old;
  KeAcquireSpinLock(&SpinLock, &old);
  KeAcquireSpinLockAtDpcLevel(&SpinLock);
}

VOID NtSpinUnheld(VOID) { KeReleaseSpinLock(&SpinLock, PASSIVE_LEVEL); }

VOID NtMutexTwice(VOID) {
  ExAcquireFastMutex(&Mutex);
  ExAcquireFastMutex(&Mutex);
}

VOID NtMutexUnderSpinLock(VOID) {
  KLOCK_QUEUE_HANDLE handle;
  KeAcquireInStackQueuedSpinLock(&SpinLock, &handle);
  ExAcquireFastMutex(&Mutex);
}

VOID NtReadThenWrite(VOID) {
  FltAcquirePushLockShared(&PushLock);
  FltAcquirePushLockExclusive(&PushLock);
}

VOID NtSharedTwice(VOID) {
  FltAcquirePushLockShared(&PushLock);
  FltAcquirePushLockShared(&PushLock);
  FltReleasePushLock(&PushLock);
  FltReleasePushLock(&PushLock);
}

VOID NtResourceTwice(VOID) {
  KeEnterCriticalRegion();
  ExAcquireResourceExclusiveLite(&Resource, TRUE);
  ExAcquireResourceSharedLite(&Resource, TRUE);
  ExReleaseResourceLite(&Resource);
  ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
}

VOID NtReturnLocked(VOID) { ExAcquireFastMutexUnsafe(&Mutex); }
VOID NtReturnRaised(VOID) { (VOID) KfRaiseIrql(APC_LEVEL); }

/* ---- Giving up --------------------------------------------------------------------------------------------------- */

VOID NtBugCheck(VOID) { KeBugCheckEx(0xE2, 1, 2, 3, 4); }
VOID NtAssert(VOID) {
  int inputs = 21;
  DBG_UNREFERENCED_LOCAL_VARIABLE(inputs);
  NT_ASSERT(inputs <= 20);
}
VOID NtPagedCode(VOID) {
  (VOID) KfRaiseIrql(DISPATCH_LEVEL);
  PAGED_CODE();
}

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

typedef struct _ITEM {
  LONG Value;
  LIST_ENTRY Links;
} ITEM, *PITEM;

LONG NtListSum(VOID) {
  LIST_ENTRY head;
  ITEM items[4] = {{1, {NULL, NULL}}, {20, {NULL, NULL}}, {300, {NULL, NULL}}, {4000, {NULL, NULL}}};
  InitializeListHead(&head);
  for (ULONG i = 0; i < RTL_NUMBER_OF(items); i++) InsertTailList(&head, &items[i].Links);
  RemoveEntryList(&items[1].Links);
  InsertHeadList(&head, &items[1].Links);
  RemoveTailList(&head);
  LONG sum = 0, place = 1;
  for (PLIST_ENTRY entry = head.Flink; entry != &head; entry = entry->Flink, place++) {
    sum += place * CONTAINING_RECORD(entry, ITEM, Links)->Value;
  }
  return sum; /* 20, 1, 300 */
}

VOID NtCorruptList(VOID) {
  LIST_ENTRY head;
  ITEM item;
  InitializeListHead(&head);
  InsertTailList(&head, &item.Links);
  item.Links.Blink = &item.Links;
  RemoveEntryList(&item.Links);
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

LONG NtCompare(PCWSTR a, PCWSTR b, BOOLEAN insensitive) {
  UNICODE_STRING left, right;
  RtlInitUnicodeString(&left, a);
  RtlInitUnicodeString(&right, b);
  LONG difference = RtlCompareUnicodeString(&left, &right, insensitive);
  NT_ASSERT((difference == 0) == RtlEqualUnicodeString(&left, &right, insensitive));
  return difference;
}

BOOLEAN NtPrefix(PCWSTR prefix, PCWSTR text) {
  UNICODE_STRING left, right;
  RtlInitUnicodeString(&left, prefix);
  RtlInitUnicodeString(&right, text);
  return RtlPrefixUnicodeString(&left, &right, TRUE);
}

USHORT NtCopyAndAppend(PWCHAR to, USHORT size, PCWSTR first, PCWSTR second) {
  UNICODE_STRING target, source;
  RtlInitEmptyUnicodeString(&target, to, size);
  RtlInitUnicodeString(&source, first);
  RtlCopyUnicodeString(&target, &source);
  if (!NT_SUCCESS(RtlAppendUnicodeToString(&target, second))) return MAXUSHORT;
  return target.Length;
}

VOID NtPrint(VOID) {
  static const WCHAR wide[] = L"caf\x00e9";
  UNICODE_STRING counted = RTL_CONSTANT_STRING(L"counted");
  counted.Length = 5 * sizeof(WCHAR);
  DbgPrint("ulong %lu, %I64x, %5d|%-5d|%05d\n", (ULONG)MAXULONG, 0x123456789abcULL, -7, -7, -7);
  DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_ERROR_LEVEL, "%wZ %ws %S %s %.3s %c %%\n", &counted, wide, wide, "narrow",
             "narrow", 'x');
  DbgPrint("in two ");
  DbgPrint("parts\nand a tab\t\n");
  DbgPrint("%hhx %hu %08lX %#x %s %zu\n", 0x1ff, 0x12345, 0xbeefUL, 16, (PCSTR)NULL, (SIZE_T)5);
  DbgPrint("unknown %y %d\n", 1, 2);
}

VOID NtPrintMany(ULONG count) {
  for (ULONG i = 0; i < count; i++) KdPrint(("line %u\n", i));
}

C_ASSERT(sizeof(ULONG) == 4);
C_ASSERT(sizeof(WCHAR) == 2);
C_ASSERT(sizeof(UNICODE_STRING) == 16);
C_ASSERT(sizeof(ERESOURCE) == 104);
C_ASSERT(sizeof(FAST_MUTEX) == 56);
C_ASSERT(FIELD_OFFSET(DRIVER_OBJECT, MajorFunction) == 0x70);
