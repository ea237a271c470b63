#include "fuzz/engine/batch.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace sluice::engine {

namespace {

// How many bytes there were.
std::size_t read_up_to(int folder, const std::string& name, std::span<std::uint8_t> to) {
  const int file = ::openat(folder, name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return 0;
  std::size_t got = 0;
  while (got < to.size()) {
    const ssize_t more = ::read(file, to.data() + got, to.size() - got);
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) break;
    got += static_cast<std::size_t>(more);
  }
  ::close(file);
  return got;
}

}  // namespace

void Batch::clear() {
  inputs_.clear();
  used_ = 0;
}

bool Batch::take(int folder, const std::string& name, std::uint64_t size) {
  if (size > kMaxInput) return true;
  if (inputs_.size() == kMostWeighed || bytes_.size() - used_ < size) return false;
  // A file's name is its content's hash: it does not grow.
  const std::size_t got = read_up_to(folder, name, std::span(bytes_).subspan(used_, size));
  if (got == 0) return true;
  inputs_.push_back({.name = name, .at = used_, .size = static_cast<std::uint32_t>(got)});
  used_ += static_cast<std::uint32_t>(got);
  return true;
}

void call_for(int folder, const std::string& name) {
  const int file = ::openat(folder, name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return;
  (void)::posix_fadvise(file, 0, 0, POSIX_FADV_WILLNEED);
  ::close(file);
}

}  // namespace sluice::engine
