// THIS CODE IS FOR TESTS ONLY: judging values that were read.
#include <algorithm>
#include <utility>

#include "tests/agree/twin_impl.h"

namespace sluice::agree {

using schema::Checksum;
using schema::Validation;

static bool enum_names(const schema::Enum& e, Integer value) {
  return std::ranges::any_of(e.members, [&](const auto& member) { return member.value == value; });
}

void Twin::judge(const Member& m, const Value& v, const Place& at) {
  if (m.valid.kind != Validation::Kind::none) return judge_valid(m, v, at);
  bool checked = v.is(Value::Kind::integer) && v.enum_id != schema::kNoEnum && !m.allow.unknown_enum;
  if (checked && !enum_names(schema_.enumeration(v.enum_id), v.integer)) judged(FindingId::unknown_enum, at);
}

void Twin::judge_valid(const Member& m, const Value& v, const Place& place) {
  const Validation& valid = m.valid;
  Place at = place;
  at.element = &v;
  auto violated = [&](FindingId id) { judged(id, at); };
  bool is_there = !v.is(Value::Kind::lost) && !v.is(Value::Kind::null);
  auto order = [&](const Value& bound) { return is_there && !bound.is(Value::Kind::lost) ? compare(v, bound) : 0; };
  Judgement judgement(*this);
  switch (valid.kind) {
    case Validation::Kind::none: return;
    case Validation::Kind::equal: {
      if (order(evaluate_used(*valid.equal.expr, at)) != 0) violated(FindingId::not_equal);
      return;
    }
    case Validation::Kind::range: {
      if (valid.min && order(evaluate_used(*valid.min.expr, at)) < 0) violated(FindingId::too_small);
      if (valid.max && order(evaluate_used(*valid.max.expr, at)) > 0) violated(FindingId::too_large);
      return;
    }
    case Validation::Kind::any_of: {
      bool found = !is_there;
      for (const auto& expression : valid.any_of) {
        Value allowed = evaluate(*expression.expr, at);
        if (allowed.is(Value::Kind::lost)) return;
        found = found || (!allowed.is(Value::Kind::null) && order(allowed) == 0);
      }
      if (!found) violated(FindingId::not_any_of);
      return;
    }
    case Validation::Kind::in_enum: {
      if (is_there && !enum_names(schema_.enumeration(v.enum_id), v.integer)) violated(FindingId::not_in_enum);
      return;
    }
    case Validation::Kind::expression: {
      Value ok = evaluate_used(*valid.expression.expr, at);
      if (!ok.is(Value::Kind::lost) && ok.integer == 0) violated(FindingId::expression_false);
      return;
    }
  }
}

void Twin::judge_checksums(Struct& x) {
  for (std::uint32_t i = x.type->first_sequence(); i < x.type->first_instance(); ++i) {
    const Member& m = x.type->members[i];
    if (m.checksum.algorithm == Checksum::Algorithm::none) continue;
    const Value& stored = x.members[i];
    const auto& first = x.places[m.checksum.first];
    const auto& last = x.places[m.checksum.last];
    if (!first || !last || !(stored.is(Value::Kind::integer) || stored.is(Value::Kind::bytes))) continue;
    std::string sum = checksum(m.checksum.algorithm, x.io->bytes.substr(first->begin, last->end - first->begin));
    bool same = stored.is(Value::Kind::bytes) ? stored.text == sum : true;
    if (stored.is(Value::Kind::integer)) {
      Integer value = 0;
      for (char c : sum) value = value << 8 | static_cast<std::uint8_t>(c);
      same = value == stored.integer;
    }
    if (same) continue;
    std::string path = x.path.empty() ? m.id : x.path + "." + m.id;
    judged(FindingId::checksum_mismatch,
           {.stream = x.io, .path = path, .bytes = x.io->absolute(x.places[i]->begin, x.places[i]->end)});
  }
}

void Twin::judge_asserts(Struct& x) {
  Judgement judgement(*this);
  bool outer = std::exchange(forcing_, true);
  for (const auto& assertion : x.type->asserts) {
    if (stopped()) break;
    Place at{.self = &x, .stream = x.io, .path = x.path, .bytes = x.io->absolute(x.begin, x.end)};
    Value holds = evaluate_used(*assertion.expression.expr, at);
    if (holds.is(Value::Kind::boolean) && holds.integer == 0) judged(FindingId::assertion_false, at);
  }
  forcing_ = outer;
}

}  // namespace sluice::agree
