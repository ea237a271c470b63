#include "fuzz/kernel_api/internal.h"
#include "fuzz/kernel_api/wdk_visible.h"

/* ---- Levels ------------------------------------------------------------------------------------------------------ */

KIRQL NTAPI KeGetCurrentIrql(VOID) { return kapi_level(); }

static KIRQL raise(KIRQL level, const char* call) {
  const KIRQL old = kapi_level();
  if (level < old) {
    kapi_fault(NULL, "bugcheck", "IRQL_NOT_GREATER_OR_EQUAL (0x9): %s to IRQL %u at IRQL %u", call, level, old);
  }
  kapi_set_level(level);
  return old;
}

static void lower(KIRQL level, const char* call) {
  if (level > kapi_level()) {
    kapi_fault(NULL, "bugcheck", "IRQL_NOT_LESS_OR_EQUAL (0xA): %s to IRQL %u at IRQL %u", call, level, kapi_level());
  }
  kapi_set_level(level);
}

static void at_most(KIRQL level, const char* call) {
  if (kapi_level() > level) {
    kapi_fault(NULL, "bugcheck", "IRQL_NOT_LESS_OR_EQUAL (0xA): %s at IRQL %u", call, kapi_level());
  }
}

KIRQL NTAPI KfRaiseIrql(KIRQL NewIrql) { return raise(NewIrql, "KeRaiseIrql"); }
VOID NTAPI KeLowerIrql(KIRQL NewIrql) { lower(NewIrql, "KeLowerIrql"); }

VOID NTAPI KeEnterCriticalRegion(VOID) {}
VOID NTAPI KeLeaveCriticalRegion(VOID) {}

/* ---- Spin locks -------------------------------------------------------------------------------------------------- */

KIRQL NTAPI KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock) {
  at_most(DISPATCH_LEVEL, "KeAcquireSpinLock");
  kapi_lock(SpinLock, KAPI_EXCLUSIVE, "KeAcquireSpinLock");
  return raise(DISPATCH_LEVEL, "KeAcquireSpinLock");
}

VOID NTAPI KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql) {
  kapi_unlock(SpinLock, KAPI_EXCLUSIVE, "KeReleaseSpinLock");
  lower(NewIrql, "KeReleaseSpinLock");
}

VOID NTAPI KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock) {
  if (kapi_level() < DISPATCH_LEVEL) {
    kapi_fault(NULL, "bugcheck", "KeAcquireSpinLockAtDpcLevel at IRQL %u", kapi_level());
  }
  kapi_lock(SpinLock, KAPI_EXCLUSIVE, "KeAcquireSpinLockAtDpcLevel");
}

VOID NTAPI KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock) {
  kapi_unlock(SpinLock, KAPI_EXCLUSIVE, "KeReleaseSpinLockFromDpcLevel");
}

VOID NTAPI KeAcquireInStackQueuedSpinLock(PKSPIN_LOCK SpinLock, PKLOCK_QUEUE_HANDLE LockHandle) {
  kapi_lock(SpinLock, KAPI_EXCLUSIVE, "KeAcquireInStackQueuedSpinLock");
  LockHandle->LockQueue.Lock = SpinLock;
  LockHandle->OldIrql = raise(DISPATCH_LEVEL, "KeAcquireInStackQueuedSpinLock");
}

VOID NTAPI KeReleaseInStackQueuedSpinLock(PKLOCK_QUEUE_HANDLE LockHandle) {
  kapi_unlock(LockHandle->LockQueue.Lock, KAPI_EXCLUSIVE, "KeReleaseInStackQueuedSpinLock");
  lower(LockHandle->OldIrql, "KeReleaseInStackQueuedSpinLock");
}

/* ---- Fast mutexes ------------------------------------------------------------------------------------------------ */

VOID NTAPI ExAcquireFastMutex(PFAST_MUTEX FastMutex) {
  at_most(APC_LEVEL, "ExAcquireFastMutex");
  kapi_lock(FastMutex, KAPI_EXCLUSIVE, "ExAcquireFastMutex");
  FastMutex->OldIrql = raise(APC_LEVEL, "ExAcquireFastMutex");
}

