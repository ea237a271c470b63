#include "fuzz/platform/end.h"

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

// The C library's own, whatever a sanitizer has put before sigaction().
extern "C" int __sigaction(int signal, const struct sigaction* action, struct sigaction* before);

// libFuzzer names what writes down the input when a sanitizer ends the process. A report that is not a sanitizer's must
// end in the same way: it is linked with --wrap=__sanitizer_set_death_callback.
extern "C" {
using DeathCallback = void (*)();
__attribute__((weak)) void __real___sanitizer_set_death_callback(DeathCallback callback);
void __wrap___sanitizer_set_death_callback(DeathCallback callback);
}

namespace sluice::platform {

namespace {

DeathCallback keep_input = nullptr;
constexpr int kFaulted = 77;  // as libFuzzer's

// Engines that have no such function know of a fault by the signal. No sanitizer is to report that again.
[[noreturn]] void end() {
  if (keep_input != nullptr) {
    keep_input();
    ::_exit(kFaulted);
  }
  struct sigaction action{};
  action.sa_handler = SIG_DFL;
  ::__sigaction(SIGABRT, &action, nullptr);
  std::abort();
}

}  // namespace

void end_with_report(const engine::Fault& fault, std::span<const Frame> frames) {
  std::fprintf(stderr, "==%d== ERROR: libFuzzer: deadly signal\n", static_cast<int>(::getpid()));
  std::size_t number = 0;
  for (const Frame& frame : frames) {
    std::fprintf(stderr, "    #%zu 0x%012llx in %s (%s+0x%x)\n", number++,
                 static_cast<unsigned long long>(frame.address), frame.function.c_str(), frame.module.c_str(),
                 frame.offset);
  }
  std::fprintf(stderr, "\nsluice: %s\n", engine::sentence_of(fault).c_str());
  std::fprintf(stderr, "SUMMARY: libFuzzer: deadly signal\n");
  end();
}

void cannot_run(const char* why) {
  std::fprintf(stderr, "sluice: this target cannot be run: %s\n", why);
  std::exit(1);
}

}  // namespace sluice::platform

void __wrap___sanitizer_set_death_callback(DeathCallback callback) {
  sluice::platform::keep_input = callback;
  if (__real___sanitizer_set_death_callback != nullptr) __real___sanitizer_set_death_callback(callback);
}
