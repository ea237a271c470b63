#include "validator/run/event.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/bytes/utf8.h"
#include "validator/finding/finding.h"

namespace sluice::run {

namespace {

constexpr std::size_t kShown = 40;

void append(std::string& out, std::uint64_t value, unsigned size) {
  for (unsigned i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

std::uint64_t number_in(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

void append_unit(std::string& out, char32_t unit) { append(out, unit, 2); }

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    append(out, c, 1);
    return;
  }
  const unsigned tail = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  append(out, (0xFF00u >> (tail + 1) & 0xFF) | c >> (6 * tail), 1);
  for (unsigned i = tail; i-- > 0;) append(out, 0x80 | (c >> (6 * i) & 0x3F), 1);
}

// As UTF-8; what is no UTF-16 becomes U+FFFD.
std::string utf8_of(std::string_view utf16) {
  std::string out;
  for (std::size_t i = 0; i + 1 < utf16.size(); i += 2) {
    char32_t c = static_cast<char32_t>(number_in(utf16.substr(i, 2)));
    if (0xD800 <= c && c < 0xE000) {
      const char32_t low = i + 3 < utf16.size() ? static_cast<char32_t>(number_in(utf16.substr(i + 2, 2))) : 0;
      const bool is_pair = c < 0xDC00 && 0xDC00 <= low && low < 0xE000;
      c = is_pair ? 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
      if (is_pair) i += 2;
    }
    append_utf8(out, c);
  }
  return out;
}

}  // namespace

InputValue number_value(InputKind kind, std::uint64_t number) {
  InputValue value{kind, {}};
  append(value.bytes, number, kind == InputKind::u32 ? 4 : 8);
  return value;
}

InputValue utf16_value(std::string_view utf8) {
  InputValue value{InputKind::utf16, {}};
  while (!utf8.empty()) {
    const bytes::CodePoint point = bytes::first_code_point(utf8);
    utf8.remove_prefix(std::max<std::size_t>(point.length, 1));
    const char32_t c = point.length == 0 ? 0xFFFD : point.value;
    if (c < 0x10000) {
      append_unit(value.bytes, c);
    } else {
      append_unit(value.bytes, 0xD800 + ((c - 0x10000) >> 10));
      append_unit(value.bytes, 0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return value;
}

std::string shown(const InputValue& value) {
  switch (value.kind) {
    case InputKind::absent: return "absent";
    case InputKind::u32:
    case InputKind::u64: return std::to_string(number_in(value.bytes));
    case InputKind::utf16: return fmt::format("\"{}\"", printable(utf8_of(value.bytes), kShown));
    case InputKind::bytes: break;
  }
  if (std::ranges::all_of(value.bytes, [](char c) { return 0x20 <= c && c < 0x7F; })) {
    return fmt::format("\"{}\"", printable(value.bytes, kShown));
  }
  std::string out = "hex ";
  const std::size_t bytes = std::min(value.bytes.size(), kShown / 2);
  for (std::size_t i = 0; i < bytes; ++i) out += fmt::format("{:02x}", static_cast<unsigned char>(value.bytes[i]));
  if (bytes < value.bytes.size()) out += fmt::format("... ({} bytes)", value.bytes.size());
  return out;
}

std::uint32_t Values::add(InputValue value) {
  const auto [at, is_new] = indices_.try_emplace(std::move(value), static_cast<std::uint32_t>(values_.size()));
  if (is_new) values_.push_back(&at->first);
  return at->second;
}

std::string encode(std::span<const Event> events, const Values& values) {
  std::vector<std::uint32_t> indices(values.size(), kAbsent);  // in `values` -> in the blob
  std::vector<std::uint32_t> used;
  std::size_t size = 0;
  for (const Event& event : events) {
    size += 8 + 4 * event.inputs.size();
    for (const std::uint32_t input : event.inputs) {
      if (input == kAbsent || indices[input] != kAbsent) continue;
      indices[input] = static_cast<std::uint32_t>(used.size());
      used.push_back(input);
      size += 16 + values[input].bytes.size();
    }
  }
  std::string out = "SLEV";
  out.reserve(size + 16);
  append(out, 1, 4);
  append(out, used.size(), 4);
  append(out, events.size(), 4);
  for (const std::uint32_t index : used) {
    const InputValue& value = values[index];
    append(out, static_cast<std::uint32_t>(value.kind), 4);
    append(out, value.bytes.size(), 4);
    out += value.bytes;
    out.append((8 - value.bytes.size() % 8) % 8, '\0');
  }
  for (const Event& event : events) {
    append(out, event.type, 4);
    append(out, event.inputs.size(), 4);
    for (const std::uint32_t input : event.inputs) append(out, input == kAbsent ? kAbsent : indices[input], 4);
  }
  return out;
}

}  // namespace sluice::run
