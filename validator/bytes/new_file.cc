#include "validator/bytes/new_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <system_error>
#include <utility>

namespace sluice::bytes {

namespace {

// A name of its own each time: what a killed process left behind is in nobody's way.
std::string beside(const std::string& path) {
  std::uint32_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number) number = static_cast<std::uint32_t>(::getpid());
  char suffix[16];
  (void)std::snprintf(suffix, sizeof suffix, ".%08x.tmp", number);
  return path + suffix;
}

// The new name lasts once the folder that holds it is on the disk. Not every file system can be asked for that.
void sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)::fsync(fd);
  ::close(fd);
}

}  // namespace

NewFile::~NewFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

bool NewFile::fail() {
  if (reason_.empty()) reason_ = "cannot write " + path_ + ": " + std::generic_category().message(errno);
  return false;
}

bool NewFile::open(const std::string& path) {
  path_ = path;
  std::string temporary = beside(path);
  fd_ = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd_ < 0) return fail();
  temporary_ = std::move(temporary);
  return true;
}

bool NewFile::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail();
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return reason_.empty();
}

bool NewFile::close() {
  const bool is_synced = ::fsync(fd_) == 0 || errno == EINVAL;  // EINVAL: it cannot be asked of this file system
  if (!is_synced) fail();
  if (::close(std::exchange(fd_, -1)) != 0) fail();
  if (!reason_.empty()) return false;
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return fail();
  temporary_.clear();
  sync_folder_of(path_);
  return true;
}

bool write_file(const std::string& path, std::string_view text, std::string& reason) {
  NewFile file;
  if (file.open(path) && file.write(text) && file.close()) return true;
  reason = file.reason();
  return false;
}

}  // namespace sluice::bytes