BOOLEAN NTAPI ExTryToAcquireFastMutex(PFAST_MUTEX FastMutex) {
  at_most(APC_LEVEL, "ExTryToAcquireFastMutex");
  if (!kapi_try_lock(FastMutex, KAPI_EXCLUSIVE, "ExTryToAcquireFastMutex")) return FALSE;
  FastMutex->OldIrql = raise(APC_LEVEL, "ExTryToAcquireFastMutex");
  return TRUE;
}

VOID NTAPI ExReleaseFastMutex(PFAST_MUTEX FastMutex) {
  kapi_unlock(FastMutex, KAPI_EXCLUSIVE, "ExReleaseFastMutex");
  lower((KIRQL)FastMutex->OldIrql, "ExReleaseFastMutex");
}

VOID NTAPI ExAcquireFastMutexUnsafe(PFAST_MUTEX FastMutex) {
  at_most(APC_LEVEL, "ExAcquireFastMutexUnsafe");
  kapi_lock(FastMutex, KAPI_EXCLUSIVE, "ExAcquireFastMutexUnsafe");
}

VOID NTAPI ExReleaseFastMutexUnsafe(PFAST_MUTEX FastMutex) {
  kapi_unlock(FastMutex, KAPI_EXCLUSIVE, "ExReleaseFastMutexUnsafe");
}

/* ---- Push locks and resources ------------------------------------------------------------------------------------ */

VOID NTAPI ExAcquirePushLockExclusiveEx(PEX_PUSH_LOCK PushLock, ULONG Flags) {
  (void)Flags;
  at_most(APC_LEVEL, "ExAcquirePushLockExclusive");
  kapi_lock(PushLock, KAPI_EXCLUSIVE, "ExAcquirePushLockExclusive");
}

VOID NTAPI ExAcquirePushLockSharedEx(PEX_PUSH_LOCK PushLock, ULONG Flags) {
  (void)Flags;
  at_most(APC_LEVEL, "ExAcquirePushLockShared");
  kapi_lock(PushLock, KAPI_SHARED, "ExAcquirePushLockShared");
}

VOID NTAPI ExReleasePushLockExclusiveEx(PEX_PUSH_LOCK PushLock, ULONG Flags) {
  (void)Flags;
  kapi_unlock(PushLock, KAPI_EXCLUSIVE, "ExReleasePushLockExclusive");
}

VOID NTAPI ExReleasePushLockSharedEx(PEX_PUSH_LOCK PushLock, ULONG Flags) {
  (void)Flags;
  kapi_unlock(PushLock, KAPI_SHARED, "ExReleasePushLockShared");
}

VOID FltReleasePushLock(PEX_PUSH_LOCK PushLock) { kapi_unlock(PushLock, KAPI_RECURSIVE, "FltReleasePushLock"); }

NTSTATUS NTAPI ExInitializeResourceLite(PERESOURCE Resource) {
  *Resource = (ERESOURCE){0};
  return STATUS_SUCCESS;
}

NTSTATUS NTAPI ExDeleteResourceLite(PERESOURCE Resource) {
  if (kapi_is_locked(Resource)) kapi_fault(NULL, "bugcheck", "ExDeleteResourceLite of a resource that is held");
  return STATUS_SUCCESS;
}

static BOOLEAN acquire(PERESOURCE resource, BOOLEAN wait, enum kapi_lock_mode mode, const char* call) {
  at_most(APC_LEVEL, call);
  if (!wait) return kapi_try_lock(resource, mode, call);
  kapi_lock(resource, mode, call);
  return TRUE;
}

BOOLEAN NTAPI ExAcquireResourceExclusiveLite(PERESOURCE Resource, BOOLEAN Wait) {
  return acquire(Resource, Wait, KAPI_RECURSIVE, "ExAcquireResourceExclusiveLite");
}

/* A thread that may write may read. */
BOOLEAN NTAPI ExAcquireResourceSharedLite(PERESOURCE Resource, BOOLEAN Wait) {
  const enum kapi_lock_mode mode = kapi_is_locked_exclusively(Resource) ? KAPI_RECURSIVE : KAPI_SHARED;
  return acquire(Resource, Wait, mode, "ExAcquireResourceSharedLite");
}

VOID NTAPI ExReleaseResourceLite(PERESOURCE Resource) {
  kapi_unlock(Resource, KAPI_RECURSIVE, "ExReleaseResourceLite");
}
