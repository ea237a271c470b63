/* What a content interpreter calls of the Windows kernel. For a replica the functions are those of fuzz/kernel_api;
 * with --target=x86_64-pc-windows-msvc they are imports of ntoskrnl.exe.
 *
 * Not here: devices, IRPs, threads, time, the registry, exceptions that are delivered (a fault in __try is a fault). */
#ifndef SLUICE_WDK_WDM_H
#define SLUICE_WDK_WDM_H

#include "ntdef.h"

#ifndef DBG
#ifdef _WIN32
#define DBG 0
#else
#define DBG 1 /* replicas are checked builds: NT_ASSERT and KdPrint are there */
#endif
#endif

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

void* memcpy(void* to, const void* from, size_t size);
void* memmove(void* to, const void* from, size_t size);
void* memset(void* to, int byte, size_t size);
int memcmp(const void* a, const void* b, size_t size);

#define RtlCopyMemory(to, from, size) memcpy((to), (from), (size))
#define RtlCopyBytes RtlCopyMemory
#define RtlMoveMemory(to, from, size) memmove((to), (from), (size))
#define RtlFillMemory(to, size, byte) memset((to), (byte), (size))
#define RtlZeroMemory(to, size) memset((to), 0, (size))
#define RtlEqualMemory(a, b, size) (!memcmp((a), (b), (size)))
NTSYSAPI SIZE_T NTAPI RtlCompareMemory(const VOID* Source1, const VOID* Source2, SIZE_T Length);

FORCEINLINE PVOID RtlSecureZeroMemory(PVOID to, SIZE_T size) {
  volatile UCHAR* byte = (volatile UCHAR*)to;
  while (size-- != 0) *byte++ = 0;
  return to;
}

/* ---- Pool -------------------------------------------------------------------------------------------------------- */

typedef enum _POOL_TYPE {
  NonPagedPool = 0,
  NonPagedPoolExecute = 0,
  PagedPool = 1,
  NonPagedPoolMustSucceed = 2,
  NonPagedPoolCacheAligned = 4,
  PagedPoolCacheAligned = 5,
  NonPagedPoolNx = 512,
  NonPagedPoolNxCacheAligned = 516,
} POOL_TYPE;

typedef ULONG64 POOL_FLAGS;
#define POOL_FLAG_USE_QUOTA 0x0000000000000001ULL
#define POOL_FLAG_UNINITIALIZED 0x0000000000000002ULL
#define POOL_FLAG_SESSION 0x0000000000000004ULL
#define POOL_FLAG_CACHE_ALIGNED 0x0000000000000008ULL
#define POOL_FLAG_RAISE_ON_FAILURE 0x0000000000000020ULL
#define POOL_FLAG_NON_PAGED 0x0000000000000040ULL
#define POOL_FLAG_NON_PAGED_EXECUTE 0x0000000000000080ULL
#define POOL_FLAG_PAGED 0x0000000000000100ULL

NTKERNELAPI PVOID NTAPI ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag);
NTKERNELAPI PVOID NTAPI ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag);
NTKERNELAPI PVOID NTAPI ExAllocatePool(POOL_TYPE PoolType, SIZE_T NumberOfBytes);
NTKERNELAPI VOID NTAPI ExFreePoolWithTag(PVOID P, ULONG Tag);
NTKERNELAPI VOID NTAPI ExFreePool(PVOID P);

FORCEINLINE PVOID ExAllocatePoolZero(POOL_TYPE type, SIZE_T size, ULONG tag) {
  PVOID memory = ExAllocatePoolWithTag(type, size, tag);
  if (memory != NULL) RtlZeroMemory(memory, size);
  return memory;
}
#define ExAllocatePoolUninitialized ExAllocatePoolWithTag

