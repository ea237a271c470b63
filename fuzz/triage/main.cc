// sluice-triage: makes sentences of faults (docs/triage.md). `sluice triage` starts it.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "fuzz/engine/confine.h"
#include "fuzz/engine/corpus.h"
#include "fuzz/triage/command.h"

namespace {

namespace fs = std::filesystem;

int fail(const std::string& why) {
  std::fprintf(stderr, "sluice triage: %s\n", why.c_str());
  return 2;
}

pid_t working = -1;

// Ends this process with `parent`, if one is given. False: that has ended.
bool follow(std::uint64_t parent) {
  if (parent == 0) return true;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  return static_cast<std::uint64_t>(::getppid()) == parent;
}

// Runs in a process of its own, so that the folder goes whatever becomes of it. Ctrl-C reaches both.
int run_with_scratch(sluice::triage::Options& options) {
  std::error_code error;
  std::string scratch = (fs::temp_directory_path(error) / "sluice-triage-XXXXXX").string();
  if (error || ::mkdtemp(scratch.data()) == nullptr) return fail(scratch + ": cannot be made");
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(2);
    ::exit(sluice::triage::run_command(options, scratch));
  }
  working = pid;
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGTERM, [](int) {
    if (working > 0) ::kill(working, SIGKILL);
  });
  int status = 0;
  while (pid > 0 && ::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  fs::remove_all(scratch, error);
  if (pid < 0) return fail("no process can be started");
  return WIFEXITED(status) ? WEXITSTATUS(status) : fail("was ended");
}

}  // namespace

int main(int argc, char** argv) {
  std::string why;
  auto options = sluice::triage::parse_options(argc, argv, why);
  if (!options) return fail(why);
  if (!sluice::engine::offers_landlock()) {
    std::fprintf(stderr, "sluice triage: this kernel does not offer Landlock: targets are not kept from files\n");
  }
  if (!follow(options->engine.parent)) return fail("whoever started it has ended");
  return run_with_scratch(*options);
}
