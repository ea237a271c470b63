#include "tests/reference/naive.h"

#include <algorithm>

#include "fuzz/reference/sensor.h"

namespace sluice::naive {

namespace {

// One place of a pattern: which characters it takes, and how often.
struct Token {
  bool any = false;
  bool inverted = false;
  std::vector<std::pair<char32_t, char32_t>> ranges;
  bool optional = false;
  bool repeats = false;

  bool takes(char32_t c) const {
    const bool is_member = std::ranges::any_of(ranges, [c](auto r) { return r.first <= c && c <= r.second; });
    return any || is_member != inverted;
  }
};

struct Regex {
  bool from_begin = false;
  bool to_end = false;
  std::vector<Token> tokens;
};

// A character, or the one behind a backslash.
char32_t take_character(const std::string& s, std::size_t& i) {
  if (s[i] == '\\' && i + 1 < s.size()) i++;
  return static_cast<unsigned char>(s[i++]);
}

bool take_class(const std::string& s, std::size_t& i, Token& token) {
  std::size_t k = i + 1;
  if (k < s.size() && s[k] == '^') {
    token.inverted = true;
    k++;
  }
  std::vector<std::pair<char32_t, bool>> members;  // and whether it is a plain minus
  for (bool first = true; k < s.size() && (first || s[k] != ']'); first = false) {
    const bool is_minus = s[k] == '-';
    members.emplace_back(take_character(s, k), is_minus);
  }
  if (k >= s.size()) return false;
  i = k + 1;
  for (std::size_t m = 0; m < members.size(); m++) {
    if (m + 2 < members.size() && members[m + 1].second) {
      token.ranges.emplace_back(members[m].first, members[m + 2].first);
      m += 2;
    } else {
      token.ranges.emplace_back(members[m].first, members[m].first);
    }
  }
  return true;
}

Regex parse(std::string s) {
  Regex regex;
  if (s.starts_with('^')) {
    regex.from_begin = true;
    s.erase(0, 1);
  }
  if (s.ends_with('$')) {
    std::size_t slashes = 0;
    while (slashes + 1 < s.size() && s[s.size() - 2 - slashes] == '\\') slashes++;
    if (slashes % 2 == 0) {
      regex.to_end = true;
      s.pop_back();
    }
  }
  for (std::size_t i = 0; i < s.size();) {
    Token token;
    if (s[i] == '.') {
      token.any = true;
      i++;
    } else if (s[i] != '[' || !take_class(s, i, token)) {
      token = Token{};
      const char32_t c = take_character(s, i);
      token.ranges = {{c, c}};
    }
    for (; i < s.size() && (s[i] == '*' || s[i] == '+' || s[i] == '?'); i++) {
      token.optional = token.optional || s[i] != '+';
      token.repeats = token.repeats || s[i] != '?';
    }
    regex.tokens.push_back(token);
  }
  return regex;
}

// Whether tokens from `t` match the text from `i`. `taken`: token `t` has taken a character already.
bool matches_from(const Regex& regex, std::size_t t, bool taken, const std::u32string& text, std::size_t i) {
  if (t == regex.tokens.size()) return !regex.to_end || i == text.size();
  const Token& token = regex.tokens[t];
  if ((taken || token.optional) && matches_from(regex, t + 1, false, text, i)) return true;
  if (taken && !token.repeats) return false;
  return i < text.size() && token.takes(text[i]) && matches_from(regex, t, true, text, i + 1);
}

}  // namespace

bool regex_matches(const std::string& pattern, const std::u32string& text) {
  const Regex regex = parse(pattern);
  for (std::size_t i = 0; i <= text.size(); i++) {
    if (matches_from(regex, 0, false, text, i)) return true;
    if (regex.from_begin) break;
  }
  return false;
}

bool text_matches(int op, const std::string& operand, const std::u32string& value) {
  std::u32string wanted;
  for (const char c : operand) wanted += static_cast<unsigned char>(c);
  switch (op) {
    case SENSOR_EQUALS: return value == wanted;
    case SENSOR_PREFIX: return value.starts_with(wanted);
    case SENSOR_SUFFIX: return value.ends_with(wanted);
    default: return value.find(wanted) != value.npos;
  }
}

bool number_matches(int op, const std::vector<std::uint32_t>& operand, std::uint64_t value) {
  if (op == SENSOR_RANGE) return operand[0] <= value && value <= operand[1];
  return std::ranges::find(operand, value) != operand.end();
}

}  // namespace sluice::naive
