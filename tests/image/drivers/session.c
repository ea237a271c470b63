/* A driver that keeps state, and does what it is told wrong. */
#include <ntddk.h>

#define EXPORT __declspec(dllexport)
#define TAG 'sseS'

NTSYSAPI ULONG64 NTAPI SluiceNotThere(ULONG64 value);

static volatile ULONG64 calls;
static volatile UCHAR table[5 * 4096] = {1};
static FAST_MUTEX lock;
static ULONG64* kept;

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path) {
  UNREFERENCED_PARAMETER(driver);
  UNREFERENCED_PARAMETER(registry_path);
  ExInitializeFastMutex(&lock);
  kept = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof *kept, TAG);
  if (kept == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  *kept = 1000;
  return STATUS_SUCCESS;
}

/* ---- State ------------------------------------------------------------------------------------------------------ */

EXPORT ULONG64 NTAPI Count(void) { return ++calls; }
EXPORT ULONG64 NTAPI CountKept(void) { return ++*kept; }
EXPORT ULONG64 NTAPI CountInTable(ULONG64 at) { return ++table[at]; }
EXPORT ULONG64 NTAPI FreeKept(void) {
  ExFreePoolWithTag(kept, TAG);
  return 1;
}
EXPORT ULONG64 NTAPI Leak(SIZE_T size) { return (ULONG64)ExAllocatePool2(POOL_FLAG_NON_PAGED, size, TAG); }
EXPORT ULONG64 NTAPI LockIt(void) {
  ExAcquireFastMutex(&lock);
  return 1;
}
__declspec(noinline) EXPORT ULONG64 NTAPI WriteStack(ULONG64 value) {
  volatile ULONG64 words[64];
  for (int i = 0; i < 64; i++) words[i] = value;
  return words[3];
}
__declspec(noinline) EXPORT ULONG64 NTAPI ReadStack(void) {
  volatile ULONG64 words[64];
  words[0] = 0;
  return words[32];
}

/* ---- Faults ----------------------------------------------------------------------------------------------------- */

EXPORT ULONG64 NTAPI ReadAt(const volatile UCHAR* bytes, ULONG64 at) { return bytes[at]; }
EXPORT ULONG64 NTAPI WriteAt(volatile UCHAR* bytes, ULONG64 at) { return bytes[at] = 1; }
EXPORT ULONG64 NTAPI CallAt(ULONG64(NTAPI* function)(void)) { return function() + 1; }
EXPORT ULONG64 NTAPI CopyFrom(const UCHAR* bytes, SIZE_T size) {
  UCHAR to[64];
  RtlCopyMemory(to, bytes, size);
  return *(volatile UCHAR*)&to[size - 1];
}
EXPORT ULONG64 NTAPI Divide(ULONG64 a, ULONG64 b) { return a / b; }
EXPORT ULONG64 NTAPI Break(void) {
  __builtin_debugtrap();
  return 1;
}
EXPORT ULONG64 NTAPI Undefined(void) { __builtin_trap(); }
EXPORT ULONG64 NTAPI CallMissing(void) { return SluiceNotThere(1) + 1; }
EXPORT ULONG64 NTAPI FreeTwice(void) {
  void* memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 24, TAG);
  ExFreePoolWithTag(memory, TAG);
  ExFreePoolWithTag(memory, TAG);
  return 1;
}
__declspec(noinline) EXPORT ULONG64 NTAPI Recurse(ULONG64 depth) {
  volatile UCHAR frame[512];
  frame[0] = (UCHAR)depth;
  if (depth == 0) return 0;
  return Recurse(depth - 1) + frame[0];
}

/* ---- Arguments and blocks ----------------------------------------------------------------------------------------- */

__declspec(noinline) EXPORT ULONG64 NTAPI Weigh(ULONG64 a, ULONG64 b, ULONG64 c, ULONG64 d, ULONG64 e, ULONG64 f) {
  return a + 10 * b + 100 * c + 1000 * d + 10000 * e + 100000 * f;
}

EXPORT ULONG64 NTAPI Parse(const UCHAR* bytes, SIZE_T size) {
  if (size < 8) return 0;
  if (bytes[0] != 'S') return 1;
  if (bytes[1] != 'L') return 2;
  if (bytes[2] != 'C') return 3;
  if (bytes[3] != 'H') return 4;
  if (bytes[4] <= 20) return 5;
  return *(const volatile UCHAR*)(bytes + size + bytes[5]);
}
