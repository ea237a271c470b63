#include "validator/run/pattern.h"

#include <algorithm>
#include <array>

namespace sluice::run {

namespace {

constexpr std::size_t kLongest = 4096;

class Sampler {
 public:
  explicit Sampler(std::string_view pattern) : rest_(pattern) {}

  std::optional<std::string> run() {
    if (rest_.starts_with('^')) rest_.remove_prefix(1);
    // Of alternatives the first.
    while (!rest_.empty() && rest_[0] != '|') {
      if (rest_ == "$") break;
      const auto one = atom();
      const auto times = one ? repetitions() : std::nullopt;
      if (!times || *times > kLongest - out_.size()) return std::nullopt;
      out_.append(*times, *one);
    }
    return out_;
  }

 private:
  char take() {
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return c;
  }

  std::optional<char> atom() {
    const char c = take();
    switch (c) {
      case '.': return 'a';
      case '[': return of_class();
      case '\\': return rest_.empty() ? std::nullopt : std::optional(escaped(take()));
      case '(':
      case ')': return std::nullopt;
      default: return c;
    }
  }

  static char escaped(char c) {
    switch (c) {
      case 'd': return '0';
      case 'w': return 'a';
      case 's': return ' ';
      case 't': return '\t';
      case 'n': return '\n';
      default: return c;
    }
  }

  // After `[`.
  std::optional<char> of_class() {
    const bool is_negated = rest_.starts_with('^');
    if (is_negated) rest_.remove_prefix(1);
    std::array<bool, 256> members{};
    std::optional<char> first;
    for (bool is_first = true; !rest_.empty() && (rest_[0] != ']' || is_first); is_first = false) {
      const char low = member();
      char high = low;
      if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') {
        take();
        high = member();
      }
      if (!first) first = low;
      for (int c = static_cast<unsigned char>(low); c <= static_cast<unsigned char>(high); ++c) {
        members[static_cast<std::size_t>(c)] = true;
      }
    }
    if (rest_.empty()) return std::nullopt;
    take();
    if (!is_negated) return first;
    for (int c = 'a'; c != 'a' - 1; c = c == '~' ? ' ' : c + 1) {
      if (!members[static_cast<std::size_t>(c)]) return static_cast<char>(c);
    }
    return std::nullopt;
  }

  char member() {
    const char c = take();
    return c == '\\' && !rest_.empty() ? escaped(take()) : c;
  }

  // What stands behind an atom.
  std::optional<std::size_t> repetitions() {
    if (rest_.empty()) return 1;
    if (rest_[0] == '*' || rest_[0] == '+' || rest_[0] == '?') {
      take();
      return 1;
    }
    if (rest_[0] != '{') return 1;
    take();
    std::size_t count = 0;
    bool in_minimum = true;
    while (!rest_.empty() && rest_[0] != '}') {
      const char c = take();
      in_minimum = in_minimum && '0' <= c && c <= '9';
      if (in_minimum) count = std::min<std::size_t>(10 * count + static_cast<std::size_t>(c - '0'), kLongest);
    }
    if (rest_.empty()) return std::nullopt;
    take();
    return count;
  }

  std::string_view rest_;
  std::string out_;
};

}  // namespace

std::optional<std::string> sample_of(std::string_view pattern) {
  if (pattern.size() > kLongest || pattern.find_first_of("^$.[\\*+?{|") == pattern.npos) return std::nullopt;
  auto sample = Sampler(pattern).run();
  return sample && !sample->empty() && *sample != pattern ? sample : std::nullopt;
}

}  // namespace sluice::run
