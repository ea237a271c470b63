/* A driver that has one of everything that a loader must know: imports, exports, relocations, zeroed and initialised
 * data, a security cookie, frames of several shapes. */
#include <ntddk.h>

#define EXPORT __declspec(dllexport)

typedef ULONG64 (*SMALL_CALLBACK)(void* context);

/* ---- What the linker puts into the load config directory -------------------------------------------------------- */

ULONG_PTR __security_cookie = 0x2B992DDFA232;

const struct {
  ULONG Size;
  ULONG NotUsed[21];
  ULONG_PTR* SecurityCookie;
  ULONG_PTR Rest[2];
} _load_config_used = {112, {0}, &__security_cookie, {0}};

/* ---- Data ------------------------------------------------------------------------------------------------------- */

static ULONG64 NTAPI small_add(ULONG64 a, ULONG64 b) { return a + b; }
static ULONG64 NTAPI small_subtract(ULONG64 a, ULONG64 b) { return a - b; }

/* Absolute addresses, in data that is not written. */
static ULONG64(NTAPI* const kOperations[])(ULONG64, ULONG64) = {small_add, small_subtract};

EXPORT ULONG64 SmallTotal = 40;
static volatile UCHAR zeroed[3 * 4096];

EXPORT ULONG64 NTAPI SmallOperate(ULONG which, ULONG64 a, ULONG64 b) {
  DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL, "small: operation %u\n", which);
  zeroed[which & 4095]++;
  SmallTotal += kOperations[which & 1](a, b);
  return SmallTotal;
}

EXPORT ULONG64 NTAPI SmallCookie(void) { return __security_cookie; }

EXPORT const void* const SmallTable[] = {(const void*)SmallCookie, &SmallTotal};

/* ---- Frames ----------------------------------------------------------------------------------------------------- */

/* Registers that are the caller's, and a frame of the usual size. */
static DECLSPEC_NOINLINE ULONG64 frame_of_pushes(SMALL_CALLBACK callback, void* context) {
  ULONG64 sum = 1;
  for (ULONG i = 1; i < 8; i++) sum = sum * 31 + zeroed[i];
  const ULONG64 told = callback(context);
  return told + (sum & 1);
}

/* A size that is known only when it runs: the frame has a frame register. */
static DECLSPEC_NOINLINE ULONG64 frame_with_register(SMALL_CALLBACK callback, void* context, ULONG size) {
  volatile UCHAR* bytes = (volatile UCHAR*)__builtin_alloca(size);
  for (ULONG i = 0; i < size; i++) bytes[i] = (UCHAR)i;
  return frame_of_pushes(callback, context) + bytes[size - 1];
}

/* Too large for the short form of an allocation, and too small to be probed. */
static DECLSPEC_NOINLINE ULONG64 frame_of_pages(SMALL_CALLBACK callback, void* context) {
  volatile UCHAR bytes[3000];
  for (ULONG i = 0; i < sizeof bytes; i++) bytes[i] = (UCHAR)i;
  return frame_with_register(callback, context, 200u + zeroed[0]) + bytes[100];
}

#ifdef __x86_64__
/* What compilers seldom make: registers that are stored and not pushed, frame registers that are not rbp, a frame that
 * is left by a jump. Each calls the next, and the last but one the callback. */
ULONG64 frame_by_rsi(SMALL_CALLBACK callback, void* context);
__asm__(
    ".text\n"
    ".def frame_by_rsi; .scl 2; .type 32; .endef\n"
    ".globl frame_by_rsi\n"
    "frame_by_rsi:\n"
    ".seh_proc frame_by_rsi\n"
    "  pushq %rsi\n"
    ".seh_pushreg %rsi\n"
    "  subq $0x30, %rsp\n"
    ".seh_stackalloc 0x30\n"
    "  leaq 0x20(%rsp), %rsi\n"
    ".seh_setframe %rsi, 0x20\n"
    ".seh_endprologue\n"
    "  subq $0x40, %rsp\n"
    "  callq frame_of_saves\n"
    "  leaq 0x10(%rsi), %rsp\n"
    "  popq %rsi\n"
    "  retq\n"
    ".seh_endproc\n"
    "frame_of_saves:\n"
    ".seh_proc frame_of_saves\n"
    "  subq $0x58, %rsp\n"
    ".seh_stackalloc 0x58\n"
    "  movq %rsi, 0x40(%rsp)\n"
    ".seh_savereg %rsi, 0x40\n"
    "  movaps %xmm6, 0x30(%rsp)\n"
    ".seh_savexmm %xmm6, 0x30\n"
    ".seh_endprologue\n"
    "  xorl %esi, %esi\n"
    "  callq frame_by_r12\n"
    "  movaps 0x30(%rsp), %xmm6\n"
    "  movq 0x40(%rsp), %rsi\n"
    "  addq $0x58, %rsp\n"
    "  retq\n"
    ".seh_endproc\n"
    "frame_by_r12:\n"
    ".seh_proc frame_by_r12\n"
    "  pushq %r12\n"
    ".seh_pushreg %r12\n"
    "  subq $0x20, %rsp\n"
    ".seh_stackalloc 0x20\n"
    "  movq %rsp, %r12\n"
    ".seh_setframe %r12, 0\n"
    ".seh_endprologue\n"
    "  subq $0x200, %rsp\n"
    "  callq frame_that_jumps\n"
    "  leaq 0x20(%r12), %rsp\n"
    "  popq %r12\n"
    "  retq\n"
    ".seh_endproc\n"
    "frame_that_jumps:\n"
    ".seh_proc frame_that_jumps\n"
    "  subq $0x38, %rsp\n"
    ".seh_stackalloc 0x38\n"
    ".seh_endprologue\n"
    "  movq %rcx, %rax\n"
    "  movq %rdx, %rcx\n"
    "  callq *%rax\n"
    "  testq %rax, %rax\n"
    "  jmp 1f\n"
    "  int3\n"
    "1:\n"
    "  addq $0x38, %rsp\n"
    "  jmp frame_of_none\n"
    ".seh_endproc\n"
    "frame_of_none:\n"
    "  incq %rax\n"
    "  retq\n");
#else
static ULONG64 frame_by_rsi(SMALL_CALLBACK callback, void* context) { return callback(context) + 1; }
#endif

EXPORT ULONG64 NTAPI SmallCallBack(SMALL_CALLBACK callback, void* context) {
  return frame_of_pages(callback, context) + 1;
}

EXPORT ULONG64 NTAPI SmallCallBackOddly(SMALL_CALLBACK callback, void* context) {
  return frame_by_rsi(callback, context) + 1;
}

/* ---- The driver ------------------------------------------------------------------------------------------------- */

static void small_unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path) {
  void* memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'lamS');
  UNREFERENCED_PARAMETER(registry_path);
  if (memory == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  RtlZeroMemory(memory, 64);
  ExFreePoolWithTag(memory, 'lamS');
  driver->DriverUnload = small_unload;
  return STATUS_SUCCESS;
}
