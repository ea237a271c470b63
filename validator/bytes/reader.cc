#include "validator/bytes/reader.h"

#include <utility>

namespace sluice::bytes {

// 64 bits that start inside a byte touch 9 bytes, so the sum of the bytes read is kept in 128 bits.
__extension__ typedef unsigned __int128 Wide;

bool Reader::take_bits_big(unsigned count, std::uint64_t& value) {
  const std::uint8_t left = std::exchange(bits_left_, little_ ? std::uint8_t{0} : bits_left_);
  const std::uint64_t needed = bytes_for_bits(count);
  const std::uint8_t* from = take(needed);
  if (from == nullptr) {
    bits_left_ = left;
    return false;
  }
  little_ = false;
  Wide wide = bits_ & ((1u << bits_left_) - 1u);
  for (std::uint64_t i = 0; i < needed; ++i) wide = wide << 8 | from[i];
  const unsigned have = bits_left_ + static_cast<unsigned>(needed) * 8;
  bits_left_ = static_cast<std::uint8_t>(have - count);
  bits_ = static_cast<std::uint8_t>(wide);
  wide >>= bits_left_;
  value = static_cast<std::uint64_t>(wide);
  if (count < 64) value &= (std::uint64_t{1} << count) - 1;
  return true;
}

bool Reader::take_bits_little(unsigned count, std::uint64_t& value) {
  const std::uint8_t left = std::exchange(bits_left_, little_ ? bits_left_ : std::uint8_t{0});
  const std::uint64_t needed = bytes_for_bits(count);
  const std::uint8_t* from = take(needed);
  if (from == nullptr) {
    bits_left_ = left;
    return false;
  }
  little_ = true;
  // The unread bits of a little-endian byte are its high ones; they are kept shifted down.
  Wide wide = bits_ & ((1u << bits_left_) - 1u);
  unsigned have = bits_left_;
  for (std::uint64_t i = 0; i < needed; ++i, have += 8) wide |= static_cast<Wide>(from[i]) << have;
  value = static_cast<std::uint64_t>(wide);
  if (count < 64) value &= (std::uint64_t{1} << count) - 1;
  wide >>= count;
  bits_left_ = static_cast<std::uint8_t>(have - count);
  bits_ = static_cast<std::uint8_t>(wide);
  return true;
}

}  // namespace sluice::bytes