#ifndef _WIN32 /* the structures are ours: Windows has others */
typedef struct _LOOKASIDE_LIST {
  POOL_TYPE Type;
  ULONG Tag;
  SIZE_T Size;
} LOOKASIDE_LIST_EX, *PLOOKASIDE_LIST_EX, PAGED_LOOKASIDE_LIST, *PPAGED_LOOKASIDE_LIST, NPAGED_LOOKASIDE_LIST,
    *PNPAGED_LOOKASIDE_LIST;
NTSTATUS ExInitializeLookasideListEx(PLOOKASIDE_LIST_EX Lookaside, PVOID Allocate, PVOID Free, POOL_TYPE PoolType,
                                     ULONG Flags, SIZE_T Size, ULONG Tag, USHORT Depth);
VOID ExDeleteLookasideListEx(PLOOKASIDE_LIST_EX Lookaside);
PVOID ExAllocateFromLookasideListEx(PLOOKASIDE_LIST_EX Lookaside);
VOID ExFreeToLookasideListEx(PLOOKASIDE_LIST_EX Lookaside, PVOID Entry);
#define ExInitializeNPagedLookasideList(list, allocate, free, flags, size, tag, depth) \
  ((void)ExInitializeLookasideListEx(list, allocate, free, NonPagedPoolNx, flags, size, tag, depth))
#define ExInitializePagedLookasideList(list, allocate, free, flags, size, tag, depth) \
  ((void)ExInitializeLookasideListEx(list, allocate, free, PagedPool, flags, size, tag, depth))
#define ExDeleteNPagedLookasideList ExDeleteLookasideListEx
#define ExDeletePagedLookasideList ExDeleteLookasideListEx
#define ExAllocateFromNPagedLookasideList ExAllocateFromLookasideListEx
#define ExAllocateFromPagedLookasideList ExAllocateFromLookasideListEx
#define ExFreeToNPagedLookasideList ExFreeToLookasideListEx
#define ExFreeToPagedLookasideList ExFreeToLookasideListEx
#endif

/* ---- Strings ----------------------------------------------------------------------------------------------------- */

NTSYSAPI VOID NTAPI RtlInitUnicodeString(PUNICODE_STRING DestinationString, PCWSTR SourceString);
NTSYSAPI NTSTATUS NTAPI RtlInitUnicodeStringEx(PUNICODE_STRING DestinationString, PCWSTR SourceString);
NTSYSAPI LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                                            BOOLEAN CaseInSensitive);
NTSYSAPI BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                                             BOOLEAN CaseInSensitive);
NTSYSAPI BOOLEAN NTAPI RtlPrefixUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                                              BOOLEAN CaseInSensitive);
NTSYSAPI BOOLEAN NTAPI RtlSuffixUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                                              BOOLEAN CaseInSensitive);
NTSYSAPI VOID NTAPI RtlCopyUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString);
NTSYSAPI NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING Destination, PCUNICODE_STRING Source);
NTSYSAPI NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source);
NTSYSAPI NTSTATUS NTAPI RtlUpcaseUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                               BOOLEAN AllocateDestinationString);
NTSYSAPI VOID NTAPI RtlFreeUnicodeString(PUNICODE_STRING UnicodeString);
NTSYSAPI WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR SourceCharacter);
NTSYSAPI WCHAR NTAPI RtlDowncaseUnicodeChar(WCHAR SourceCharacter);
NTSYSAPI NTSTATUS NTAPI RtlHashUnicodeString(PCUNICODE_STRING String, BOOLEAN CaseInSensitive, ULONG HashAlgorithm,
                                             PULONG HashValue);
#define HASH_STRING_ALGORITHM_DEFAULT 0
#define HASH_STRING_ALGORITHM_X65599 1
#define RtlInitEmptyUnicodeString(string, buffer, size) \
  ((void)((string)->Length = 0, (string)->MaximumLength = (USHORT)(size), (string)->Buffer = (buffer)))

