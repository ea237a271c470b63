#include "fuzz/engine/work_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>

namespace sluice::engine {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kName = "sluice-fuzz-";
constexpr std::time_t kYoung = 60;  // seconds; one that is made this moment may not have its lock yet

// Nobody holds their lock.
void remove_abandoned(const fs::path& temporary) {
  std::error_code ignored;
  fs::directory_iterator at(temporary, ignored);
  for (; !ignored && at != fs::directory_iterator(); at.increment(ignored)) {
    if (!at->path().filename().string().starts_with(kName)) continue;
    const int file = ::open((at->path() / "lock").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) continue;
    struct stat status{};
    const bool is_ours = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid();
    const bool is_old = is_ours && status.st_mtime < std::time(nullptr) - kYoung;
    std::error_code left;
    if (is_old && ::flock(file, LOCK_EX | LOCK_NB) == 0) fs::remove_all(at->path(), left);
    ::close(file);
  }
}

}  // namespace

bool WorkFolder::open(std::string& problem) {
  std::error_code error;
  const fs::path temporary = fs::temp_directory_path(error);
  if (!error) remove_abandoned(temporary);
  std::string name = (temporary / (std::string(kName) + "XXXXXX")).string();
  if (error || ::mkdtemp(name.data()) == nullptr) {
    problem = std::string("there is no folder for temporary files: ") + std::strerror(errno);
    return false;
  }
  path_ = name;
  lock_ = ::open((path_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ >= 0 && ::flock(lock_, LOCK_EX | LOCK_NB) == 0) return true;
  problem = name + "/lock: " + std::strerror(errno);
  return false;
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace sluice::engine
