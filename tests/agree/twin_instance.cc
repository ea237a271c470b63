// THIS CODE IS FOR TESTS ONLY: what happens once a `seq` has been read: instances, assertions, left-over bytes.
#include "tests/agree/twin_impl.h"

namespace sluice::agree {

using schema::Role;

void Twin::finish(Struct& x) {
  judge_checksums(x);
  force_instances(x, false);
  judge_asserts(x);
}

// The pass at the end of a walk that was done again.
void Twin::finish_all(Struct& x) {
  for (std::uint32_t i = x.type->first_sequence(); i < x.type->first_instance(); ++i) finish_value(x.members[i]);
  if (stopped()) return;
  if (x.state != Struct::State::complete) {
    for (std::size_t i = x.type->first_instance(); i < x.members.size(); ++i) finish_value(x.members[i]);
    return;
  }
  judge_checksums(x);
  force_instances(x, true);
  judge_asserts(x);
}

void Twin::finish_value(const Value& v) {
  if (v.is(Value::Kind::structure)) finish_all(*v.structure);
  if (!v.is(Value::Kind::array)) return;
  for (const Value& item : v.array->items) finish_value(item);
}

void Twin::force_instances(Struct& x, bool recurse) {
  Judgement judgement(*this);
  bool outer = forcing_;
  for (std::uint32_t i = x.type->first_instance(); i < x.members.size() && !stopped(); ++i) {
    forcing_ = true;
    if (x.members[i].is(Value::Kind::unread)) evaluate_instance(x, i);
    forcing_ = outer;
    if (recurse && x.type->members[i].role == Role::parse_instance) finish_value(x.members[i]);
  }
}

void Twin::check_left_over(Struct& x) {
  const Stream& s = *x.io;
  if (s.given_up || x.allows_trailing) return;
  std::uint64_t begin = 0;
  while (begin < s.size() && s.covered[begin]) ++begin;
  std::uint64_t end = begin;
  while (end < s.size() && !s.covered[end]) ++end;
  if (begin < end) judged(FindingId::trailing_bytes, {.stream = x.io, .path = x.path, .bytes = s.absolute(begin, end)});
}

// Leaves in the member its value, `null` or `lost`; never `unread`.
void Twin::evaluate_instance(Struct& x, std::uint32_t i) {
  const Member& m = x.type->members[i];
  Place at{.self = &x, .stream = x.io, .path = x.path.empty() ? m.id : x.path + "." + m.id};
  if (depth_ >= limits_.depth) {
    stop(FindingId::limit_depth, at);
    return;
  }
  ++depth_;
  x.in_progress[i] = true;
  if (m.role == Role::value_instance) {
    evaluate_value_instance(x, i, at);
  } else {
    Stream* s = x.io;
    if (!evaluate_parse_instance(x, i, at, s)) {
      s->given_up = true;  // what it would have read is not left over
      x.members[i] = Value::lost();
    }
  }
  if (x.members[i].is(Value::Kind::unread)) x.members[i] = Value::lost();
  x.in_progress[i] = false;
  --depth_;
}

void Twin::evaluate_value_instance(Struct& x, std::uint32_t i, const Place& at) {
  const Member& m = x.type->members[i];
  if (m.condition) {
    Value wanted = evaluate_used(*m.condition.expr, at);
    if (wanted.is(Value::Kind::lost)) return;
    x.members[i] = Value::null();
    if (wanted.integer == 0) return;
  }
  Value v = evaluate(*m.value.expr, at);
  if (v.is(Value::Kind::integer) && m.data.enum_id != schema::kNoEnum) {
    v.enum_id = m.data.enum_id;
    judge(m, v, at);
  }
  x.members[i] = v;
  if (!m.sluice_valid || v.is(Value::Kind::lost)) return;
  Place here = at;
  here.element = &v;
  Judgement judgement(*this);
  Value holds = evaluate_used(*m.sluice_valid.expr, here);
  if (holds.is(Value::Kind::boolean) && holds.integer == 0) judged(FindingId::expression_false, at);
}

// `s`: the stream that it reads from, as far as it came.
bool Twin::evaluate_parse_instance(Struct& x, std::uint32_t i, Place at, Stream*& s) {
  const Member& m = x.type->members[i];
  if (m.condition) {
    Value wanted = evaluate_used(*m.condition.expr, at);
    if (wanted.is(Value::Kind::lost)) return false;
    if (wanted.integer == 0) {
      x.members[i] = Value::null();
      return true;
    }
  }
  if (m.io) {
    Value io = evaluate_used(*m.io.expr, at);
    if (io.is(Value::Kind::lost)) return false;
    at.stream = s = io.stream;
    at.bytes.reset();
  }
  // Whenever it is asked for.
  Integer position = !m.io && x.state == Struct::State::complete ? x.end : s->pos;
  if (m.position) {
    Value v = evaluate_used(*m.position.expr, at);
    if (v.is(Value::Kind::lost)) return false;
    position = v.integer;
  }
  if (position < 0 || position > s->size()) return give_up(FindingId::bad_position, at, at.bytes);
  std::uint64_t pos = s->pos;
  std::uint32_t bit = s->bit;
  s->align();
  s->pos = static_cast<std::uint64_t>(position);
  at.bytes = s->absolute(s->pos, s->pos);
  bool ok = read_repeated(x, i, *s, at);
  s->pos = pos;
  s->bit = bit;
  return ok;
}

}  // namespace sluice::agree
