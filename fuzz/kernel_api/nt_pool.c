#include "fuzz/kernel_api/internal.h"
#include "fuzz/kernel_api/wdk_visible.h"

enum { POOL_RAISE_IF_ALLOCATION_FAILURE = 16 };

static void* allocate(const char* call, bool paged, bool zero, SIZE_T size, ULONG tag, const void* frame) {
  if (kapi_level() > KAPI_DISPATCH || (paged && kapi_level() == KAPI_DISPATCH)) {
    kapi_fault(NULL, "bugcheck", "IRQL_NOT_LESS_OR_EQUAL (0xA): %s of %s pool at IRQL %u", call,
               paged ? "paged" : "nonpaged", kapi_level());
    return NULL;
  }
  return kapi_allocate(&(struct kapi_request){
      .call = call, .size = size, .tag = tag, .family = KAPI_POOL, .zero = zero, .paged = paged, .frame = frame});
}

static void* or_raise(void* memory, bool raise, const char* call) {
  if (memory == NULL && raise) {
    kapi_fault(NULL, "bugcheck", "KMODE_EXCEPTION_NOT_HANDLED (0x1E): %s raised STATUS_INSUFFICIENT_RESOURCES", call);
  }
  return memory;
}

PVOID NTAPI ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag) {
  const bool raise = (Flags & POOL_FLAG_RAISE_ON_FAILURE) != 0;
  const POOL_FLAGS kind = Flags & (POOL_FLAG_NON_PAGED | POOL_FLAG_NON_PAGED_EXECUTE | POOL_FLAG_PAGED);
  const bool one_kind = kind != 0 && (kind & (kind - 1)) == 0;
  void* memory = NULL;
  if (Tag != 0 && one_kind) {
    memory = allocate("ExAllocatePool2", kind == POOL_FLAG_PAGED, (Flags & POOL_FLAG_UNINITIALIZED) == 0, NumberOfBytes,
                      Tag, __builtin_frame_address(0));
  }
  return or_raise(memory, raise, "ExAllocatePool2");
}

PVOID NTAPI ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag) {
  if (Tag == 0) kapi_fault(NULL, "bugcheck", "BAD_POOL_CALLER (0xC2): ExAllocatePoolWithTag with tag 0");
  return or_raise(allocate("ExAllocatePoolWithTag", (PoolType & PagedPool) != 0, false, NumberOfBytes, Tag,
                           __builtin_frame_address(0)),
                  ((unsigned)PoolType & POOL_RAISE_IF_ALLOCATION_FAILURE) != 0, "ExAllocatePoolWithTag");
}

PVOID NTAPI ExAllocatePool(POOL_TYPE PoolType, SIZE_T NumberOfBytes) {
  return allocate("ExAllocatePool", (PoolType & PagedPool) != 0, false, NumberOfBytes, 'enoN',
                  __builtin_frame_address(0));
}

VOID NTAPI ExFreePoolWithTag(PVOID P, ULONG Tag) {
  kapi_free(P, &(struct kapi_release){"ExFreePoolWithTag", Tag, KAPI_POOL, __builtin_frame_address(0)});
}

VOID NTAPI ExFreePool(PVOID P) {
  kapi_free(P, &(struct kapi_release){"ExFreePool", 0, KAPI_POOL, __builtin_frame_address(0)});
}

/* ---- Lookaside lists: each entry is fresh, so that none hides a use of what was freed -------------------------------
 */

NTSTATUS ExInitializeLookasideListEx(PLOOKASIDE_LIST_EX Lookaside, PVOID Allocate, PVOID Free, POOL_TYPE PoolType,
                                     ULONG Flags, SIZE_T Size, ULONG Tag, USHORT Depth) {
  (void)Flags;
  (void)Depth;
  if (Allocate != NULL || Free != NULL) return STATUS_NOT_SUPPORTED;
  *Lookaside = (LOOKASIDE_LIST_EX){.Type = PoolType, .Tag = Tag, .Size = Size};
  return STATUS_SUCCESS;
}

VOID ExDeleteLookasideListEx(PLOOKASIDE_LIST_EX Lookaside) { Lookaside->Size = 0; }

PVOID ExAllocateFromLookasideListEx(PLOOKASIDE_LIST_EX Lookaside) {
  return allocate("ExAllocateFromLookasideListEx", (Lookaside->Type & PagedPool) != 0, false, Lookaside->Size,
                  Lookaside->Tag, __builtin_frame_address(0));
}

VOID ExFreeToLookasideListEx(PLOOKASIDE_LIST_EX Lookaside, PVOID Entry) {
  kapi_free(Entry,
            &(struct kapi_release){"ExFreeToLookasideListEx", Lookaside->Tag, KAPI_POOL, __builtin_frame_address(0)});
}
