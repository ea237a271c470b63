// The built-in methods of the expression language.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "validator/program/compare.h"
#include "validator/program/machine.h"
#include "validator/program/text.h"

namespace sluice::program {

using expression::Method;

namespace {

// Whole text as a number: an optional sign and digits. Empty on anything else, `_` and blanks included.
std::optional<Integer> parse_number(std::string_view text, unsigned radix) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) return std::nullopt;
  Integer value = 0;
  for (const char c : text) {
    unsigned digit = 99;
    if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'z') digit = static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'Z') digit = static_cast<unsigned>(c - 'A') + 10;
    if (digit >= radix) return std::nullopt;
    value = value * radix + digit;
    if (value > kIntegerMax + 1) return std::nullopt;
  }
  if (negative) value = -value;
  return in_range(value) ? std::optional(value) : std::nullopt;
}

// The compiler chose the method by the receiver's type; a value of another kind can come out of `any` only.
bool suits(Method method, const Value& v) {
  const bool sequence = v.tag == Tag::array || v.tag == Tag::bytes;
  switch (method) {
    case Method::to_s: return v.tag == Tag::integer || v.tag == Tag::enumeration || v.tag == Tag::bytes;
    case Method::to_i: return v.is_there() && v.tag <= Tag::enumeration && v.tag != Tag::bytes;
    case Method::to_b:
    case Method::reverse:
    case Method::substring: return v.tag == Tag::string;
    case Method::index_of: return v.tag == Tag::string || v.tag == Tag::bytes;
    case Method::length: return v.tag == Tag::string || v.tag == Tag::bytes;
    case Method::size: return sequence || v.tag == Tag::stream;
    case Method::first:
    case Method::last:
    case Method::min:
    case Method::max: return sequence;
    case Method::pos:
    case Method::eof: return v.tag == Tag::stream;
    case Method::none: return false;
  }
  return false;
}

}  // namespace

