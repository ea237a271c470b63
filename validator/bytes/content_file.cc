#include "validator/bytes/content_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace sluice::bytes {
namespace {

std::string system_message() { return std::generic_category().message(errno); }

const char* why_not_regular(mode_t mode) {
  if (S_ISREG(mode)) return nullptr;
  if (S_ISDIR(mode)) return "is a directory";
  if (S_ISFIFO(mode)) return "is a FIFO, not a regular file";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "is a device, not a regular file";
  return "is not a regular file";
}

bool same_time(const timespec& a, const timespec& b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

}  // namespace

bool ContentFile::fail(std::string reason) {
  close();
  reason_ = std::move(reason);
  return false;
}

void ContentFile::close() {
  mapping_.unmap();
  bytes_ = {};
  is_short_ = false;
  reason_.clear();
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

bool ContentFile::open(const std::filesystem::path& path) {
  close();
  fd_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd_ < 0 || ::fstat(fd_, &at_open_) != 0) return fail(system_message());
  if (const char* why = why_not_regular(at_open_.st_mode)) return fail(why);

  const auto size = static_cast<std::size_t>(at_open_.st_size);
  if (size <= map_above_) return read_all(size);
  if (!mapping_.map(fd_, size)) return fail(system_message());
  bytes_ = mapping_.bytes();
  return true;
}

// Asks for one byte more than the file had, so that a file that grew is seen to have.
bool ContentFile::read_all(std::size_t size) {
  if (capacity_ < size + 1) {
    capacity_ = std::max(size + 1, std::min(2 * capacity_, kMapAbove + 1));
    buffer_ = std::make_unique_for_overwrite<std::uint8_t[]>(capacity_);
  }
  std::size_t have = 0;
  while (have < size || size == 0) {
    const ssize_t got = ::read(fd_, buffer_.get() + have, size + 1 - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(system_message());
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
    if (have > size) break;
  }
  is_short_ = have != size;
  bytes_ = {buffer_.get(), std::min(have, size)};
  return true;
}

bool ContentFile::changed() {
  struct stat now;
  if (fd_ < 0) return false;
  if (::fstat(fd_, &now) != 0) {
    reason_ = system_message();
  } else if (now.st_size != at_open_.st_size) {
    reason_ =
        "its size changed from " + std::to_string(at_open_.st_size) + " to " + std::to_string(now.st_size) + " bytes";
  } else if (!same_time(now.st_mtim, at_open_.st_mtim) || is_short_ || mapping_.is_struck()) {
    reason_ = "it was written to";
  } else if (now.st_nlink == 0 && at_open_.st_nlink != 0) {
    reason_ = "it was removed or replaced";
  } else {
    return false;
  }
  return true;
}

}  // namespace sluice::bytes
