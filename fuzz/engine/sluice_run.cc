#include "fuzz/engine/sluice_run.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace sluice::engine {

pid_t start_sluice(const Options& options, const SluiceRun& run) {
  std::vector<std::string> words = {options.sluice, "run"};
  words.insert(words.end(), run.files.begin(), run.files.end());
  words.insert(words.end(),
               {"--driver", options.driver, "--format", run.format, "--output", run.output, "--jobs", "1"});
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {name, value});
  };
  for (const std::string& build : run.builds) add("--build", build);
  add("--blame", run.blame);
  add("--fault", run.fault);
  add("--schema", options.schema);
  add("--rules", options.rules);
  add("--builds", options.builds_folder);
  for (const std::string& folder : options.include) add("--include", folder);
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (::posix_spawn_file_actions_init(&actions) != 0) return 0;
  if (::posix_spawnattr_init(&attributes) != 0) {
    ::posix_spawn_file_actions_destroy(&actions);
    return 0;
  }
  for (const int fd : {0, 1, 2}) ::posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
  sigset_t none;
  sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  // Ctrl-C is for the campaign, which ends when the report is written.
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  const int failed = ::posix_spawn(&pid, words.front().c_str(), &actions, &attributes, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  return failed != 0 ? 0 : pid;
}

bool has_ended(pid_t pid) {
  int status = 0;
  const pid_t ended = ::waitpid(pid, &status, WNOHANG);
  return ended != 0 && !(ended < 0 && errno == EINTR);
}

void end_process(pid_t pid) {
  ::kill(pid, SIGKILL);
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool run_sluice(const Options& options, const SluiceRun& run) {
  const pid_t pid = start_sluice(options, run);
  if (pid == 0) return false;
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status);
}

}  // namespace sluice::engine
