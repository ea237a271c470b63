/* What the two drivers under test do, for C++; only plain types, because their headers are C. */
#ifndef SLUICE_TESTS_KERNEL_API_DRIVER_CALLS_H
#define SLUICE_TESTS_KERNEL_API_DRIVER_CALLS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {

void NtRoundTrip();
void* NtAllocate(size_t size, unsigned char zeroed);
void NtFree(void* memory);
void NtDoubleFree();
void NtFreeInside();
void NtFreeNull();
void NtFreeStack();
void NtWrongTag();
void NtFreeLocked();
void NtPagedAtDispatch();
void NtRaise();
void NtSpinTwice();
void NtSpinUnheld();
void NtMutexTwice();
void NtMutexUnderSpinLock();
void NtReadThenWrite();
void NtSharedTwice();
void NtResourceTwice();
void NtReturnLocked();
void NtReturnRaised();
void NtBugCheck();
void NtAssert();
void NtPagedCode();
void NtCorruptList();
int NtListSum();
int NtCompare(const char16_t* a, const char16_t* b, unsigned char insensitive);
unsigned char NtPrefix(const char16_t* prefix, const char16_t* text);
uint16_t NtCopyAndAppend(char16_t* to, uint16_t size, const char16_t* first, const char16_t* second);
void NtPrint();
void NtPrintMany(uint32_t count);
#endif

void* lx_kmalloc(size_t size);
void* lx_kzalloc(size_t size);
void* lx_nofail(size_t size);
void lx_kfree(void* memory);
void lx_write(unsigned char* memory, size_t at);
int lx_memory(void);
void lx_double_free(void);
void lx_kfree_of_vmalloc(void);
void lx_sleep_under_spin_lock(void);
void lx_atomic_under_spin_lock(void);
void lx_mutex_twice(void);
void lx_mutex_unheld(void);
void lx_locks(void);
void lx_unlock_otherwise(void);
void lx_return_in_rcu(void);
int lx_rcu(void);
void lx_bug(void);
int lx_warn(void);
void lx_panic(void);
void lx_kref_below_zero(void);
int lx_list_sum(void);
int lx_numbers(void);
void lx_print(void);
int init_module(void);

#ifdef __cplusplus
}
#endif

#endif
