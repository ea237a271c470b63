// Reading one element: numbers, bits, bytes, text; and choosing what to read.
#include <algorithm>
#include <bit>
#include <cstring>

#include "validator/program/machine.h"
#include "validator/program/text.h"
#include "validator/program/transform.h"

namespace sluice::program {

namespace {

template <typename T>
T load_as(const std::uint8_t* from, bool big_endian) {
  return big_endian ? bytes::load_big<T>(from) : bytes::load_little<T>(from);
}

std::uint64_t load_unsigned(const std::uint8_t* from, unsigned width, bool big_endian) {
  switch (width) {
    case 1: return *from;
    case 2: return load_as<std::uint16_t>(from, big_endian);
    case 4: return load_as<std::uint32_t>(from, big_endian);
    default: return load_as<std::uint64_t>(from, big_endian);
  }
}

// Where `unit` (whole units, counted from the start) first stands in `in`.
std::optional<std::uint64_t> find_unit(bytes::View in, const std::vector<std::uint8_t>& unit) {
  if (unit.size() == 1) {
    const void* hit = in.empty() ? nullptr : std::memchr(in.data(), unit[0], in.size());
    if (hit == nullptr) return std::nullopt;
    return static_cast<std::uint64_t>(static_cast<const std::uint8_t*>(hit) - in.data());
  }
  for (std::uint64_t at = 0; in.size() - at >= unit.size(); at += unit.size()) {
    if (std::memcmp(in.data() + at, unit.data(), unit.size()) == 0) return at;
  }
  return std::nullopt;
}

}  // namespace

Value load_scalar(const std::uint8_t* from, ScalarFormat format) {
  const std::uint64_t raw = load_unsigned(from, format.width, format.big_endian);
  switch (format.kind) {
    case ScalarKind::unsigned_integer: return Value::unsigned_integer(raw);
    case ScalarKind::signed_integer: {
      const unsigned unused = 64 - 8u * format.width;
      return Value::signed_integer(static_cast<std::int64_t>(raw << unused) >> unused);
    }
    case ScalarKind::floating:
      return Value::floating(format.width == 4
                                 ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(raw)))
                                 : std::bit_cast<double>(raw));
  }
  std::abort();
}

bool Machine::step_read(const Instruction& i, std::uint32_t& pc) {
  switch (i.op) {
    case Op::read_scalar:
    case Op::read_scalar_calculated: {
      ScalarFormat format{.width = static_cast<std::uint8_t>(i.a & 15),
                          .kind = static_cast<ScalarKind>(i.a >> 4 & 3),
                          .big_endian = (i.a & 64) != 0};
      if (i.op == Op::read_scalar_calculated) {
        const Object& self = *top().self;
        if (!self.endian_known) return fail(FindingId::undecided_endianness, {{"value", "the byte order's switch"}});
        format.big_endian = self.big_endian;
      }
      reader().align();
      const std::uint8_t* from = reader().take(format.width);
      if (from == nullptr) return end_of_stream(format.width);
      push(load_scalar(from, format));
      return true;
    }
    case Op::read_bits: return read_bits(i);
    case Op::take_sized:
    case Op::take_rest:
    case Op::take_terminated:
    case Op::take_fixed: return take_bytes(i);
    case Op::process: return process_bytes(i);
    case Op::decode: return decode_text(i);
    case Op::switch_constant: {
      const Value& v = operands_.back();
      if (v.tag == Tag::null || v.tag == Tag::failed || v.tag == Tag::absent) {
        return v.tag == Tag::failed ? fail_silently()
                                    : fail(FindingId::null_access, {{"what", "the value to switch on"}});
      }
      const auto& rows = code_.switches[i.b].rows;
      const Integer key = v.as_integer();
      const auto row = std::lower_bound(rows.begin(), rows.end(), key,
                                        [](const SwitchTable::Row& r, Integer k) { return r.key.as_integer() < k; });
      if (row != rows.end() && row->key.as_integer() == key) {
        operands_.pop_back();
        pc = row->target;
      }
      return true;
    }
    case Op::unmatched: {
      const Value v = pop();
      if (mode_ != Mode::judge) return true;
      const bool was_said =
          i.b != 0 && v.tag == Tag::enumeration && program_.enums[v.enum_id].find(v.as_integer()) == nullptr;
      if (was_said) return i.a != 0 || fail_silently();
      return violation(FindingId::unmatched_switch, {{"value", describe(v)}}, i.a == 0);
    }
    default: std::abort();
  }
}

