/* A driver that does what an emulator must notice. */
#include <ntddk.h>

#define EXPORT __declspec(dllexport)

/* What the test defines, and what nobody does. */
NTSYSAPI ULONG64 NTAPI TestWeigh(ULONG64 a, ULONG64 b, ULONG64 c, ULONG64 d, ULONG64 e, ULONG64 f, ULONG64 g, ULONG64 h,
                                 ULONG64 i, ULONG64 j, ULONG64 k, ULONG64 l);
NTSYSAPI ULONG64 NTAPI TestCallBack(ULONG64 depth);
NTSYSAPI ULONG64 NTAPI TestMissing(ULONG64 a);
extern __declspec(dllimport) ULONG64 TestVariable;

static const ULONG64 kConstants[] = {1, 2, 3};
static ULONG64 variable = 4;

EXPORT ULONG64 NTAPI WeighHere(ULONG64 a, ULONG64 b, ULONG64 c, ULONG64 d, ULONG64 e, ULONG64 f, ULONG64 g, ULONG64 h,
                               ULONG64 i, ULONG64 j, ULONG64 k, ULONG64 l) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k + 12 * l;
}

/* Keeps values in registers that a call must preserve. */
EXPORT ULONG64 NTAPI WeighThere(ULONG64 a, ULONG64 b) {
  const ULONG64 told = TestWeigh(a, b, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  return told * 1000 + a * 10 + b;
}

EXPORT ULONG64 NTAPI CallBack(ULONG64 depth) { return depth == 0 ? 1 : TestCallBack(depth - 1) * 3 + depth; }
EXPORT ULONG64 NTAPI CallMissing(void) { return TestMissing(7) + 1; }
EXPORT ULONG64 NTAPI ReadVariables(void) { return TestVariable * 100 + ++variable; }

EXPORT ULONG64 NTAPI Read8(const volatile ULONG64* at) { return *at; }
EXPORT ULONG64 NTAPI ReadAt(const volatile ULONG* at, ULONG64 index) { return at[index]; }
EXPORT ULONG64 NTAPI Add1(volatile LONG64* at) { return (ULONG64)InterlockedIncrement64(at); }
EXPORT void NTAPI Write1(volatile UCHAR* at) { *at = 5; }
EXPORT void NTAPI WriteConstant(void) { *(volatile ULONG64*)&kConstants[1] = 5; }
EXPORT void NTAPI WriteCode(void) { *(volatile ULONG*)(ULONG_PTR)&WeighHere = 0; }
EXPORT ULONG64 NTAPI Jump(ULONG64 (*to)(void)) { return to() + 1; }
EXPORT void NTAPI Break(void) { __debugbreak(); }
EXPORT void NTAPI Trap(void) { __builtin_trap(); }

EXPORT DECLSPEC_NOINLINE ULONG64 NTAPI Recurse(ULONG64 depth) {
  volatile UCHAR bytes[200];
  bytes[depth % sizeof bytes] = (UCHAR)depth;
  return depth == 0 ? 0 : Recurse(depth - 1) + bytes[depth % sizeof bytes];
}

/* The compiler has such a frame checked. */
EXPORT ULONG64 NTAPI LargeFrame(ULONG64 index) {
  volatile UCHAR bytes[80 << 10];
  bytes[index] = 9;
  return bytes[index];
}

EXPORT ULONG64 NTAPI Spin(ULONG64 rounds) {
  volatile ULONG64 sum = 0;
  for (ULONG64 i = 0; i < rounds; i++) sum += i;
  return sum;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  (void)driver;
  (void)path;
  return STATUS_SUCCESS;
}
