/* An interpreter of content as the incident had one: a criterion names an input by its number, and the inputs are
 * pointers in an array on the stack. CHECKED compares the number with how many there are; without it nothing does. */
#include <ntddk.h>

#define EXPORT __declspec(dllexport)

enum { kNumInputs = 20 };

typedef struct _VALUE {
  const UCHAR* Bytes;
  ULONG Length;
} VALUE;

typedef struct _CONTENT {
  const UCHAR* Bytes;
  ULONG Length;
} CONTENT;

/* ---- The shapes of checks --------------------------------------------------------------------------------------- */

/* Nothing checks the index, or the code does. */
static DECLSPEC_NOINLINE ULONG64 value_of(const VALUE* const* inputs, const UCHAR* criterion, ULONG count) {
  const ULONG index = criterion[1];
#ifdef CHECKED
  if (index >= count) return 0;
#else
  UNREFERENCED_PARAMETER(count);
#endif
  return inputs[index]->Length;
}

/* A check that both its sides come back from is none. */
static DECLSPEC_NOINLINE ULONG64 checked_in_vain(const ULONG64* table, ULONG index) {
  if (index >= kNumInputs) DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL, "index %u\n", index);
  return table[index];
}

/* On the wrong side. */
static DECLSPEC_NOINLINE ULONG64 checked_backwards(const ULONG64* table, ULONG index) {
  return index < kNumInputs ? 0 : table[index];
}

/* Negative ones pass. */
static DECLSPEC_NOINLINE ULONG64 checked_with_sign(const ULONG64* table, LONG index) {
  return index >= kNumInputs ? 0 : table[index];
}

/* What was checked is not what is used. */
static DECLSPEC_NOINLINE ULONG64 read_twice(const ULONG64* table, const volatile ULONG* index) {
  if (*index >= kNumInputs) return 0;
  return table[*index];
}

/* Another was checked. */
static DECLSPEC_NOINLINE ULONG64 checked_another(const ULONG64* table, ULONG index, ULONG other) {
  if (other >= kNumInputs) return 0;
  return table[index];
}

static DECLSPEC_NOINLINE ULONG64 masked(const ULONG64* table, ULONG index) { return table[index & 15]; }

static DECLSPEC_NOINLINE ULONG64 counted(const volatile ULONG64* table, ULONG count) {
  ULONG64 sum = 0;
  for (ULONG i = 0; i < count; i++) sum += table[i];
  return sum;
}

/* The value is in another register, and goes over the stack. */
static DECLSPEC_NOINLINE ULONG64 spilled(const ULONG64* table, ULONG index) {
  volatile ULONG kept = index;
  if (index >= kNumInputs) return 0;
  DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL, "spilled\n");
  return table[kept];
}

/* ---- The stack -------------------------------------------------------------------------------------------------- */

static DECLSPEC_NOINLINE ULONG64 nest(const UCHAR* bytes, ULONG depth) {
  if (bytes[depth] == 0) return depth;
  return nest(bytes, depth + 1) + nest(bytes, depth + 2);
}

static DECLSPEC_NOINLINE ULONG64 take_much(const UCHAR* bytes) {
  volatile UCHAR copy[25000];
  for (ULONG i = 0; i < sizeof copy; i++) copy[i] = bytes[i];
  return copy[bytes[0]];
}

/* ---- The interpreter --------------------------------------------------------------------------------------------- */

static DECLSPEC_NOINLINE ULONG64 run_criterion(const VALUE* const* inputs, const UCHAR* criterion) {
  switch (criterion[0]) {
    case 0x10: return value_of(inputs, criterion, kNumInputs);
    case 0x11: return checked_in_vain((const ULONG64*)inputs, criterion[1]);
    case 0x12: return checked_backwards((const ULONG64*)inputs, criterion[1]);
    case 0x13: return checked_with_sign((const ULONG64*)inputs, *(const LONG*)(criterion + 4));
    case 0x14: return read_twice((const ULONG64*)inputs, (const ULONG*)(criterion + 4));
    case 0x15: return checked_another((const ULONG64*)inputs, criterion[1], criterion[2]);
    case 0x16: return masked((const ULONG64*)inputs, criterion[1]);
    case 0x17: return counted((const ULONG64*)inputs, criterion[1]);
    case 0x18: return spilled((const ULONG64*)inputs, criterion[1]);
    default: return 0;
  }
}

EXPORT ULONG64 NTAPI Interpret(const CONTENT* content) {
  const VALUE none = {NULL, 0};
  const VALUE* inputs[kNumInputs];
  if (content->Length < 16 || *(const ULONG*)content->Bytes != 0xAAAAAAAA) return 0;
  if (*(const USHORT*)(content->Bytes + 4) != 291) return 0;
  for (ULONG i = 0; i < kNumInputs; i++) inputs[i] = &none;
  return run_criterion(inputs, content->Bytes + 8);
}

EXPORT ULONG64 NTAPI Nest(const CONTENT* content) { return nest(content->Bytes, 0); }
EXPORT ULONG64 NTAPI TakeMuch(const CONTENT* content) { return take_much(content->Bytes); }

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(driver);
  UNREFERENCED_PARAMETER(path);
  return STATUS_SUCCESS;
}
