// Records as bytes: numbers and texts one after the other, each text behind its length, so that different records never
// have the same bytes. What is packed has no names and no version: whoever keeps it beyond the program's end keeps
// these beside it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "validator/bytes/reader.h"

namespace sluice::bytes {

class Packer {
 public:
  Packer& number(std::uint64_t value);  // 8 bytes, the lowest first
  Packer& flag(bool value);             // one byte
  Packer& text(std::string_view value);

  [[nodiscard]] const std::string& packed() const { return packed_; }

 private:
  std::string packed_;
};

// Reads what a Packer wrote, or anything else. A value that is not there or not what it should be reads as nothing, and
// so does every one after it: `is_whole` is asked once, at the end.
class Unpacker {
 public:
  // `packed` is aliased.
  explicit Unpacker(std::string_view packed);

  [[nodiscard]] std::uint64_t number();
  [[nodiscard]] bool flag();
  [[nodiscard]] std::string text();
  // How many things follow, each of at least `smallest` (> 0) bytes. More than there is room for is a fault.
  [[nodiscard]] std::uint64_t count(std::uint64_t smallest);
  // A number below `end`.
  [[nodiscard]] std::uint64_t below(std::uint64_t end);
  void refuse() { is_good_ = false; }

  [[nodiscard]] bool is_good() const { return is_good_; }
  // All that was asked for was there, and nothing is left.
  [[nodiscard]] bool is_whole() const { return is_good_ && reader_.remaining() == 0; }

 private:
  const std::uint8_t* take(std::uint64_t size);
  std::uint64_t checked(std::uint64_t value, bool is_good);

  Reader reader_;
  bool is_good_ = true;
};

}  // namespace sluice::bytes
