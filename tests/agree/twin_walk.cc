// THIS CODE IS FOR TESTS ONLY: reading structures, members and elements.
#include <bit>

#include "tests/agree/twin_impl.h"

namespace sluice::agree {

using schema::DataKind;
using schema::RepeatKind;
using schema::Role;

TwinResult twin_check(const Schema& schema, std::span<const std::uint8_t> content, const TwinLimits& limits,
                      bool want_tree) {
  return Twin(schema, content, limits).run(want_tree);
}

TwinResult Twin::run(bool want_tree) {
  TwinResult result;
  walk();
  if (redo_) {
    result.redone = true;
    deferred_ = true;
    redo_ = stopped_ = forcing_ = false;
    ends_stream_ = true;
    elements_ = process_bytes_ = depth_ = 0;
    findings_.clear();
    streams_.clear(), structures_.clear(), arrays_.clear();
    walk();
  }
  result.findings = findings_;
  if (want_tree) result.tree = print_tree(*root_);
  return result;
}

void Twin::walk() {
  const TypeSpec& type = schema_.type(schema_.root);
  root_ = new_structure(type, nullptr, new_stream(content_, 0), "");
  root_->owns_stream = true;
  root_->allows_trailing = type.allow.trailing_bytes;
  bool ok = read_structure(*root_);
  if (!ok) root_->io->given_up = true;
  if (deferred_ && !stopped()) finish_all(*root_);
  for (Struct& x : structures_) {
    if (x.owns_stream && x.state == Struct::State::complete) check_left_over(x);
  }
}

Stream* Twin::new_stream(std::string bytes, std::optional<std::uint64_t> base) {
  Stream& s = streams_.emplace_back();
  s.bytes = std::move(bytes);
  s.base = base;
  s.covered.resize(s.bytes.size());
  return &s;
}

Struct* Twin::new_structure(const TypeSpec& type, Struct* parent, Stream* io, std::string path) {
  Struct& x = structures_.emplace_back();
  x.type = &type;
  x.parent = parent;
  x.io = io;
  x.path = std::move(path);
  x.members.resize(type.members.size());
  x.places.resize(type.members.size());
  x.in_progress.resize(type.members.size());
  return &x;
}

void Twin::judged(FindingId id, const Place& at) {
  if (stopped()) return;
  at.stream->has_finding = true;
  findings_.push_back({id, at.path, at.bytes});
}

void Twin::failed(FindingId id, const Place& at) {
  if (!ends_stream_ || !at.stream->has_finding) judged(id, at);
}

bool Twin::give_up(FindingId id, Place at, std::optional<ByteRange> bytes) {
  at.bytes = bytes;
  failed(id, at);
  return false;
}

bool Twin::stop(FindingId id, const Place& at) {
  judged(id, at);
  stopped_ = true;
  return false;
}

bool Twin::spend_element(const Place& at) {
  return ++elements_ <= limits_.elements || stop(FindingId::limit_elements, at);
}

// --- structures

bool Twin::read_structure(Struct& x) {
  Place at{.self = &x, .stream = x.io, .path = x.path};
  if (depth_ >= limits_.depth) return stop(FindingId::limit_depth, at);
  ++depth_;
  x.begin = x.io->next_byte();
  bool ok = decide_endian(x);
  std::uint32_t begin = x.type->first_sequence();
  std::uint32_t end = x.type->first_instance();
  for (std::uint32_t i = begin; ok && i < end; ++i) {
    bool after_bits = i > begin && x.type->members[i - 1].data.kind == DataKind::bits;
    if (after_bits && x.type->members[i].data.kind != DataKind::bits) x.io->align();
    ok = read_member(x, i, *x.io) && !stopped();
  }
  x.end = x.io->next_byte();
  x.state = ok ? Struct::State::complete : Struct::State::given_up;
  if (ok && !deferred_) finish(x);
  --depth_;
  return ok && !stopped();
}

bool Twin::decide_endian(Struct& x) {
  if (!x.type->endian_switch) return true;
  Place at{.self = &x, .stream = x.io, .path = x.path, .bytes = x.io->absolute(x.io->pos, x.io->pos)};
  Value on = evaluate_used(*x.type->endian_switch->switch_on.expr, at);
  if (on.is(Value::Kind::lost)) return false;
  for (const auto& c : x.type->endian_switch->cases) {
    if (c.match) {
      Value match = evaluate_used(*c.match.expr, at);
      if (match.is(Value::Kind::lost)) return false;
      if (compare(on, match) != 0) continue;
    }
    x.endian = c.endian;
    return true;
  }
  return give_up(FindingId::undecided_endianness, at, at.bytes);
}

// --- members

// Where an element of `m` begins: bits may go on inside a byte, and so may what begins with bits; all else leaves it.
static std::uint64_t first_byte(const Member& m, const Stream& s) {
  bool inlined = (m.data.kind == DataKind::structure || m.data.kind == DataKind::switched) && !m.sizing.cuts_a_region();
  return m.data.kind == DataKind::bits || inlined ? s.pos : s.next_byte();
}

static Place place_of(Struct& x, const Member& m, Stream& s) {
  Place at{.self = &x, .stream = &s, .path = x.path.empty() ? m.id : x.path + "." + m.id};
  std::uint64_t start = first_byte(m, s);
  at.bytes = s.absolute(start, s.next_byte());
  return at;
}

bool Twin::read_member(Struct& x, std::uint32_t i, Stream& s) {
  const Member& m = x.type->members[i];
  Place at = place_of(x, m, s);
  if (m.condition) {
    Value wanted = evaluate_used(*m.condition.expr, at);
    if (wanted.is(Value::Kind::lost)) return false;
    if (wanted.integer == 0) {
      x.members[i] = Value::null();
      return true;
    }
  }
  return read_repeated(x, i, s, at);
}

bool Twin::read_repeated(Struct& x, std::uint32_t i, Stream& s, const Place& at) {
  const Member& m = x.type->members[i];
  std::uint64_t begin = first_byte(m, s);
  if (m.repeat == RepeatKind::none) {
    if (!read_element(x, m, s, at, x.members[i])) return false;
    x.places[i] = ByteRange{begin, std::max(begin, s.next_byte())};
    Place whole = at;
    whole.bytes = s.absolute(x.places[i]->begin, x.places[i]->end);
    judge(m, x.members[i], whole);
    return true;
  }
  Integer count = kIntegerMax;
  if (m.repeat == RepeatKind::count) {
    Value v = evaluate_used(*m.repeat_count.expr, at);
    if (v.is(Value::Kind::lost)) return false;
    if (v.integer < 0) return give_up(FindingId::bad_size, at, at.bytes);
    count = v.integer;
  }
  Array& array = arrays_.emplace_back();
  x.members[i] = Value::of_array(&array);
  std::uint64_t empty = 0;
  for (Integer n = 0; n < count; ++n) {
    if (m.repeat == RepeatKind::eos && s.at_end()) break;
    Place element = place_of(x, m, s);
    element.path += "[" + to_string(n) + "]";
    element.index = n;
    std::uint64_t start = first_byte(m, s);
    std::uint64_t pos = s.pos;
    std::uint32_t bit = s.bit;
    Value item;
    array.cut_short = !read_element(x, m, s, element, item) || stopped();
    if (!array.cut_short || !item.is(Value::Kind::unread)) array.items.push_back(item);
    if (array.cut_short) return false;
    Place whole = element;
    whole.element = &array.items.back();
    whole.bytes = s.absolute(start, std::max(start, s.next_byte()));
    judge(m, item, whole);
    if (m.repeat == RepeatKind::until) {
      Value done = evaluate_used(*m.repeat_until.expr, whole);
      array.cut_short = done.is(Value::Kind::lost);
      if (array.cut_short) return false;
      if (done.integer != 0) break;
    }
    empty = s.pos == pos && s.bit == bit ? empty + 1 : 0;
    array.cut_short = empty > (m.repeat == RepeatKind::eos ? 0 : limits_.empty_elements);
    if (array.cut_short) return stop(FindingId::no_progress, element);
  }
  x.places[i] = ByteRange{begin, std::max(begin, s.next_byte())};
  return true;
}

// --- elements

bool Twin::read_element(Struct& x, const Member& m, Stream& s, const Place& at, Value& slot) {
  if (!spend_element(at)) return false;
  if (m.contents) return read_contents(m, s, at, slot);
  if (m.data.kind == DataKind::switched) return read_switched(x, m, s, at, slot);
  return read_typed(x, m, m.data, s, at, slot);
}

bool Twin::read_contents(const Member& m, Stream& s, const Place& at, Value& slot) {
  s.align();
  std::uint64_t n = m.contents->size();
  if (n > s.left()) return give_up(FindingId::end_of_stream, at, s.absolute(s.pos, s.size()));
  slot = Value::of_bytes(s.bytes.substr(s.pos, n));
  s.cover(s.pos, s.pos + n);
  s.pos += n;
  if (slot.text == std::string(m.contents->begin(), m.contents->end())) return true;
  return give_up(FindingId::not_equal, at, s.absolute(s.pos - n, s.pos));
}

// A tag that is in no enum was a finding when it was read.
bool Twin::says_unknown(const DataType& data, const Value& on) const {
  const auto& binding = data.switch_on.expr->binding;
  if (binding.kind != expression::Binding::Kind::member) return false;
  const Member& m = schema_.type(binding.owner).members[binding.index];
  return m.role != schema::Role::parameter && m.data.enum_id != schema::kNoEnum && !m.allow.unknown_enum &&
         on.enum_id != schema::kNoEnum && schema_.enumeration(on.enum_id).find(on.integer) == nullptr;
}

bool Twin::read_switched(Struct& x, const Member& m, Stream& s, const Place& at, Value& slot) {
  Value on = evaluate_used(*m.data.switch_on.expr, at);
  if (on.is(Value::Kind::lost)) return false;
  Place inner = at;
  inner.on = &on;
  const DataType* chosen = nullptr;
  const DataType* otherwise = nullptr;
  for (const auto& c : m.data.cases) {
    if (!c.match) {
      otherwise = &c.type;
      continue;
    }
    Value match = evaluate_used(*c.match.expr, inner);
    if (match.is(Value::Kind::lost)) return false;
    if (compare(on, match) == 0) {
      chosen = &c.type;
      break;
    }
  }
  if (!chosen) chosen = otherwise;
  if (chosen) return read_typed(x, m, *chosen, s, inner, slot);
  const bool said = says_unknown(m.data, on);
  if (m.sizing.cuts_a_region()) {
    if (!m.allow.unmatched_switch && !said) judged(FindingId::unmatched_switch, at);
    DataType bytes;
    return read_typed(x, m, bytes, s, inner, slot);
  }
  if (!m.allow.unmatched_switch && said) return false;
  if (!m.allow.unmatched_switch) return give_up(FindingId::unmatched_switch, at, at.bytes);
  slot = Value::null();
  return true;
}

bool Twin::read_typed(Struct& x, const Member& m, const DataType& data, Stream& s, const Place& at, Value& slot) {
  switch (data.kind) {
    case DataKind::integer:
    case DataKind::floating: return read_number(x, data, s, at, slot);
    case DataKind::bits: return read_bits(data, s, at, slot);
    case DataKind::structure:
      if (!m.sizing.cuts_a_region()) return read_inline_structure(x, m, data, s, at, slot);
      [[fallthrough]];
    default: return read_region(x, m, data, s, at, slot);
  }
}

bool Twin::read_number(const Struct& x, const DataType& data, Stream& s, const Place& at, Value& slot) {
  s.align();
  if (data.width > s.left()) return give_up(FindingId::end_of_stream, at, s.absolute(s.pos, s.size()));
  Endian endian = data.endian == Endian::calculated ? x.endian : data.endian;
  std::uint64_t raw = 0;
  for (std::uint64_t i = 0; i < data.width; ++i) {
    std::uint64_t at_byte = s.pos + (endian == Endian::little ? data.width - 1u - i : i);
    raw = raw << 8 | static_cast<std::uint8_t>(s.bytes[at_byte]);
  }
  s.cover(s.pos, s.pos + data.width);
  s.pos += data.width;
  if (data.kind == DataKind::floating) {
    slot = Value::of_number(data.width == 4 ? std::bit_cast<float>(static_cast<std::uint32_t>(raw))
                                            : std::bit_cast<double>(raw));
    return true;
  }
  Integer value = raw;
  Integer range = Integer{1} << (8 * data.width);
  if (data.is_signed && value >= range / 2) value -= range;
  slot = Value::of_integer(value);
  slot.enum_id = data.enum_id;
  return true;
}

bool Twin::read_bits(const DataType& data, Stream& s, const Place& at, Value& slot) {
  if (s.bit > 0 && s.bit_order != data.bit_endian) s.align();
  s.bit_order = data.bit_endian;
  if (s.left() * 8 - s.bit < data.width) {
    return give_up(FindingId::end_of_stream, at, s.absolute(s.next_byte(), s.size()));
  }
  std::uint64_t value = 0;
  std::uint64_t begin = s.pos;
  for (std::uint32_t i = 0; i < data.width; ++i) {
    auto byte = static_cast<std::uint8_t>(s.bytes[s.pos]);
    bool big = data.bit_endian == schema::BitEndian::big;
    std::uint64_t one = byte >> (big ? 7 - s.bit : s.bit) & 1;
    value = big ? value << 1 | one : value | one << i;
    s.pos += s.bit == 7 ? 1 : 0;
    s.bit = (s.bit + 1) % 8;
  }
  s.cover(begin, s.pos + (s.bit > 0 ? 1 : 0));
  slot = data.is_boolean ? Value::of_boolean(value != 0) : Value::of_integer(value);
  slot.enum_id = data.enum_id;
  return true;
}

// --- structures as elements

// The structure that an element will be read into, its parent and parameters set; null if an argument has no value.
Struct* Twin::make_child(Struct& x, const Member& m, const DataType& data, const Place& at, Stream* io) {
  Struct* parent = &x;
  if (m.parent_is_false) parent = nullptr;
  if (m.parent) {
    Value v = evaluate_used(*m.parent.expr, at);
    if (v.is(Value::Kind::lost)) return nullptr;
    parent = v.structure;
  }
  Struct* child = new_structure(schema_.type(data.type_id), parent, io, at.path);
  child->endian = x.endian;
  for (std::size_t i = 0; i < data.arguments.size(); ++i) {
    child->members[i] = evaluate(*data.arguments[i].expr, at);
    if (child->members[i].is(Value::Kind::lost)) return nullptr;
  }
  return child;
}

bool Twin::read_inline_structure(Struct& x, const Member& m, const DataType& data, Stream& s, const Place& at,
                                 Value& slot) {
  Struct* child = make_child(x, m, data, at, &s);
  if (!child) return false;
  bool ok = read_structure(*child);
  slot = Value::of_structure(child);
  return ok;
}

// A structure in a stream of its own: whatever becomes of it, `x` goes on.
bool Twin::read_substream(Struct& x, const Member& m, const DataType& data, const Place& at, Stream* own, Value& slot) {
  Struct* child = make_child(x, m, data, at, own);
  if (!child) return false;
  child->owns_stream = true;
  child->allows_trailing = m.allow.trailing_bytes || child->type->allow.trailing_bytes;
  bool outer = ends_stream_;
  ends_stream_ = true;
  bool ok = read_structure(*child);
  ends_stream_ = outer;
  slot = Value::of_structure(child);
  if (!ok) own->given_up = true;
  return !stopped();
}

}  // namespace sluice::agree