bool Machine::read_bits(const Instruction& i) {
  std::uint64_t value = 0;
  const unsigned count = i.a;
  const bool good = i.b != 0 ? reader().take_bits_little(count, value) : reader().take_bits_big(count, value);
  if (!good) return end_of_stream(reader().bytes_for_bits(count));
  push(i.c != 0 ? Value::boolean(value != 0) : Value::unsigned_integer(value));
  return true;
}

// A step each: sixteen times as much as what memchr and the like take in at once.
bool Machine::charge_bytes(std::uint64_t bytes) { return charge_work(bytes * 16); }

bool Machine::charge_search(const ByteRule& rule, std::uint64_t bytes) {
  return rule.terminator.size() == 1 ? charge_work(bytes) : charge_bytes(bytes);
}

// Pads go first, then what follows a terminator; a pad that is the terminator's own last byte is left to it.
bool Machine::trim(const ByteRule& rule, bytes::View& in) {
  const bool pads = rule.pads && (rule.terminator.empty() || rule.terminator.back() != rule.pad);
  if (pads) {
    const std::uint64_t size = in.size();
    while (!in.empty() && in.back() == rule.pad) in = in.first(in.size() - 1);
    if (!charge_bytes(size - in.size())) return false;
  }
  if (rule.terminator.empty()) return true;
  const auto at = find_unit(in, rule.terminator);
  if (!charge_search(rule, at.value_or(in.size()))) return false;
  if (at) in = in.first(*at + (rule.include ? rule.terminator.size() : 0));
  return true;
}

bool Machine::take_bytes(const Instruction& i) {
  const ByteRule& rule = code_.byte_rules[i.b];
  reader().align();
  if (i.op == Op::take_rest) {
    const std::uint64_t size = reader().remaining();
    bytes::View taken{reader().take(size), size};
    if (!trim(rule, taken)) return false;
    push(Value::bytes(taken));
    return true;
  }
  if (i.op == Op::take_terminated) {
    const bytes::View rest = reader().rest();
    const auto at = find_unit(rest, rule.terminator);
    if (!charge_search(rule, at.value_or(rest.size()))) return false;
    if (!at) {
      if (rule.eos_error) {
        std::string terminator;
        for (const std::uint8_t b : rule.terminator) terminator += (terminator.empty() ? "" : " ") + std::to_string(b);
        return fail_at(FindingId::terminator_missing,
                       {{"terminator", terminator}, {"available", std::to_string(rest.size())}}, rest.data(),
                       rest.size());
      }
      push(Value::bytes({reader().take(rest.size()), rest.size()}));
      return true;
    }
    const std::uint64_t unit = rule.terminator.size();  // *at + unit <= rest.size(), as found
    const std::uint8_t* from = reader().take(*at + (rule.consume ? unit : 0));
    push(Value::bytes({from, *at + (rule.include ? unit : 0)}));
    return true;
  }
  std::uint64_t size = static_cast<std::uint64_t>(i.c);
  if (i.op == Op::take_sized) {
    const Value v = pop();
    if (v.tag == Tag::failed) return fail_silently();
    if (v.tag != Tag::integer) return fail(FindingId::null_access, {{"what", "the size"}});
    if (v.negative) {
      return fail(FindingId::bad_size, {{"what", "the size"}, {"value", to_string(v.as_integer())}});
    }
    size = v.bits;
  }
  const std::uint8_t* from = reader().take(size);
  if (from == nullptr) return end_of_stream(size);
  bytes::View taken{from, size};
  if (!trim(rule, taken)) return false;
  push(Value::bytes(taken));
  return true;
}

