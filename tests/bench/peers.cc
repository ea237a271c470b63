#include "tests/bench/peers.h"

#include <array>
#include <cstring>

namespace sluice::bench {

namespace {

using Byte = std::uint8_t;

template <typename T>
T number(const Byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

bool is_ascii(const Byte* from, const Byte* to) {
  Byte all = 0;
  for (; from != to; ++from) all |= *from;
  return all < 0x80;
}

// --- By hand
// -----------------------------------------------------------------------------------------------------------

const Byte* criteria_by_hand(const Byte* p, const Byte* end, std::uint16_t count) {
  for (; count > 0; --count) {
    if (end - p < 3 || p[0] > 4) return nullptr;
    const auto length = number<std::uint16_t>(p + 1);
    p += 3;
    if (end - p < length) return nullptr;
    p += length;
  }
  return p;
}

const Byte* template_type_by_hand(const Byte* p, const Byte* end) {
  if (end - p < 4 || number<std::uint16_t>(p + 2) > 64) return nullptr;
  p += 4;
  const auto* zero = static_cast<const Byte*>(std::memchr(p, 0, static_cast<std::size_t>(end - p)));
  return zero != nullptr && is_ascii(p, zero) ? zero + 1 : nullptr;
}

// --- The toy
// -----------------------------------------------------------------------------------------------------------

enum class Do : std::uint8_t { contents, u1, u2, u4, skip, text, at_most, equal, below_root, one_of, repeat, end };

struct Step {
  Do what;
  std::uint8_t a = 0;       // register
  std::uint8_t b = 0;       // second register
  std::uint32_t value = 0;  // bound, or where a repeated structure starts
};

constexpr std::array<Step, 25> kChannelSteps = {{
    /* 0: header and root */
    {Do::contents, 0, 0, 0x48434C53},
    {Do::u4, 0},
    {Do::equal, 0, 0, 1},
    {Do::u4, 1},
    {Do::u4, 2},
    {Do::repeat, 1, 0, 8},
    {Do::repeat, 2, 0, 13},
    {Do::end},
    /* 8: template type */
    {Do::u2, 0},
    {Do::u2, 1},
    {Do::at_most, 1, 0, 64},
    {Do::text},
    {Do::end},
    /* 13: instance */
    {Do::u4, 0},
    {Do::u2, 1},
    {Do::below_root, 1, 1},
    {Do::u2, 2},
    {Do::at_most, 2, 0, 64},
    {Do::repeat, 2, 0, 20},
    {Do::end},
    /* 20: criterion */
    {Do::u1, 0},
    {Do::one_of, 0, 0, 0b11111},
    {Do::u2, 1},
    {Do::skip, 1},
    {Do::end},
}};

struct Frame {
  const Step* back = nullptr;
  const Step* body = nullptr;
  std::uint64_t left = 0;
};

constexpr std::size_t kDepth = 8;
constexpr std::size_t kRegisters = 4;

bool toy(const Step* steps, const Byte* p, const Byte* end) {
  std::array<std::array<std::uint64_t, kRegisters>, kDepth> registers{};
  std::array<Frame, kDepth> frames{};
  std::size_t depth = 0;
  std::uint64_t* r = registers[0].data();
  const Step* pc = steps;
  for (std::uint64_t budget = std::uint64_t{1} << 40; budget > 0; --budget) {
    const Step& s = *pc++;
    const auto left = static_cast<std::uint64_t>(end - p);
    switch (s.what) {
      case Do::contents:
        if (left < 4 || number<std::uint32_t>(p) != s.value) return false;
        p += 4;
        break;
      case Do::u1:
        if (left < 1) return false;
        r[s.a] = *p++;
        break;
      case Do::u2:
        if (left < 2) return false;
        r[s.a] = number<std::uint16_t>(p);
        p += 2;
        break;
      case Do::u4:
        if (left < 4) return false;
        r[s.a] = number<std::uint32_t>(p);
        p += 4;
        break;
      case Do::skip:
        if (r[s.a] > left) return false;
        p += r[s.a];
        break;
      case Do::text: {
        const auto* zero = static_cast<const Byte*>(std::memchr(p, 0, left));
        if (zero == nullptr || !is_ascii(p, zero)) return false;
        p = zero + 1;
        break;
      }
      case Do::at_most:
        if (r[s.a] > s.value) return false;
        break;
      case Do::equal:
        if (r[s.a] != s.value) return false;
        break;
      case Do::below_root:
        if (r[s.a] >= registers[0][s.b]) return false;
        break;
      case Do::one_of:
        if (r[s.a] > 63 || (std::uint64_t{s.value} >> r[s.a] & 1) == 0) return false;
        break;
      case Do::repeat: {
        const std::uint64_t count = r[s.a];
        if (count == 0) break;
        if (count > left || depth + 1 == kDepth) return false;
        frames[++depth] = {.back = pc, .body = steps + s.value, .left = count};
        r = registers[depth].data();
        pc = steps + s.value;
        break;
      }
      case Do::end: {
        if (depth == 0) return p == end;
        Frame& f = frames[depth];
        if (--f.left > 0) {
          pc = f.body;
        } else {
          pc = f.back;
          r = registers[--depth].data();
        }
        break;
      }
    }
  }
  return false;
}

}  // namespace

bool check_by_hand(std::span<const std::uint8_t> content) {
  const Byte* p = content.data();
  const Byte* const end = p + content.size();
  if (end - p < 16 || std::memcmp(p, "SLCH", 4) != 0 || number<std::uint32_t>(p + 4) != 1) return false;
  const auto types = number<std::uint32_t>(p + 8);
  const auto instances = number<std::uint32_t>(p + 12);
  p += 16;
  for (std::uint32_t k = 0; k < types; ++k) {
    p = template_type_by_hand(p, end);
    if (p == nullptr) return false;
  }
  for (std::uint32_t k = 0; k < instances; ++k) {
    if (end - p < 8 || number<std::uint16_t>(p + 4) >= types) return false;
    const auto criteria = number<std::uint16_t>(p + 6);
    if (criteria > 64) return false;
    p = criteria_by_hand(p + 8, end, criteria);
    if (p == nullptr) return false;
  }
  return p == end;
}

bool check_by_toy(std::span<const std::uint8_t> content) {
  return toy(kChannelSteps.data(), content.data(), content.data() + content.size());
}

}  // namespace sluice::bench
