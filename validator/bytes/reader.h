// The only door to untrusted bytes: a cursor over one stream, of which `take` is the one function that moves forward.
//
// Words: a *position* counts bytes from the start of the stream; an *offset* counts from the start of the content file
// and belongs to whoever knows where the stream lies in it.
//
// Owned or aliased: nothing is owned; the bytes must outlive the reader and every span taken from it. On failure a
// function returns false (or null) and moves nothing. No function forms a sum of two untrusted numbers.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

namespace sluice::bytes {

using View = std::span<const std::uint8_t>;

// Unaligned loads from memory that `take` has already checked.
template <typename T>
[[nodiscard]] inline T load_little(const std::uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;  // the hosts that sluice runs on are little-endian (asserted below)
}
template <typename T>
[[nodiscard]] inline T load_big(const std::uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  if constexpr (sizeof(T) == 2) value = static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
  if constexpr (sizeof(T) == 4) value = static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  if constexpr (sizeof(T) == 8) value = static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
  return value;
}
static_assert(std::endian::native == std::endian::little);

// The same bytes, somewhere even if there are none: null means that a read failed.
[[nodiscard]] inline View in_memory(View bytes) {
  static constexpr std::uint8_t kNothing = 0;
  return bytes.data() == nullptr ? View(&kNothing, 0) : bytes;
}

class Reader {
 public:
  Reader() = default;
  explicit Reader(View bytes) : begin_(in_memory(bytes).data()), cursor_(begin_), end_(begin_ + bytes.size()) {}

  [[nodiscard]] std::uint64_t size() const { return static_cast<std::uint64_t>(end_ - begin_); }
  [[nodiscard]] std::uint64_t position() const { return static_cast<std::uint64_t>(cursor_ - begin_); }
  [[nodiscard]] std::uint64_t remaining() const { return static_cast<std::uint64_t>(end_ - cursor_); }
  [[nodiscard]] const std::uint8_t* begin() const { return begin_; }
  [[nodiscard]] const std::uint8_t* cursor() const { return cursor_; }
  [[nodiscard]] View all() const { return {begin_, end_}; }
  [[nodiscard]] View rest() const { return {cursor_, end_}; }

  // Moves past `count` bytes and returns where they start, or null if fewer are left. The next read is byte-aligned.
  [[nodiscard]] const std::uint8_t* take(std::uint64_t count) {
    if (count > remaining()) return nullptr;
    const std::uint8_t* taken = cursor_;
    cursor_ += count;
    return taken;
  }

  // Moves to a position in 0..size().
  [[nodiscard]] bool seek(std::uint64_t position) {
    if (position > size()) return false;
    cursor_ = begin_ + position;
    bits_left_ = 0;
    return true;
  }

  // Drops the rest of a byte that bit fields began.
  void align() { bits_left_ = 0; }
  [[nodiscard]] bool is_aligned() const { return bits_left_ == 0; }
  [[nodiscard]] bool at_end() const { return bits_left_ == 0 && cursor_ == end_; }
  // Where the next bit lies.
  [[nodiscard]] std::uint64_t bit_start() const { return bits_left_ > 0 ? position() - 1 : position(); }

  [[nodiscard]] std::uint64_t bit_position() const { return position() * 8 - bits_left_; }

  // Bytes that `count` more bits need beyond the byte already begun.
  [[nodiscard]] std::uint64_t bytes_for_bits(unsigned count) const {
    return count <= bits_left_ ? 0 : (count - bits_left_ + 7) / 8;
  }

  // Reads `count` (1..64) bits; big: most significant bit first. Returns false if they are not there. Where the orders
  // meet inside a byte, what the other left of it is dropped: it has no meaning that two readers would agree on.
  [[nodiscard]] bool take_bits_big(unsigned count, std::uint64_t& value);
  [[nodiscard]] bool take_bits_little(unsigned count, std::uint64_t& value);

 private:
  const std::uint8_t* begin_ = nullptr;
  const std::uint8_t* cursor_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::uint8_t bits_left_ = 0;  // 0..7 bits of `bits_` are still to be read
  std::uint8_t bits_ = 0;
  bool little_ = false;  // the order of the bits left
};

}  // namespace sluice::bytes
