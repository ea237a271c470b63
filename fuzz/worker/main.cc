// sluice-run: executes targets in a sandboxed child process (docs/worker-protocol.md).
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "fuzz/worker/memory.h"
#include "fuzz/worker/options.h"
#include "fuzz/worker/supervisor.h"

namespace sluice::worker {

namespace {

int fail(const std::string& why) {
  std::fprintf(stderr, "sluice-run: %s\n", why.c_str());
  return 2;
}

// Whether the file was built with AddressSanitizer: then it names what only that worker offers.
bool wants_sanitizers(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return bytes.find("__asan_init") != std::string::npos;
}

// Becomes sluice-run-asan, in an environment without options of the user's for the sanitizers: ours must hold.
int become_sanitized(char** argv) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string path = (self.parent_path() / "sluice-run-asan").string();
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) ::unsetenv(name);
  argv[0] = const_cast<char*>(path.c_str());
  ::execv(path.c_str(), argv);
  return fail("the target was built with AddressSanitizer, and " + path + " cannot be run: " + std::strerror(errno));
}

bool has_options_for_sanitizers() {
  return std::getenv("ASAN_OPTIONS") != nullptr || std::getenv("UBSAN_OPTIONS") != nullptr;
}

// So that descriptor numbers below the supervisor's are free, and none of them is the protocol's by accident.
bool fill_standard_descriptors() {
  int fd = 0;
  do {
    fd = ::open("/dev/null", O_RDWR);
  } while (fd >= 0 && fd <= 2);
  if (fd > 2) ::close(fd);
  return fd >= 0;
}

int run(int argc, char** argv) {
  std::string why;
  const auto options = parse_options(argc, argv, why);
  if (!options) return fail(why);
  if (kSanitized ? has_options_for_sanitizers() : wants_sanitizers(options->target)) return become_sanitized(argv);

  ::signal(SIGPIPE, SIG_IGN);
  if (!fill_standard_descriptors()) return fail(std::string("/dev/null: ") + std::strerror(errno));
  const int file = ::open(options->target.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail(options->target + ": " + std::strerror(errno));
  const Descriptor target = move_up(file);
  const Descriptor null = move_up(::open("/dev/null", O_RDWR | O_CLOEXEC));
  Shared* shared = map_shared();
  if (!target.is_open() || !null.is_open() || shared == nullptr || !memory.map(options->stack)) {
    return fail(std::string("cannot be set up: ") + std::strerror(errno));
  }
  return Supervisor(*options, *shared, target.get(), null.get()).serve(STDIN_FILENO, STDOUT_FILENO);
}

}  // namespace

}  // namespace sluice::worker

int main(int argc, char** argv) { return sluice::worker::run(argc, argv); }
