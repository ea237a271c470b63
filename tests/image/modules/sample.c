/* A module that has one of everything that a loader must know: every type of relocation, imports of functions and of
 * variables, a BUG, a WARN, an entry of the exception table, a per-CPU variable, a stack canary. */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

#define NOINLINE __attribute__((noinline))
#define EXPORTED __attribute__((visibility("default"), used))

/* ---- Imports ---------------------------------------------------------------------------------------------------- */

extern int sample_printk(const char* format, ...);
extern u64 sample_jiffies;
extern void sample_optional(void) __attribute__((weak));

/* ---- Data ------------------------------------------------------------------------------------------------------- */

static const u32 squares[16] = {0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 169, 196, 225};
u64 sample_calls = 0x1122334455667788;
static u64 zeroed[1024];
/* R_X86_64_64, of our own and of others. */
const u32* const sample_table[2] = {squares, squares + 4};
int (*sample_print)(const char* format, ...) = sample_printk;

__asm__(
    ".pushsection .rodata.links,\"a\"\n"
    ".globl sample_links\n"
    ".type sample_links, @object\n"
    ".size sample_links, 28\n"
    "sample_links:\n"
    "  .quad sample_calls - .\n" /* R_X86_64_PC64 */
    "  .long sample_calls\n"     /* R_X86_64_32 */
    "  .quad sample_jiffies\n"
    "  .quad sample_optional\n"
    ".reloc ., R_X86_64_NONE, sample_calls\n"
    ".popsection\n");

/* ---- Code ------------------------------------------------------------------------------------------------------- */

static NOINLINE u32 square_of(u32 value) { return squares[value & 15]; } /* R_X86_64_32S */

EXPORTED u64 sample_lookup(u32 value) {
  sample_calls++; /* R_X86_64_PC32 */
  zeroed[value & 1023] += 2;
  return square_of(value) + zeroed[value & 1023];
}

EXPORTED u64 sample_use_imports(void) {
  if (sample_optional) sample_optional();
  return (u64)sample_printk("hello") + sample_jiffies; /* R_X86_64_PLT32 */
}

/* Compiled with stack protection: reads %gs:0x28. */
EXPORTED u32 sample_protected(const u8* bytes, u32 size) {
  u8 copy[64];
  u32 sum = 0;
  for (u32 i = 0; i < size && i < sizeof copy; i++) copy[i] = bytes[i];
  for (u32 i = 0; i < size && i < sizeof copy; i++) sum += copy[i];
  return sum;
}

/* What BUG() and WARN() leave in a kernel of 5.19 or later with CONFIG_GENERIC_BUG_RELATIVE_POINTERS and
 * CONFIG_DEBUG_BUGVERBOSE: distances, each from its own field, the line, flags. */
#define BUG_ENTRY(label, file, line, flags)            \
  __asm__ volatile(".globl " label "\n" label          \
                   ":\n"                               \
                   "  ud2\n"                           \
                   ".pushsection __bug_table,\"aw\"\n" \
                   "  .long " label                    \
                   " - .\n"                            \
                   "  .long %c0 - .\n"                 \
                   "  .word %c1, %c2\n"                \
                   ".popsection\n"                     \
                   :                                   \
                   : "i"(file), "i"(line), "i"(flags))

EXPORTED void sample_bug(u32 value) {
  if (value == 0) BUG_ENTRY("sample_bug_at", "drivers/sample/sample.c", 1234, 0);
  if (value == 1) BUG_ENTRY("sample_warn_at", "drivers/sample/sample.c", 777, 1 | 9 << 8);
}

/* Reads a number that may not be there: where it faults, -1. */
EXPORTED long sample_try_read(const u32* from) {
  long value;
  __asm__ volatile(
      ".globl sample_try_at, sample_try_fixup\n"
      "sample_try_at:\n"
      "  movl (%1), %k0\n"
      "  jmp 2f\n"
      "sample_try_fixup:\n"
      "  movq $-1, %0\n"
      "2:\n"
      ".pushsection __ex_table,\"a\"\n"
      "  .balign 4\n"
      "  .long sample_try_at - .\n"
      "  .long sample_try_fixup - .\n"
      "  .long 1\n" /* EX_TYPE_DEFAULT */
      "  .long sample_try_fixup - .\n"
      "  .long sample_try_at - .\n"
      "  .long 17\n" /* a kind that also sets registers */
      ".popsection\n"
      : "=&r"(value)
      : "r"(from));
  return value;
}

/* ---- Per-CPU variables --------------------------------------------------------------------------------------------
 */

__attribute__((section(".data..percpu"), used)) u64 sample_per_cpu = 41;

EXPORTED u64 sample_count_on_cpu(void) {
  u64 value;
  __asm__ volatile("incq %%gs:sample_per_cpu(%%rip)\n movq %%gs:sample_per_cpu(%%rip), %0" : "=r"(value));
  return value;
}

/* this_cpu_ptr(): the kernel adds the CPU's own offset to the variable's address. */
EXPORTED u64 sample_count_by_pointer(void) {
  u64* pointer = &sample_per_cpu;
  __asm__ volatile("addq %%gs:this_cpu_off(%%rip), %0" : "+r"(pointer));
  return ++*pointer;
}

EXPORTED u32 sample_preempt_count(void) {
  u32 value;
  __asm__ volatile("incl %%gs:__preempt_count(%%rip)\n movl %%gs:__preempt_count(%%rip), %0" : "=r"(value));
  return value;
}

/* ---- The module ---------------------------------------------------------------------------------------------------
 */

__attribute__((section(".init.text"))) int init_module(void) { return 0; }
__attribute__((section(".exit.text"))) void cleanup_module(void) {}

__attribute__((section(".modinfo"), used)) static const char license[] = "license=MIT";
