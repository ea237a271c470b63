#include "fuzz/engine/confine.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace sluice::engine {

namespace {

// Those of files, by the version of Landlock that brought them; headers may be older than the kernel.
constexpr std::uint64_t kExecute = 1u << 0;
constexpr std::uint64_t kWriteFile = 1u << 1;
constexpr std::uint64_t kReadFile = 1u << 2;
constexpr std::uint64_t kReadFolder = 1u << 3;
constexpr std::uint64_t kRemoveFile = 1u << 5;
constexpr std::uint64_t kMakeFile = 1u << 8;
constexpr std::uint64_t kOfFirst = (1u << 13) - 1;
constexpr std::uint64_t kRefer = 1u << 13;     // 2
constexpr std::uint64_t kTruncate = 1u << 14;  // 3
constexpr std::uint64_t kControl = 1u << 15;   // 5

long landlock_version() { return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION); }

std::uint64_t handled(long version) {
  std::uint64_t rights = kOfFirst;
  if (version >= 2) rights |= kRefer;
  if (version >= 3) rights |= kTruncate;
  if (version >= 5) rights |= kControl;
  return rights;
}

// Folders may have more rights than files. What is not there needs no rule.
bool allow(int rules, const std::string& path, std::uint64_t rights) {
  constexpr std::uint64_t kOfFiles = kExecute | kWriteFile | kReadFile | kTruncate | kControl;
  const int at = ::open(path.c_str(), O_PATH | O_CLOEXEC);
  if (at < 0) return errno == ENOENT;
  const int folder = ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) ::close(folder);
  landlock_path_beneath_attr rule{};
  rule.allowed_access = folder >= 0 ? rights : rights & kOfFiles;
  rule.parent_fd = at;
  const bool good = ::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
  ::close(at);
  return good;
}

constexpr std::array kCalls = {
    // Files.
    SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(readv), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(open),
    SCMP_SYS(openat), SCMP_SYS(close), SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(stat), SCMP_SYS(lstat),
    SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
    SCMP_SYS(getdents64), SCMP_SYS(unlink), SCMP_SYS(fcntl), SCMP_SYS(readlink), SCMP_SYS(getcwd),
    // Memory.
    SCMP_SYS(mmap), SCMP_SYS(mprotect), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk),
    // Signals and time of its own.
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
    SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrusage), SCMP_SYS(futex),
    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getrandom), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
    SCMP_SYS(exit), SCMP_SYS(exit_group)};

}  // namespace

bool offers_landlock() { return landlock_version() >= 1; }

bool confine_files(const Allowance& allowance, std::string& problem) {
  const auto fail = [&](const char* what) {
    problem = std::string(what) + ": " + std::strerror(errno);
    return false;
  };
  const long version = landlock_version();
  if (version < 1) return fail("this kernel does not offer Landlock");
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = handled(version);
  const auto rules =
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes.handled_access_fs, 0));
  if (rules < 0) return fail("Landlock");
  bool good = true;
  for (const std::string& path : allowance.readable) good = good && allow(rules, path, kReadFile | kReadFolder);
  const std::uint64_t all = kReadFile | kReadFolder | kWriteFile | kMakeFile | kRemoveFile | kTruncate;
  good = good && allow(rules, allowance.writable, all & handled(version));
  good = good && allow(rules, "/dev/null", (kReadFile | kWriteFile | kTruncate) & handled(version));
  good = good && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::syscall(SYS_landlock_restrict_self, rules, 0) == 0;
  if (!good) fail("Landlock");
  ::close(rules);
  return good;
}

bool confine_calls(std::string& problem) {
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
  bool good = filter != nullptr && seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 1) == 0;
  for (const int call : kCalls) good = good && seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, nullptr) == 0;
  // A signal to itself alone; what a stream asks of its terminal is answered with an error.
  const scmp_arg_cmp itself{
      .arg = 0, .op = SCMP_CMP_EQ, .datum_a = static_cast<scmp_datum_t>(::getpid()), .datum_b = 0};
  good = good && seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &itself) == 0 &&
         seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl), 0, nullptr) == 0 &&
         seccomp_load(filter) == 0;
  if (!good) problem = "seccomp cannot be set up";
  if (filter != nullptr) seccomp_release(filter);
  return good;
}

}  // namespace sluice::engine
