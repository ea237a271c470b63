#include "fuzz/triage/words.h"

#include <fmt/format.h>

#include <cctype>

namespace sluice::triage {

namespace {

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

template <typename Number>
std::string number_in(std::string_view bytes) {
  Number number = 0;
  std::memcpy(&number, bytes.data(), std::min(bytes.size(), sizeof number));
  return std::to_string(number);
}

// Nothing: there is more in it than printable ASCII.
bool read_ascii(std::string_view utf16, std::string& text) {
  for (std::size_t i = 0; i + 1 < utf16.size(); i += 2) {
    const char c = utf16[i];
    if (utf16[i + 1] != 0 || std::isprint(static_cast<unsigned char>(c)) == 0) return false;
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return true;
}

std::string text_of(const engine::Value& value) {
  switch (value.kind) {
    case SLUICE_ABSENT: return "null";
    case SLUICE_U32: return number_in<std::uint32_t>(value.bytes);
    case SLUICE_U64: return fmt::format("{{u64: {}}}", number_in<std::uint64_t>(value.bytes));
    case SLUICE_UTF16: {
      std::string text;
      if (read_ascii(value.bytes, text)) return '"' + text + '"';
      return fmt::format("{{utf16: \"...\"}}  # {}", hex(value.bytes));
    }
    default: return fmt::format("{{hex: \"{}\"}}", hex(value.bytes));
  }
}

}  // namespace

std::string text_of(const engine::Event& event) {
  std::string inputs;
  for (const engine::Value& value : event.inputs) inputs += (inputs.empty() ? "" : ", ") + text_of(value);
  return fmt::format("{{type: {}, inputs: [{}]}}", event.type, inputs);
}

}  // namespace sluice::triage
