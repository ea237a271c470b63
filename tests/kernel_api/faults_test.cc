/* What a driver does wrong, and what is said of it. */
#include <catch2/catch.hpp>

#include "driver_calls.h"
#include "fault_of.h"

namespace {

struct Case {
  void (*act)();
  const char* fault;
};

void check(const Case& one) { CHECK(fault_of(one.act) == one.fault); }

TEST_CASE("what is freed wrongly is told with what it is") {
  check({NtDoubleFree, "double-free: ExFreePoolWithTag of 40 bytes that had been freed, allocated by ExAllocatePool2"});
  check({NtFreeInside, "bad-free: ExFreePoolWithTag of an address 8 bytes into 40 bytes allocated by ExAllocatePool2"});
  check({NtFreeNull, "bad-free: ExFreePoolWithTag of an address that was never allocated"});
  check({NtFreeStack, "bad-free: ExFreePoolWithTag of an address that was never allocated"});
  check({NtWrongTag,
         "bugcheck: BAD_POOL_CALLER (0xC2): ExFreePoolWithTag with tag 'Wrng' of 40 bytes allocated with tag 'Test'"});
  check({NtFreeLocked,
         "bugcheck: ExFreePoolWithTag of 8 bytes with a lock in them that is held, taken by "
         "ExAcquirePushLockExclusive"});
  check({lx_double_free, "double-free: kfree of 24 bytes that had been freed, allocated by kmalloc"});
  check({lx_kfree_of_vmalloc, "bad-free: kfree of 24 bytes allocated by vmalloc"});
}

TEST_CASE("a fault names the allocation that it is about") {
  fault_of(NtDoubleFree);
  const sluice_allocation* subject = sluice_kernel_subject();
  REQUIRE(subject != nullptr);
  CHECK(subject->size == 40);
  CHECK(subject->allocated[0] != nullptr);
  CHECK(subject->freed[0] != nullptr);
  fault_of(NtBugCheck);
  CHECK(sluice_kernel_subject() == nullptr);
}

TEST_CASE("memory that may not be asked for at a level is a bug check") {
  check({NtPagedAtDispatch, "bugcheck: IRQL_NOT_LESS_OR_EQUAL (0xA): ExAllocatePool2 of paged pool at IRQL 2"});
  check(
      {NtRaise, "bugcheck: KMODE_EXCEPTION_NOT_HANDLED (0x1E): ExAllocatePool2 raised STATUS_INSUFFICIENT_RESOURCES"});
  check(
      {lx_sleep_under_spin_lock, "bugcheck: sleeping function called from invalid context: kmalloc under a spin lock"});
  check({lx_atomic_under_spin_lock, ""});
}

TEST_CASE("a lock that would wait for itself is a deadlock") {
  check({NtSpinTwice,
         "bugcheck: deadlock: KeAcquireSpinLockAtDpcLevel of a lock that this thread holds, taken by "
         "KeAcquireSpinLock"});
  check({NtMutexTwice,
         "bugcheck: deadlock: ExAcquireFastMutex of a lock that this thread holds, taken by ExAcquireFastMutex"});
  check({NtReadThenWrite,
         "bugcheck: deadlock: ExAcquirePushLockExclusive of a lock that this thread holds, taken by "
         "ExAcquirePushLockShared"});
  check({lx_mutex_twice, "bugcheck: deadlock: mutex_lock of a lock that this thread holds, taken by mutex_lock"});
}

TEST_CASE("locks that may be taken again are") {
  check({NtSharedTwice, ""});
  check({NtResourceTwice, ""});
  check({lx_locks, ""});
}

TEST_CASE("a lock that is released must be held, and as it was taken") {
  check({NtSpinUnheld, "bugcheck: KeReleaseSpinLock of a lock that is not held"});
  check({lx_mutex_unheld, "bugcheck: mutex_unlock of a lock that is not held"});
  check({lx_unlock_otherwise, "bugcheck: up_write of a lock that is held otherwise, taken by down_read"});
  check({NtMutexUnderSpinLock, "bugcheck: IRQL_NOT_LESS_OR_EQUAL (0xA): ExAcquireFastMutex at IRQL 2"});
}

TEST_CASE("what a driver leaves behind when it returns is a fault") {
  const auto returns = [](void (*act)()) {
    static void (*acting)();
    acting = act;
    return fault_of([] {
      acting();
      sluice_kernel_check_return();
    });
  };
  CHECK(returns(NtReturnLocked) == "bugcheck: the driver returned with a lock held, taken by ExAcquireFastMutexUnsafe");
  CHECK(returns(NtReturnRaised) == "bugcheck: the driver returned at IRQL 1");
  CHECK(returns(lx_return_in_rcu) == "bugcheck: the driver returned in a section in which it must not sleep");
  CHECK(returns(NtRoundTrip) == "");
}

TEST_CASE("a driver that gives up says why") {
  check({NtBugCheck, "bugcheck: KeBugCheckEx 0x000000E2 (0x1, 0x2, 0x3, 0x4)"});
  check({NtAssert, "bugcheck: assertion failed: inputs <= 20"});
  check({NtPagedCode, "bugcheck: assertion failed: KeGetCurrentIrql() <= APC_LEVEL"});
  check({NtCorruptList, "bugcheck: KERNEL_SECURITY_CHECK_FAILURE (0x139): a list entry is corrupt"});
  const std::string bug = fault_of(lx_bug);
  CHECK(bug.starts_with("bugcheck: BUG_ON(inputs > 20) at linux_driver.c:"));
  CHECK(fault_of(lx_kref_below_zero).starts_with("bugcheck: BUG_ON(at->count <= 0) at refcount.h:"));
  check({lx_panic, "bugcheck: panic: no policy of 3"});
}

}  // namespace
