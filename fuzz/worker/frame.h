// The frames of the protocol: lengths, JSON, blob.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::worker {

class FrameReader {
 public:
  explicit FrameReader(int fd) : fd_(fd), buffer_(kBuffer) {}

  enum class Got { frame, end, malformed };

  // Reads a frame: its JSON into `json`, its blob to `blob`, which must have room for the longest frame.
  // Got::malformed: the input is no frame, or ends inside one, and `why` says so. Neither JSON nor blob has been looked
  // at.
  Got read(std::string& json, std::uint8_t* blob, std::size_t& blob_size, std::string& why);

 private:
  static constexpr std::size_t kBuffer = 64u << 10;

  // How many of `size` bytes came before the input ended.
  std::size_t take(void* to, std::size_t size);

  int fd_;
  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

// False if the reader has gone away.
bool write_frame(int fd, std::string_view json, std::span<const std::uint8_t> blob);

}  // namespace sluice::worker
