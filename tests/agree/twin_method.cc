// THIS CODE IS FOR TESTS ONLY: the built-in methods.
#include <algorithm>

#include "tests/agree/twin_impl.h"

namespace sluice::agree {

using expression::Expr;
using expression::ExprKind;
using expression::Method;

// The integer that all of `text` spells in `radix`, with an optional sign.
static std::optional<Integer> to_integer(const std::string& text, Integer radix) {
  std::size_t i = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  if (i == text.size()) return std::nullopt;
  Integer value = 0;
  for (; i < text.size(); ++i) {
    int c = static_cast<unsigned char>(text[i]);
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'z' ? c - 'a' + 10
                : c >= 'A' && c <= 'Z' ? c - 'A' + 10
                                       : 99;
    if (digit >= radix) return std::nullopt;
    value = value * radix + digit;
    if (value > kIntegerMax) return std::nullopt;
  }
  if (text[0] == '-') value = -value;
  if (!in_range(value)) return std::nullopt;
  return value;
}

static Value pick_extreme(std::vector<Value> items, bool largest) {
  auto less = [](const Value& a, const Value& b) { return compare(a, b) < 0; };
  return largest ? *std::max_element(items.begin(), items.end(), less)
                 : *std::min_element(items.begin(), items.end(), less);
}

// `x.method` and `x.method(arguments)`.
Value Twin::evaluate_method(const Expr& e, const Place& at) {
  Value v = evaluate_used(*e.children[0], at);
  switch (v.kind) {
    case Value::Kind::string:
    case Value::Kind::bytes: return method_on_text(e, v, at);
    case Value::Kind::array: return method_on_array(e, v, at);
    case Value::Kind::floating: {
      if (!(v.number > -9.3e18 && v.number < 1.9e19)) return fail(FindingId::arithmetic_overflow, at);
      auto whole = static_cast<Integer>(v.number);
      return in_range(whole) ? Value::of_integer(whole) : fail(FindingId::arithmetic_overflow, at);
    }
    case Value::Kind::integer:
    case Value::Kind::boolean:
      return e.method == Method::to_s ? Value::of_string(to_string(v.integer)) : Value::of_integer(v.integer);
    case Value::Kind::stream:
      if (e.method == Method::eof) return Value::of_boolean(v.stream->at_end());
      if (e.method == Method::size) return Value::of_integer(v.stream->size());
      return Value::of_integer(v.stream->pos + (v.stream->bit > 0 ? 1 : 0));
    default: return Value::lost();
  }
}

Value Twin::method_on_text(const Expr& e, const Value& v, const Place& at) {
  std::vector<Value> arguments;
  for (std::size_t i = 1; i < e.children.size(); ++i) {
    arguments.push_back(evaluate_used(*e.children[i], at));
    if (arguments.back().is(Value::Kind::lost)) return Value::lost();
  }
  bool is_bytes = v.is(Value::Kind::bytes);
  switch (e.method) {
    case Method::length:
    case Method::size: return Value::of_integer(is_bytes ? v.text.size() : count_characters(v.text));
    case Method::reverse: {
      std::string out;
      for (const auto& c : split_characters(v.text)) out.insert(0, c);
      return Value::of_string(out);
    }
    case Method::to_i: {
      auto value = to_integer(v.text, arguments.empty() ? 10 : arguments[0].integer);
      return value ? Value::of_integer(*value) : fail(FindingId::bad_conversion, at);
    }
    case Method::substring: {
      auto characters = split_characters(v.text);
      Integer from = arguments[0].integer;
      Integer to = arguments[1].integer;
      if (from < 0 || to < from || to > characters.size()) return fail(FindingId::index_out_of_range, at);
      std::string out;
      for (Integer i = from; i < to; ++i) out += characters[static_cast<std::size_t>(i)];
      return Value::of_string(out);
    }
    case Method::to_s: {
      auto text = decode(v.text, arguments[0].text);
      return text ? Value::of_string(*text) : fail(FindingId::bad_conversion, at);
    }
    case Method::to_b: {
      auto bytes = encode(v.text, arguments[0].text);
      return bytes ? Value::of_bytes(*bytes) : fail(FindingId::bad_conversion, at);
    }
    default: break;
  }
  if (v.text.empty()) return fail(FindingId::empty_sequence, at);
  auto byte = [](char c) { return Value::of_integer(static_cast<std::uint8_t>(c)); };
  if (e.method == Method::first) return byte(v.text.front());
  if (e.method == Method::last) return byte(v.text.back());
  std::vector<Value> items;
  for (char c : v.text) items.push_back(byte(c));
  return pick_extreme(items, e.method == Method::max);
}

Value Twin::method_on_array(const Expr& e, const Value& v, const Place& at) {
  const Array& array = *v.array;
  if (e.method == Method::first && !array.items.empty()) return array.items.front();
  if (e.method == Method::size || e.method == Method::length) return Value::of_integer(array.items.size());
  if (array.items.empty()) return fail(FindingId::empty_sequence, at);
  if (e.method == Method::last) return array.items.back();
  for (const Value& item : array.items) {
    if (item.is(Value::Kind::null)) return fail(FindingId::null_access, at);
    if (item.is(Value::Kind::lost)) return item;
  }
  return pick_extreme(array.items, e.method == Method::max);
}

}  // namespace sluice::agree
