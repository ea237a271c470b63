#include "fuzz/image/unwind_epilog.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <span>

namespace sluice::image {

namespace {

class Code {
 public:
  explicit Code(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t position() const { return at_; }
  [[nodiscard]] std::uint8_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < bytes_.size() ? bytes_[at_ + ahead] : 0;
  }
  template <std::size_t N>
  bool take(const std::uint8_t (&pattern)[N]) {
    const auto rest = bytes_.subspan(at_);
    if (rest.size() < N || !std::equal(pattern, pattern + N, rest.begin())) return false;
    at_ += N;
    return true;
  }
  template <typename Number>
  bool take_number(std::int32_t& number) {
    Number value;
    if (bytes_.size() - at_ < sizeof value) return false;
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    number = value;
    return true;
  }
  void skip(std::size_t count) { at_ += std::min(count, bytes_.size() - at_); }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

constexpr std::uint8_t kAddByte[] = {0x48, 0x83, 0xC4};
constexpr std::uint8_t kAddWord[] = {0x48, 0x81, 0xC4};
constexpr std::uint8_t kReturn[] = {0xC3};
constexpr std::uint8_t kReturnAndPop[] = {0xC2};
constexpr std::uint8_t kRepReturn[] = {0xF3, 0xC3};
constexpr std::uint8_t kJumpShort[] = {0xEB};
constexpr std::uint8_t kJump[] = {0xE9};
constexpr std::uint8_t kJumpIndirect[] = {0xFF, 0x25};
constexpr std::uint8_t kJumpIndirectWide[] = {0x48, 0xFF, 0x25};

// lea rsp, [frame register + displacement]; false where there is half of one.
bool take_lea(Code& code, std::uint8_t frame_register, Epilog& epilog) {
  const std::uint8_t prefix = frame_register >= 8 ? 0x49 : 0x48;
  const auto operand = static_cast<std::uint8_t>(0x20 | (frame_register & 7));  // rsp is register 4
  if (frame_register == 0 || code.peek() != prefix || code.peek(1) != 0x8D) return true;
  const std::uint8_t mode = code.peek(2);
  const bool is_byte = mode == (0x40 | operand);
  const bool is_word = mode == (0x80 | operand);
  if (!is_byte && !is_word) return true;
  code.skip(3);
  if ((frame_register & 7) == 4) code.skip(1);  // r12 needs another byte
  epilog.takes_frame_register = true;
  return is_byte ? code.take_number<std::int8_t>(epilog.adjustment) : code.take_number<std::int32_t>(epilog.adjustment);
}

bool take_leave(Code& code, std::uint8_t frame_register, Epilog& epilog) {
  if (code.take(kAddByte)) return code.take_number<std::int8_t>(epilog.adjustment);
  if (code.take(kAddWord)) return code.take_number<std::int32_t>(epilog.adjustment);
  return take_lea(code, frame_register, epilog);
}

void take_pops(Code& code, Epilog& epilog) {
  while (epilog.num_pops < std::size(epilog.pops)) {
    const bool is_high = code.peek() == 0x41;
    const std::uint8_t operation = code.peek(is_high ? 1 : 0);
    if (operation < 0x58 || operation > 0x5F) return;
    code.skip(is_high ? 2 : 1);
    epilog.pops[epilog.num_pops++] = static_cast<std::uint8_t>((operation - 0x58) + (is_high ? 8 : 0));
  }
}

}  // namespace

bool find_epilog(const ImageFile& image, std::uint32_t offset, std::uint8_t frame_register, Epilog& epilog) {
  const Section* section = section_at(image, offset);
  if (section == nullptr || offset - section->offset >= section->bytes.size()) return false;
  Code code(section->bytes.subspan(offset - section->offset));
  if (!take_leave(code, frame_register, epilog)) return false;
  take_pops(code, epilog);
  if (code.take(kReturn) || code.take(kReturnAndPop) || code.take(kRepReturn)) return true;
  if (code.take(kJumpIndirect) || code.take(kJumpIndirectWide)) return true;
  // `rex.w jmp register` is the form of a tail call; without the prefix it is a switch's.
  const bool is_wide = code.peek() == 0x48 || code.peek() == 0x49;
  if (is_wide && code.peek(1) == 0xFF && (code.peek(2) & 0xF8) == 0xE0) return true;
  std::int32_t distance = 0;
  const bool is_jump = (code.take(kJumpShort) && code.take_number<std::int8_t>(distance)) ||
                       (code.take(kJump) && code.take_number<std::int32_t>(distance));
  epilog.jump_target = static_cast<std::int64_t>(offset + code.position()) + distance;
  return is_jump;
}

}  // namespace sluice::image
