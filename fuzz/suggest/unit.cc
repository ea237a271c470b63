#include "fuzz/suggest/unit.h"

#include <string_view>

namespace sluice::suggest {

namespace {

bool is_bytes(Unit unit) { return unit == Unit::offset || unit == Unit::length; }
bool is_elements(Unit unit) { return unit == Unit::first || unit == Unit::count; }

bool is_begin_and_extent(Unit begin, Unit extent) {
  return (begin == Unit::offset && extent == Unit::length) || (begin == Unit::first && extent == Unit::count);
}

}  // namespace

Unit unit_of(const Term& term) {
  if (term.enum_id != schema::kNoEnum) return Unit::code;
  if (term.kind == Term::Kind::count || term.kind == Term::Kind::supply) return Unit::count;
  if (term.kind == Term::Kind::size) return Unit::length;
  const std::string_view rule = term.rule;
  const std::string_view name = rule.substr(rule.rfind('.') + 1);  // npos + 1 is the begin
  if (name.starts_with("ofs_")) return Unit::offset;
  if (name.starts_with("len_")) return Unit::length;
  if (name.starts_with("num_")) return Unit::count;
  if (name.starts_with("first_")) return Unit::first;
  if (name == "id" || name.ends_with("_id")) return Unit::name;
  return Unit::unknown;
}

bool can_bound(Unit one, Unit other) {
  if (one == Unit::name || other == Unit::name || one == Unit::code || other == Unit::code) return false;
  if (one == Unit::unknown || other == Unit::unknown) return true;
  return (is_bytes(one) && is_bytes(other)) || (is_elements(one) && is_elements(other));
}

bool can_equal(Unit one, Unit other) { return one == other || can_bound(one, other); }

bool is_range_in(Unit one, Unit other, Unit region) {
  if (!is_begin_and_extent(one, other) && !is_begin_and_extent(other, one)) return false;
  return region == (is_bytes(one) ? Unit::length : Unit::count);
}

}  // namespace sluice::suggest
