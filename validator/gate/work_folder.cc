#include "validator/gate/work_folder.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "validator/finding/finding.h"

namespace sluice::gate {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "run.";

}  // namespace

WorkFolder::WorkFolder(std::string path) : path_(std::move(path)) {
  std::error_code error;
  fs::create_directories(path_, error);
  remove_abandoned();
  scratch_ = fmt::format("{}/{}{}", path_, kPrefix, ::getpid());
  fs::remove_all(scratch_, error);
  fs::create_directories(seeds(), error);
  if (!error) return;
  problem_ = fmt::format("{}: {}", printable(path_, 300, Quotes::keep), error.message());
  scratch_.clear();
}

WorkFolder::~WorkFolder() {
  std::error_code error;
  if (!scratch_.empty()) fs::remove_all(scratch_, error);
}

// A run that was killed could not remove its own.
void WorkFolder::remove_abandoned() const {
  std::error_code error;
  for (fs::directory_iterator entry(path_, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(kPrefix)) continue;
    pid_t pid = 0;
    const auto [rest, wrong] = std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), pid);
    if (wrong != std::errc() || rest != name.data() + name.size() || pid <= 0) continue;
    std::error_code left;
    if (::kill(pid, 0) != 0 && errno == ESRCH) fs::remove_all(entry->path(), left);
  }
}

}  // namespace sluice::gate