// What follows a zlib stream in its field is like what follows the last field of a structure.
void Machine::report_left_over(bytes::View rest) {
  Finding f = located(FindingId::trailing_bytes);
  f.parameters = {{"count", std::to_string(rest.size())}};
  if (const auto offset = offset_of(rest.data())) f.bytes = ByteRange{*offset, *offset + rest.size()};
  findings_.add(std::move(f));
  stream_->flagged = true;
}

// `a` is the kind as the schema room numbers it: 1 xor, 2 rotate left, 3 rotate right, 4 zlib.
bool Machine::process_bytes(const Instruction& i) {
  const Value key = i.a == 4 ? Value{} : pop();
  const Value in = pop();
  if (in.tag != Tag::bytes) return fail_silently();
  const std::uint64_t left = limits_.process_bytes - std::min(limits_.process_bytes, process_bytes_);
  const Inflated inflated = i.a == 4 ? measure_inflated(in.view(), left) : Inflated{.produced = in.size};
  const std::uint64_t size = inflated.produced;
  if (size > left) return budget(FindingId::limit_process, {{"limit", std::to_string(limits_.process_bytes)}});
  // Charged before it is known whether the data are good: what broke at its end was work too. Sixteen steps for a byte
  // of input, as the blocks that cost the most produce nothing.
  process_bytes_ += size;
  if (!charge_work(size) || !charge_bytes(inflated.consumed * 16)) return false;
  if (!inflated.reason.empty()) {
    return fail(FindingId::bad_process, {{"process", "zlib"}, {"reason", inflated.reason}});
  }
  const bool trails = i.a == 4 && inflated.consumed < in.size;
  if (trails && i.b == 0 && mode_ == Mode::judge) report_left_over(in.view().subspan(inflated.consumed));
  auto* out = static_cast<std::uint8_t*>(region_of(top().self).allocate(std::max<std::uint64_t>(size, 1)));
  if (out == nullptr) return out_of_memory();
  if (i.a == 4) {
    if (!inflate_into(in.view(), out, size)) std::abort();
  } else if (i.a == 1) {
    std::uint8_t byte = 0;
    bytes::View view;
    if (key.tag == Tag::bytes) {
      view = key.view();
    } else if (key.tag == Tag::integer && !key.negative && key.bits <= 0xFF) {
      byte = static_cast<std::uint8_t>(key.bits);
      view = {&byte, 1};
    }
    if (view.empty()) {
      return fail(FindingId::bad_process,
                  {{"process", "xor"}, {"reason", "the key must be a byte or non-empty bytes"}});
    }
    xor_with(in.view(), view, out);
  } else {
    if (key.tag != Tag::integer) return fail(FindingId::null_access, {{"what", "the rotation"}});
    // Kaitai's runtimes take the amount modulo 8.
    const auto bits = static_cast<unsigned>(key.bits & 7);
    rotate_left(in.view(), i.a == 2 ? bits : (8 - bits) & 7, out);
  }
  push(Value::bytes({out, size}));
  return true;
}

bool Machine::decode_text(const Instruction& i) {
  const Value in = pop();
  if (in.tag != Tag::bytes) {
    push(in);
    return true;
  }
  const std::string& encoding = program_.encodings[i.b];
  std::optional<std::uint64_t> invalid;
  const Simple simple = is_simple(encoding);
  Value out = Value::bytes(in.view(), Tag::string);
  if (!(simple == Simple::ascii ? charge_work(in.size) : charge_bytes(in.size))) return false;
  if (simple != Simple::no) {
    invalid = simple == Simple::ascii ? first_invalid_ascii(in.view()) : first_invalid_utf8(in.view());
  } else {
    std::string text;
    std::uint64_t at = 0;
    if (!decode(encoding, in.view(), text, at)) {
      invalid = at;
    } else if (i.a != 0) {
      if (!make_string(text)) return false;
      out = pop();
    }
  }
  if (invalid) {
    if (!violation(FindingId::bad_string, {{"encoding", encoding}, {"position", std::to_string(*invalid)}}, false)) {
      return false;
    }
    out = Value::of(Tag::failed);
  }
  push(out);
  return true;
}

}  // namespace sluice::program
