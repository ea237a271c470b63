#include "validator/run/frame.h"

namespace sluice::run {

namespace {

constexpr std::size_t kLengths = 8;

void append_u32(std::string& out, std::uint64_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xFF);
}

std::uint32_t u32_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return value;
}

}  // namespace

std::string frame_head(std::string_view json, std::uint64_t blob_size) {
  std::string head;
  append_u32(head, json.size());
  append_u32(head, blob_size);
  return head.append(json);
}

FrameReader::State FrameReader::take(std::string_view bytes) {
  bytes_ += bytes;
  if (bytes_.size() < kLengths) return State::more;
  const std::uint64_t size = std::uint64_t{u32_at(bytes_, 0)} + u32_at(bytes_, 4);
  if (size > limit_) return State::too_large;
  if (bytes_.size() < kLengths + size) return State::more;
  return bytes_.size() == kLengths + size ? State::done : State::left_over;
}

std::string_view FrameReader::json() const { return std::string_view(bytes_).substr(kLengths, u32_at(bytes_, 0)); }

std::string_view FrameReader::blob() const { return std::string_view(bytes_).substr(kLengths + u32_at(bytes_, 0)); }

}  // namespace sluice::run
