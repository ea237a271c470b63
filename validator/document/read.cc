#include "validator/document/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "validator/finding/finding.h"

namespace sluice::document {
namespace {

constexpr std::string_view kNumberForms = "a decimal, 0x, 0b or 0o number";

// The value of `c` as a digit, 16 if it is none.
constexpr unsigned digit_value(char c) {
  if ('0' <= c && c <= '9') return static_cast<unsigned>(c - '0');
  if ('a' <= c && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if ('A' <= c && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return 16;
}

unsigned take_base(std::string_view& digits) {
  if (digits.size() < 2 || digits[0] != '0') return 10;
  unsigned base = 10;
  switch (digits[1]) {
    case 'b':
    case 'B': base = 2; break;
    case 'o':
    case 'O': base = 8; break;
    case 'x':
    case 'X': base = 16; break;
    default: return base;
  }
  digits.remove_prefix(2);
  return base;
}

// Empty if the digits are read into `out`, else what is wrong with them.
std::string read_digits(std::string_view digits, std::uint64_t& out) {
  const unsigned base = take_base(digits);
  if (base == 10 && digits.size() > 1 && digits[0] == '0' && digit_value(digits[1]) < 10) {
    return "a number may not start with 0";
  }
  out = 0;
  char before = '_';
  for (const char c : digits) {
    const bool is_separator = c == '_' && before != '_';
    before = c;
    if (is_separator) continue;
    const unsigned digit = digit_value(c);
    if (digit >= base) return fmt::format("expected {}", kNumberForms);
    if (out > (std::numeric_limits<std::uint64_t>::max() - digit) / base) return "a number above 2^64 - 1";
    out = out * base + digit;
  }
  return before == '_' ? fmt::format("expected {}", kNumberForms) : "";
}

std::nullopt_t fail(Problem& problem, Mark mark, std::string message) {
  problem = {mark, std::move(message)};
  return std::nullopt;
}

bool is_boolean_elsewhere(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  constexpr std::array<std::string_view, 8> kWords = {"true", "false", "yes", "no", "on", "off", "y", "n"};
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

// Edit distance with swaps of neighbours, or more than `most`.
std::size_t distance(std::string_view a, std::string_view b, std::size_t most) {
  constexpr std::size_t kLongest = 40;
  if (a.size() > kLongest || b.size() > kLongest) return most + 1;
  std::array<std::array<std::size_t, kLongest + 1>, kLongest + 1> d{};
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      const bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swap) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

std::string unknown_key(std::string_view key, std::span<const std::string_view> allowed) {
  if (const auto near = nearest(key, allowed)) {
    return fmt::format("unknown key \"{}\"; did you mean \"{}\"?", printable(key), *near);
  }
  return fmt::format("unknown key \"{}\"; allowed: {}", printable(key), fmt::join(allowed, ", "));
}

}  // namespace

Scalar key_of(const Entry& entry) { return {entry.key, entry.key_quoted, entry.mark}; }

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return "nothing";
    case Node::Kind::scalar: return fmt::format("text \"{}\"", printable(node.text, 40));
    case Node::Kind::sequence: return "a sequence";
    case Node::Kind::mapping: return "a mapping";
  }
  return {};
}

std::optional<Number> as_number(const Scalar& scalar, Problem& problem) {
  if (scalar.quoted) return fail(problem, scalar.mark, "expected a number without quotes");
  Number number;
  std::string_view digits = scalar.text;
  const bool has_minus = digits.starts_with('-');
  if (has_minus) digits.remove_prefix(1);
  const std::string wrong = read_digits(digits, number.magnitude);
  if (!wrong.empty()) {
    return fail(problem, scalar.mark, fmt::format("{}, found \"{}\"", wrong, printable(scalar.text, 40)));
  }
  number.is_negative = has_minus && number.magnitude != 0;
  return number;
}

std::optional<Number> as_number(const Node& node, Problem& problem) {
  if (!node.is_scalar()) return fail(problem, node.mark, fmt::format("expected a number, found {}", describe(node)));
  return as_number(Scalar{node.text, node.quoted, node.mark}, problem);
}

std::optional<std::int64_t> as_integer(const Node& node, Problem& problem) {
  const auto number = as_number(node, problem);
  if (!number) return std::nullopt;
  constexpr std::uint64_t kMinimum = std::uint64_t{1} << 63;  // the magnitude of -2^63
  if (number->magnitude > (number->is_negative ? kMinimum : kMinimum - 1)) {
    return fail(problem, node.mark, "a number outside of -2^63..2^63 - 1");
  }
  return static_cast<std::int64_t>(number->is_negative ? 0 - number->magnitude : number->magnitude);
}

std::optional<std::uint64_t> as_unsigned(const Node& node, Problem& problem) {
  const auto number = as_number(node, problem);
  if (!number) return std::nullopt;
  if (number->is_negative) return fail(problem, node.mark, "a number below 0");
  return number->magnitude;
}

std::optional<bool> as_boolean(const Node& node, Problem& problem) {
  if (node.is_scalar() && !node.quoted && (node.text == "true" || node.text == "false")) return node.text == "true";
  if (node.is_scalar() && is_boolean_elsewhere(node.text)) {
    constexpr const char* kTrap = "write true or false: \"{}\" is text to some YAML readers and a boolean to others";
    return fail(problem, node.mark, fmt::format(kTrap, node.text));
  }
  return fail(problem, node.mark, fmt::format("expected true or false, found {}", describe(node)));
}

std::optional<std::string_view> as_string(const Node& node, Problem& problem) {
  if (node.is_scalar()) return node.text;
  return fail(problem, node.mark, fmt::format("expected text, found {}", describe(node)));
}

std::optional<std::string_view> nearest(std::string_view text, std::span<const std::string_view> candidates) {
  std::optional<std::string_view> best;
  std::size_t best_distance = std::max<std::size_t>(1, text.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t d = distance(text, candidate, best_distance);
    if (d >= best_distance) continue;
    best = candidate;
    best_distance = d;
  }
  return best;
}

bool check_keys(const Node& node, std::span<const std::string_view> allowed, std::vector<Problem>& problems,
                ForeignKeys foreign) {
  if (!node.is_mapping()) {
    problems.push_back({node.mark, fmt::format("expected a mapping, found {}", describe(node))});
    return false;
  }
  const std::size_t before = problems.size();
  for (const Entry& entry : node.entries) {
    const bool is_foreign = entry.key.starts_with('-') && !entry.key.starts_with("-sluice-");
    if (is_foreign && foreign == ForeignKeys::allow) continue;
    if (std::find(allowed.begin(), allowed.end(), entry.key) != allowed.end()) continue;
    problems.push_back({entry.mark, unknown_key(entry.key, allowed)});
  }
  return problems.size() == before;
}

}  // namespace sluice::document