NTSYSAPI VOID NTAPI RtlInitAnsiString(PANSI_STRING DestinationString, PCSZ SourceString);
NTSYSAPI VOID NTAPI RtlInitString(PSTRING DestinationString, PCSZ SourceString);
NTSYSAPI LONG NTAPI RtlCompareString(const STRING* String1, const STRING* String2, BOOLEAN CaseInSensitive);
NTSYSAPI BOOLEAN NTAPI RtlEqualString(const STRING* String1, const STRING* String2, BOOLEAN CaseInSensitive);
NTSYSAPI CHAR NTAPI RtlUpperChar(CHAR Character);

size_t strlen(const char* text);
int strcmp(const char* a, const char* b);
int strncmp(const char* a, const char* b, size_t size);
char* strchr(const char* text, int character);
char* strstr(const char* text, const char* piece);

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

#define RtlUshortByteSwap(value) __builtin_bswap16(value)
#define RtlUlongByteSwap(value) __builtin_bswap32(value)
#define RtlUlonglongByteSwap(value) __builtin_bswap64(value)
#define ALIGN_DOWN_BY(size, alignment) ((ULONG_PTR)(size) & ~((ULONG_PTR)(alignment) - 1))
#define ALIGN_UP_BY(size, alignment) ALIGN_DOWN_BY((ULONG_PTR)(size) + (alignment) - 1, alignment)
#define PAGE_SIZE 0x1000
#define PAGE_SHIFT 12

#define InterlockedIncrement(target) __atomic_add_fetch((target), 1, __ATOMIC_SEQ_CST)
#define InterlockedDecrement(target) __atomic_sub_fetch((target), 1, __ATOMIC_SEQ_CST)
#define InterlockedAdd(target, value) __atomic_add_fetch((target), (value), __ATOMIC_SEQ_CST)
#define InterlockedExchangeAdd(target, value) __atomic_fetch_add((target), (value), __ATOMIC_SEQ_CST)
#define InterlockedExchange(target, value) __atomic_exchange_n((target), (value), __ATOMIC_SEQ_CST)
#define InterlockedExchangePointer(target, value) __atomic_exchange_n((target), (value), __ATOMIC_SEQ_CST)
#define InterlockedOr(target, value) __atomic_fetch_or((target), (value), __ATOMIC_SEQ_CST)
#define InterlockedAnd(target, value) __atomic_fetch_and((target), (value), __ATOMIC_SEQ_CST)
#define InterlockedIncrement64 InterlockedIncrement
#define InterlockedDecrement64 InterlockedDecrement
#define InterlockedCompareExchange(target, exchange, comparand) \
  __sync_val_compare_and_swap((target), (comparand), (exchange))
#define InterlockedCompareExchangePointer InterlockedCompareExchange
#define MemoryBarrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define KeMemoryBarrier() MemoryBarrier()
#define ReadNoFence(target) __atomic_load_n((target), __ATOMIC_RELAXED)
#define ReadAcquire(target) __atomic_load_n((target), __ATOMIC_ACQUIRE)
#define WriteRelease(target, value) __atomic_store_n((target), (value), __ATOMIC_RELEASE)

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

FORCEINLINE VOID InitializeListHead(PLIST_ENTRY head) { head->Flink = head->Blink = head; }
FORCEINLINE BOOLEAN IsListEmpty(const LIST_ENTRY* head) { return (BOOLEAN)(head->Flink == head); }

/* As in Windows, a list that no longer closes is a bug check and not a write through a stray pointer. */
#define FAST_FAIL_CORRUPT_LIST_ENTRY 3
#ifdef _WIN32
FORCEINLINE DECLSPEC_NORETURN VOID RtlFailFast(ULONG code) {
#ifdef __aarch64__
  register ULONG in_w0 __asm__("w0") = code;
  __asm__ volatile("brk #0xF003" ::"r"(in_w0));
#else
  __asm__ volatile("int $0x29" ::"c"(code));
#endif
  __builtin_unreachable();
}
#else
DECLSPEC_NORETURN VOID RtlFailFast(ULONG Code);
#endif

