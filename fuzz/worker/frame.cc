#include "fuzz/worker/frame.h"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "fuzz/worker/shared.h"

namespace sluice::worker {

namespace {

ssize_t read_some(int fd, void* to, std::size_t size) {
  ssize_t got = 0;
  do {
    got = ::read(fd, to, size);
  } while (got < 0 && errno == EINTR);
  return got;
}

}  // namespace

std::size_t FrameReader::take(void* to, std::size_t size) {
  auto* at = static_cast<std::uint8_t*>(to);
  std::size_t done = 0;
  while (done < size) {
    if (begin_ == end_) {
      // What does not fit the buffer need not go through it.
      const bool direct = size - done >= kBuffer;
      const ssize_t got = read_some(fd_, direct ? at + done : buffer_.data(), direct ? size - done : kBuffer);
      if (got <= 0) return done;
      if (direct) {
        done += static_cast<std::size_t>(got);
        continue;
      }
      begin_ = 0;
      end_ = static_cast<std::size_t>(got);
    }
    const std::size_t part = std::min(size - done, end_ - begin_);
    std::memcpy(at + done, buffer_.data() + begin_, part);
    begin_ += part;
    done += part;
  }
  return done;
}

FrameReader::Got FrameReader::read(std::string& json, std::uint8_t* blob, std::size_t& blob_size, std::string& why) {
  std::uint32_t sizes[2];
  const std::size_t got = take(sizes, sizeof sizes);
  if (got == 0) return Got::end;
  if (got < sizeof sizes) {
    why = "the input ends inside a frame's lengths";
    return Got::malformed;
  }
  constexpr std::size_t kRoom = kMaxFrame - sizeof sizes;
  if (sizes[0] > kRoom || sizes[1] > kRoom - sizes[0]) {
    why = "a frame is longer than 256 MiB";
    return Got::malformed;
  }
  json.resize(sizes[0]);
  blob_size = sizes[1];
  if (take(json.data(), json.size()) < json.size() || take(blob, blob_size) < blob_size) {
    why = "the input ends inside a frame";
    return Got::malformed;
  }
  return Got::frame;
}

bool write_frame(int fd, std::string_view json, std::span<const std::uint8_t> blob) {
  std::uint32_t sizes[2] = {static_cast<std::uint32_t>(json.size()), static_cast<std::uint32_t>(blob.size())};
  iovec parts[3] = {{sizes, sizeof sizes},
                    {const_cast<char*>(json.data()), json.size()},
                    {const_cast<std::uint8_t*>(blob.data()), blob.size()}};
  std::size_t first = 0;
  while (first < 3) {
    ssize_t written = ::writev(fd, parts + first, static_cast<int>(3 - first));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    auto rest = static_cast<std::size_t>(written);
    while (first < 3 && rest >= parts[first].iov_len) rest -= parts[first++].iov_len;
    if (first < 3) {
      parts[first].iov_base = static_cast<char*>(parts[first].iov_base) + rest;
      parts[first].iov_len -= rest;
    }
  }
  return true;
}

}  // namespace sluice::worker
