// The frames of docs/worker-protocol.md: a JSON object and a blob, with their lengths before them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::run {

// The eight bytes before `json` and a blob of `blob_size` bytes, and `json` itself.
[[nodiscard]] std::string frame_head(std::string_view json, std::uint64_t blob_size);

// No frame is longer.
inline constexpr std::uint64_t kLargestFrame = 256u << 20;

// Collects an answer. What an answer may take is bounded before any of it is kept.
class FrameReader {
 public:
  // Of JSON and blob together.
  explicit FrameReader(std::uint64_t limit) : limit_(limit) {}

  enum class State : std::uint8_t { more, done, too_large, left_over };
  State take(std::string_view bytes);

  // When done.
  [[nodiscard]] std::string_view json() const;
  [[nodiscard]] std::string_view blob() const;

 private:
  std::uint64_t limit_;
  std::string bytes_;
};

}  // namespace sluice::run
