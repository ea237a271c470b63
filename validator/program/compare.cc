#include "validator/program/compare.h"

#include <algorithm>
#include <cstring>

namespace sluice::program {

namespace {

template <typename T>
int order(T a, T b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

bool is_number(const Value& v) { return v.tag == Tag::integer || v.tag == Tag::floating; }
bool is_sequence(const Value& v) { return v.tag == Tag::string || v.tag == Tag::bytes; }

}  // namespace

double to_double(const Value& value) {
  return value.tag == Tag::floating ? value.number : static_cast<double>(value.as_integer());
}

std::optional<int> compare(const Value& a, const Value& b) {
  if (is_integral(a) && is_integral(b)) return order(a.as_integer(), b.as_integer());
  if (is_number(a) && is_number(b)) {
    const double x = to_double(a);
    const double y = to_double(b);
    if (x != x || y != y) return std::nullopt;  // not a number
    return order(x, y);
  }
  if (a.tag == Tag::boolean && b.tag == Tag::boolean) return order(a.bits, b.bits);
  if (is_sequence(a) && is_sequence(b)) {
    const std::uint64_t common = std::min(a.size, b.size);
    const int r = common == 0 ? 0 : std::memcmp(a.data, b.data, common);
    return r != 0 ? r : order(a.size, b.size);
  }
  if (a.tag == Tag::object && b.tag == Tag::object) return a.object == b.object ? std::optional<int>(0) : std::nullopt;
  return std::nullopt;
}

}  // namespace sluice::program
