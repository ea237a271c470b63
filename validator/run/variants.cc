#include "validator/run/variants.h"

#include "validator/bytes/utf8.h"

namespace sluice::run {

namespace {

constexpr std::size_t kLongest = 4096;  // characters

std::size_t unit_of(InputKind kind) { return kind == InputKind::utf16 ? 2 : 1; }

std::uint64_t number_in(const InputValue& value) {
  std::uint64_t number = 0;
  for (std::size_t i = value.bytes.size(); i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(value.bytes[i]);
  }
  return number;
}

bool is_number(InputKind kind) { return kind == InputKind::u32 || kind == InputKind::u64; }

// In two's complement, if it fits.
std::optional<InputValue> number_input(Integer number, InputKind kind) {
  const Integer limit = kind == InputKind::u32 ? Integer{1} << 32 : Integer{1} << 64;
  if (number >= limit || number < -limit / 2) return std::nullopt;
  return number_value(kind, static_cast<std::uint64_t>(number));
}

std::optional<InputValue> as_input(const Candidate& candidate, InputKind kind) {
  const bool is_integer = candidate.kind == Candidate::Kind::integer;
  if (is_number(kind)) return is_integer ? number_input(candidate.number, kind) : std::nullopt;
  if (is_integer || kind == InputKind::absent) return std::nullopt;
  if (kind == InputKind::bytes) return InputValue{kind, candidate.text};
  if (bytes::valid_utf8_prefix(candidate.text) != candidate.text.size()) return std::nullopt;
  return utf16_value(candidate.text);
}

}  // namespace

std::vector<InputValue> as_inputs(const Candidate& candidate, std::optional<InputKind> kind) {
  std::vector<InputValue> inputs;
  if (kind) {
    if (auto input = as_input(candidate, *kind)) inputs.push_back(std::move(*input));
    return inputs;
  }
  for (const InputKind any : {InputKind::utf16, InputKind::bytes, InputKind::u32, InputKind::u64}) {
    auto input = as_input(candidate, any);
    if (input && (any != InputKind::u64 || inputs.empty())) inputs.push_back(std::move(*input));
  }
  return inputs;
}

InputValue plain_value(InputKind kind) {
  if (is_number(kind)) return number_value(kind, 1);
  return kind == InputKind::utf16 ? utf16_value("a") : InputValue{kind, kind == InputKind::bytes ? "a" : ""};
}

InputValue least_value(InputKind kind) { return is_number(kind) ? number_value(kind, 0) : InputValue{kind, {}}; }

std::vector<InputValue> near(const InputValue& value) {
  if (is_number(value.kind)) {
    const std::uint64_t number = number_in(value);
    return {number_value(value.kind, number + 1), number_value(value.kind, number - 1)};
  }
  const std::size_t unit = unit_of(value.kind);
  if (value.bytes.size() < unit) return {};
  InputValue other = value;
  char& last = other.bytes[other.bytes.size() - unit];
  last = static_cast<char>(last ^ 1);
  InputValue shorter = value;
  shorter.bytes.resize(shorter.bytes.size() - unit);
  return {std::move(other), std::move(shorter)};
}

InputValue longest(const InputValue& value) {
  if (is_number(value.kind)) return number_value(value.kind, ~std::uint64_t{0});
  InputValue out = value.bytes.empty() ? plain_value(value.kind) : value;
  const std::size_t unit = unit_of(value.kind);
  const std::string last = out.bytes.substr(out.bytes.size() - unit);
  while (out.bytes.size() < kLongest * unit) out.bytes += last;
  return out;
}

}  // namespace sluice::run