FORCEINLINE VOID RtlpCheckListEntry(PLIST_ENTRY entry) {
  if (entry->Flink->Blink != entry || entry->Blink->Flink != entry) RtlFailFast(FAST_FAIL_CORRUPT_LIST_ENTRY);
}

FORCEINLINE BOOLEAN RemoveEntryList(PLIST_ENTRY entry) {
  PLIST_ENTRY next = entry->Flink;
  PLIST_ENTRY previous = entry->Blink;
  RtlpCheckListEntry(entry);
  previous->Flink = next;
  next->Blink = previous;
  return (BOOLEAN)(next == previous);
}

FORCEINLINE PLIST_ENTRY RemoveHeadList(PLIST_ENTRY head) {
  PLIST_ENTRY entry = head->Flink;
  RemoveEntryList(entry);
  return entry;
}

FORCEINLINE PLIST_ENTRY RemoveTailList(PLIST_ENTRY head) {
  PLIST_ENTRY entry = head->Blink;
  RemoveEntryList(entry);
  return entry;
}

FORCEINLINE VOID InsertHeadList(PLIST_ENTRY head, PLIST_ENTRY entry) {
  PLIST_ENTRY next = head->Flink;
  RtlpCheckListEntry(head);
  entry->Flink = next;
  entry->Blink = head;
  next->Blink = entry;
  head->Flink = entry;
}

FORCEINLINE VOID InsertTailList(PLIST_ENTRY head, PLIST_ENTRY entry) {
  PLIST_ENTRY previous = head->Blink;
  RtlpCheckListEntry(head);
  entry->Flink = head;
  entry->Blink = previous;
  previous->Flink = entry;
  head->Blink = entry;
}

FORCEINLINE VOID PushEntryList(PSINGLE_LIST_ENTRY head, PSINGLE_LIST_ENTRY entry) {
  entry->Next = head->Next;
  head->Next = entry;
}

FORCEINLINE PSINGLE_LIST_ENTRY PopEntryList(PSINGLE_LIST_ENTRY head) {
  PSINGLE_LIST_ENTRY first = head->Next;
  if (first != NULL) head->Next = first->Next;
  return first;
}

#include "wdm_debug.h"
#include "wdm_locks.h"

/* ---- The driver -------------------------------------------------------------------------------------------------- */

#define IRP_MJ_MAXIMUM_FUNCTION 0x1b

typedef struct _DEVICE_OBJECT* PDEVICE_OBJECT;
typedef struct _IRP* PIRP;
typedef struct _DRIVER_OBJECT* PDRIVER_OBJECT;
typedef NTSTATUS NTAPI DRIVER_INITIALIZE(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath);
typedef VOID NTAPI DRIVER_UNLOAD(PDRIVER_OBJECT DriverObject);
typedef NTSTATUS NTAPI DRIVER_DISPATCH(PDEVICE_OBJECT DeviceObject, PIRP Irp);
typedef DRIVER_INITIALIZE* PDRIVER_INITIALIZE;
typedef DRIVER_UNLOAD* PDRIVER_UNLOAD;
typedef DRIVER_DISPATCH* PDRIVER_DISPATCH;

typedef struct _DRIVER_OBJECT {
  CSHORT Type;
  CSHORT Size;
  PDEVICE_OBJECT DeviceObject;
  ULONG Flags;
  PVOID DriverStart;
  ULONG DriverSize;
  PVOID DriverSection;
  PVOID DriverExtension;
  UNICODE_STRING DriverName;
  PUNICODE_STRING HardwareDatabase;
  PVOID FastIoDispatch;
  PDRIVER_INITIALIZE DriverInit;
  PVOID DriverStartIo;
  PDRIVER_UNLOAD DriverUnload;
  PDRIVER_DISPATCH MajorFunction[IRP_MJ_MAXIMUM_FUNCTION + 1];
} DRIVER_OBJECT;

#ifndef _WIN32
#define __try if (1)
#define __except(filter) else
#define __finally
#endif

#endif
