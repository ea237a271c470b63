#include "fuzz/engine/reports.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "fuzz/engine/corpus.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::engine {

namespace fs = std::filesystem;

namespace {

std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

bool Reports::open(std::string& problem) { return make_folder(options_.faults, problem); }

const Known* Reports::add(Known known, std::span<const std::uint8_t> input, std::string_view recipe, bool& good,
                          std::string& problem) {
  good = true;
  if (std::ranges::find(all_, known.identity, &Known::identity) != all_.end()) return nullptr;
  const fs::path folder = options_.faults;
  known.file = (folder / (known.identity + ".bin")).string();
  std::error_code error;
  known.was_there = fs::exists(known.file, error);
  if (!known.was_there) {
    const nlohmann::ordered_json about = {
        {"identity", known.identity},   {"build", known.build}, {"escape", known.is_escape}, {"fault", known.sentence},
        {"execution", known.execution}, {"job", known.job},     {"seed", options_.seed},     {"recipe", recipe}};
    const std::string text = about.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    good = write_whole(known.file, input, problem) &&
           write_whole(folder / (known.identity + ".found.json"), as_bytes(text), problem);
    if (good) write_report(known, input);
  }
  all_.push_back(std::move(known));
  return &all_.back();
}

// The worker's report is told of content alone, of which it finds the events itself.
void Reports::write_report(const Known& known, std::span<const std::uint8_t> input) const {
  if (options_.sluice.empty()) return;
  const fs::path base = fs::path(options_.faults) / known.identity;
  std::string content = known.file;
  std::string problem;
  if (const auto container = bytes::read_fuzz_input(input)) {
    content = base.string() + ".content.bin";
    if (!write_whole(content, container->content, problem)) return;
  }
  run_sluice(content, known, "text", base.string() + ".report.txt");
  run_sluice(content, known, "json", base.string() + ".report.json");
}

bool Reports::run_sluice(const std::string& content, const Known& known, const std::string& format,
                         const std::string& output) const {
  std::vector<std::string> words = {options_.sluice, "run",       content,    "--driver", options_.driver,
                                    "--build",       known.build, "--format", format,     "--output",
                                    output,          "--jobs",    "1"};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {name, value});
  };
  add("--schema", options_.schema);
  add("--rules", options_.rules);
  add("--builds", options_.builds_folder);
  for (const std::string& folder : options_.include) add("--include", folder);
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (::posix_spawn_file_actions_init(&actions) != 0) return false;
  if (::posix_spawnattr_init(&attributes) != 0) {
    ::posix_spawn_file_actions_destroy(&actions);
    return false;
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
  if (failed != 0) return false;
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status);
}

}  // namespace sluice::engine
