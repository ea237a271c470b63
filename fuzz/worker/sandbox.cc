#include "fuzz/worker/sandbox.h"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "fuzz/image/arena.h"
#include "fuzz/worker/fault.h"

namespace sluice::worker {

namespace {

bool limit(__rlimit_resource what, rlim_t most) {
  const rlimit both{most, most};
  return ::setrlimit(what, &both) == 0;
}

// What the process has mapped, in bytes; 0 if that cannot be read.
std::size_t mapped_now() {
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  unsigned long pages = 0;
  const bool good = std::fscanf(file, "%lu", &pages) == 1;
  std::fclose(file);
  return good ? pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

constexpr scmp_arg_cmp is(unsigned argument, scmp_datum_t value) {
  return {.arg = argument, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
}
constexpr scmp_arg_cmp at_most(unsigned argument, scmp_datum_t value) {
  return {.arg = argument, .op = SCMP_CMP_LE, .datum_a = value, .datum_b = 0};
}
constexpr scmp_arg_cmp lacks(unsigned argument, scmp_datum_t bits) {
  return {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = bits, .datum_b = 0};
}

// Also where there is no image: then nothing is mapped there.
constexpr scmp_arg_cmp is_in_arena(unsigned argument) {
  return {.arg = argument,
          .op = SCMP_CMP_MASKED_EQ,
          .datum_a = ~static_cast<scmp_datum_t>(image::Arena::kSize - 1),
          .datum_b = image::Arena::kAddress};
}

struct Allowed {
  int call;
  unsigned num_arguments = 0;
  std::array<scmp_arg_cmp, 2> arguments{};

  constexpr explicit Allowed(int c) : call(c) {}
  constexpr Allowed(int c, scmp_arg_cmp first) : call(c), num_arguments(1), arguments{first} {}
  constexpr Allowed(int c, scmp_arg_cmp first, scmp_arg_cmp second)
      : call(c), num_arguments(2), arguments{first, second} {}
};

// What the C library, the loader and AddressSanitizer need once they run. Files: the target, and no other.
constexpr std::array kAllowed = {
    Allowed{SCMP_SYS(read), is(0, kOrderFd)},
    Allowed{SCMP_SYS(read), is(0, kTargetFd)},
    Allowed{SCMP_SYS(pread64), is(0, kTargetFd)},
    Allowed{SCMP_SYS(fstat), at_most(0, kTargetFd)},
    Allowed{SCMP_SYS(newfstatat), at_most(0, kTargetFd), is(3, AT_EMPTY_PATH)},
    Allowed{SCMP_SYS(write), is(0, kAnswerFd)},
    Allowed{SCMP_SYS(write), at_most(0, 2)},
    Allowed{SCMP_SYS(writev), at_most(0, 2)},
    // No new code but the target's.
    Allowed{SCMP_SYS(mmap), lacks(2, PROT_EXEC)},
    Allowed{SCMP_SYS(mmap), is(4, kTargetFd)},
    Allowed{SCMP_SYS(mprotect), lacks(2, PROT_EXEC)},
    // .. or an image's.
    Allowed{SCMP_SYS(mprotect), is_in_arena(0), at_most(1, image::Arena::kSize)},
    Allowed{SCMP_SYS(munmap)},
    Allowed{SCMP_SYS(mremap)},
    Allowed{SCMP_SYS(madvise)},
    Allowed{SCMP_SYS(brk)},
    Allowed{SCMP_SYS(futex)},
    Allowed{SCMP_SYS(sigaltstack), is(0, 0)},
    Allowed{SCMP_SYS(rt_sigreturn)},
    Allowed{SCMP_SYS(clock_gettime)},
    Allowed{SCMP_SYS(gettimeofday)},
    Allowed{SCMP_SYS(time)},
    Allowed{SCMP_SYS(getpid)},
    Allowed{SCMP_SYS(gettid)},
    Allowed{SCMP_SYS(sched_yield)},
    Allowed{SCMP_SYS(exit_group), is(0, kChildDone)},
};

}  // namespace

bool limit_resources(std::size_t memory) {
  const std::size_t mapped = mapped_now();
  return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, kTargetFd + 1) &&
         (memory == 0 || (mapped != 0 && limit(RLIMIT_AS, mapped + memory)));
}

bool enter_sandbox() {
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
  if (filter == nullptr) return false;
  bool good = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_TRAP) == 0 &&
              seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 1) == 0;
  for (const Allowed& allowed : kAllowed) {
    good = good && seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, allowed.call, allowed.num_arguments,
                                          allowed.arguments.data()) == 0;
  }
  good = good && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return good;
}

}  // namespace sluice::worker