bool Machine::apply_method(Method method, std::uint32_t arguments, std::uint32_t encoding) {
  Value args[2];
  for (std::uint32_t k = arguments; k-- > 0;) args[k] = pop();
  const Value v = pop();
  if (v.tag == Tag::failed || args[0].tag == Tag::failed || args[1].tag == Tag::failed) return fail_silently();
  if (!suits(method, v)) return fail(FindingId::null_access, {{"what", expression_here()}});
  for (std::uint32_t k = 0; k < arguments; ++k) {
    if (!args[k].is_there()) return fail(FindingId::null_access, {{"what", expression_here()}});
  }
  switch (method) {
    case Method::to_s: {
      if (v.tag == Tag::integer || v.tag == Tag::enumeration) return make_string(to_string(v.as_integer()));
      if (v.tag != Tag::bytes) return fail(FindingId::null_access, {{"what", expression_here()}});
      std::string text;
      std::uint64_t at = 0;
      if (!charge_bytes(v.size)) return false;
      if (!decode(program_.encodings[encoding], v.view(), text, at)) {
        return fail(FindingId::bad_conversion,
                    {{"value", describe(v)}, {"expected", "text in " + program_.encodings[encoding]}});
      }
      return make_string(text);
    }
    case Method::to_b: {
      std::string out;
      if (!charge_bytes(v.size)) return false;
      if (!encode(program_.encodings[encoding], v.text(), out)) {
        return fail(FindingId::bad_conversion,
                    {{"value", describe(v)}, {"expected", "text that " + program_.encodings[encoding] + " can hold"}});
      }
      if (!make_string(out)) return false;
      operands_.back().tag = Tag::bytes;
      return true;
    }
    case Method::to_i: {
      unsigned radix = 10;
      if (arguments == 1) {
        if (args[0].tag != Tag::integer || args[0].negative || args[0].bits < 2 || args[0].bits > 36) {
          return fail(FindingId::bad_conversion, {{"value", describe(args[0])}, {"expected", "a radix of 2 to 36"}});
        }
        radix = static_cast<unsigned>(args[0].bits);
      }
      return apply_to_i(v, radix);
    }
    case Method::length:
    case Method::size: {
      std::uint64_t size = v.size;
      if (v.tag == Tag::array) size = v.array->count;
      if (v.tag == Tag::stream) size = v.stream->reader.size();
      if (v.tag == Tag::string) {
        if (!charge_bytes(v.size)) return false;
        size = count_code_points(v.text());
      }
      push(Value::unsigned_integer(size));
      return true;
    }
    case Method::reverse: {
      std::string out;
      if (!charge_bytes(v.size)) return false;
      out.reserve(v.size);
      const std::string_view text = v.text();
      for (std::size_t end = text.size(); end > 0;) {
        std::size_t begin = end - 1;
        while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
        out += text.substr(begin, end - begin);
        end = begin;
      }
      return make_string(out);
    }
    case Method::substring: {
      if (args[0].tag != Tag::integer || args[1].tag != Tag::integer) {
        return fail(FindingId::null_access, {{"what", expression_here()}});
      }
      const Integer from = args[0].as_integer();
      const Integer to = args[1].as_integer();
      if (!charge_bytes(v.size)) return false;
      const auto length = static_cast<Integer>(count_code_points(v.text()));
      if (from < 0 || to < from || to > length) {
        const Integer bad = from < 0 || from > length ? from : to;
        return fail(FindingId::index_out_of_range, {{"index", to_string(bad)}, {"size", to_string(length)}});
      }
      const std::size_t begin = code_point_position(v.text(), static_cast<std::uint64_t>(from));
      const std::size_t end = code_point_position(v.text(), static_cast<std::uint64_t>(to));
      push(Value::bytes(v.view().subspan(begin, end - begin), Tag::string));
      return true;
    }
    case Method::index_of: {
      if (args[0].tag != Tag::string && args[0].tag != Tag::bytes) {
        return fail(FindingId::null_access, {{"what", expression_here()}});
      }
      if (!charge_bytes(v.size)) return false;
      // In linear time, whatever the two look like.
      const void* found = memmem(v.data, v.size, args[0].data, args[0].size);
      push(Value::signed_integer(found == nullptr ? -1 : static_cast<const std::uint8_t*>(found) - v.data));
      return true;
    }
    case Method::first:
    case Method::last: {
      const std::uint64_t size = v.tag == Tag::array ? v.array->count : v.size;
      if (size == 0) return fail(FindingId::empty_sequence, {{"what", method == Method::first ? "first" : "last"}});
      const std::uint64_t at = method == Method::first ? 0 : size - 1;
      push(v.tag == Tag::array ? v.array->at(at) : Value::unsigned_integer(v.data[at]));
      return true;
    }
    case Method::min: return apply_minmax(v, false);
    case Method::max: return apply_minmax(v, true);
    case Method::pos: push(Value::unsigned_integer(v.stream->reader.position())); return true;
    case Method::eof: push(Value::boolean(v.stream->reader.at_end())); return true;
    case Method::none: break;
  }
  std::abort();
}

bool Machine::apply_to_i(const Value& v, std::uint32_t radix) {
  switch (v.tag) {
    case Tag::integer: push(v); return true;
    case Tag::enumeration: push(Value::integer(v.as_integer())); return true;
    case Tag::boolean: push(Value::unsigned_integer(v.bits)); return true;
    case Tag::floating: {
      const double whole = std::trunc(v.number);
      if (!(whole >= -9223372036854775808.0 && whole < 18446744073709551616.0)) {
        return fail(FindingId::arithmetic_overflow, {{"expression", expression_here()}});
      }
      push(Value::integer(static_cast<Integer>(whole)));
      return true;
    }
    default: {
      const auto value = v.size > 256 ? std::nullopt : parse_number(v.text(), radix);
      if (!value) {
        return fail(FindingId::bad_conversion,
                    {{"value", describe(v)}, {"expected", "a number in base " + std::to_string(radix)}});
      }
      push(Value::integer(*value));
      return true;
    }
  }
}

bool Machine::apply_minmax(const Value& v, bool want_max) {
  const std::uint64_t size = v.tag == Tag::array ? v.array->count : v.size;
  if (size == 0) return fail(FindingId::empty_sequence, {{"what", want_max ? "max" : "min"}});
  if (!charge_work(size * 8)) return false;
  if (v.tag == Tag::bytes) {
    const auto [low, high] = std::minmax_element(v.data, v.data + size);
    push(Value::unsigned_integer(want_max ? *high : *low));
    return true;
  }
  Value best = v.array->at(0);
  for (std::uint64_t k = 1; k < size; ++k) {
    const Value next = v.array->at(k);
    const auto order = compare(next, best);
    if (order && (want_max ? *order > 0 : *order < 0)) best = next;
  }
  push(best);
  return true;
}

}  // namespace sluice::program
