// Which repeats the scan can judge without the machine, and how (program/scan_plan.h).
//
// A plan must never accept what the machine would not; where this file is not sure it makes no plan.
#include <algorithm>
#include <map>

#include "validator/expression/check.h"
#include "validator/schema/compiler.h"

namespace sluice::schema {

using expression::BinaryOp;
using expression::Binding;
using expression::Expr;
using expression::ExprKind;
using program::ScalarFormat;
using program::ScanCheck;
using program::ScanField;
using program::ScanPlan;
using program::ScanTail;

namespace {

constexpr std::uint32_t kMaxFixed = 4096;
constexpr int kMaxNesting = 8;

bool is_plain_integer(const DataType& d) { return d.kind == DataKind::integer && d.endian != Endian::calculated; }

std::optional<ScanTail::Encoding> scan_encoding(const std::string& name) {
  if (name == "ASCII") return ScanTail::Encoding::ascii;
  if (name == "UTF-8") return ScanTail::Encoding::utf8;
  if (name == "ISO-8859-1") return ScanTail::Encoding::any;
  return std::nullopt;
}

// A path of plain fields from the root: its value cannot change while a repeat below it is read.
bool is_root_path(const Expr& e) {
  if (e.kind == ExprKind::name) return e.binding.kind == Binding::Kind::root;
  return e.kind == ExprKind::attribute && e.binding.kind == Binding::Kind::member && is_root_path(*e.children[0]);
}

class Planner {
 public:
  Planner(const Schema& schema, const RuleSites& sites, std::vector<ScanValue>& values)
      : schema_(schema), sites_(sites), values_(values) {}

  bool element(const Member& m, ScanPlan& plan, int nesting) {
    if (nesting > kMaxNesting) return false;
    if (m.data.kind == DataKind::structure) return unsized(m) && structure(m.data, plan, nesting);
    Record record{.plan = plan};
    if (!is_plain_integer(m.data) || !integer(m, record)) return false;
    recognise(plan);
    return true;
  }

 private:
  // A record while it is planned: where its numbers lie, so that sizes and counts can refer to them.
  struct Record {
    ScanPlan& plan;
    std::map<std::uint32_t, std::pair<std::uint32_t, ScalarFormat>> numbers = {};  // member -> offset, format
    const TypeSpec* type = nullptr;
  };

  static bool unsized(const Member& m) {
    return !m.sizing.cuts_a_region() && !m.parent && !m.parent_is_false && m.data.arguments.empty() &&
           m.valid.kind == Validation::Kind::none;
  }

  bool structure(const DataType& data, ScanPlan& plan, int nesting) {
    const TypeSpec& type = schema_.type(data.type_id);
    Record record{.plan = plan, .type = &type};
    if (!members(type, type.first_sequence(), record, nesting) || plan.fixed == 0) return false;
    recognise(plan);
    return true;
  }

  // What the scan has a faster way for.
  static void recognise(ScanPlan& plan) {
    for (ScanCheck& c : plan.checks) {
      const auto is_here = [&](const ScanCheck& other) { return other.field.at == c.field.at; };
      c.in_lanes = c.is_range() && c.field.at % c.field.width == 0 && plan.fixed % c.field.width == 0 &&
                   std::ranges::count_if(plan.checks, is_here) == 1;
    }
    if (plan.tails.size() != 1 || plan.tails[0].kind != ScanTail::Kind::skip) return;
    const bool big = plan.tails[0].field.big_endian;
    plan.is_prefixed =
        plan.fixed <= 8 && plan.checks.size() <= 2 && std::ranges::all_of(plan.checks, [&](const ScanCheck& c) {
          return c.is_range() && (c.field.big_endian == big || c.field.width == 1);
        });
  }

  static bool is_simple(const TypeSpec& type) {
    return type.parameter_count == 0 && type.first_instance() == type.members.size() && type.asserts.empty() &&
           !type.endian_switch && !type.opaque;
  }

  bool members(const TypeSpec& type, std::uint32_t from, Record& record, int nesting) {
    if (!is_simple(type)) return false;
    for (std::uint32_t k = from; k < type.members.size(); ++k) {
      const Member& m = type.members[k];
      if (sites_.find(type.id, k) != nullptr || m.condition || m.checksum.algorithm != Checksum::Algorithm::none ||
          m.sizing.process.kind != ProcessKind::none) {
        return false;
      }
      const bool is_fixed = m.repeat == RepeatKind::none && fixed_size(m).has_value();
      if (is_fixed && !record.plan.tails.empty()) return rest(type, k, record, nesting);
      if (record.plan.fixed > kMaxFixed) return false;
      if (!(is_fixed ? fixed(m, k, record) : tail(m, record, nesting))) return false;
    }
    return true;
  }

  // Fixed fields after a tail are a record of their own; they may not refer to the ones before.
  bool rest(const TypeSpec& type, std::uint32_t from, Record& record, int nesting) {
    if (nesting >= kMaxNesting) return false;
    ScanPlan inner{.elements = 0};
    Record after{.plan = inner, .type = &type};
    if (!members(type, from, after, nesting + 1) || inner.fixed == 0) return false;
    record.plan.tails.push_back(
        {.kind = ScanTail::Kind::fixed, .plan = static_cast<std::uint32_t>(record.plan.inner.size())});
    record.plan.inner.push_back(std::move(inner));
    return true;
  }

  std::optional<std::uint32_t> fixed_size(const Member& m) const {
    if (is_plain_integer(m.data)) return m.data.width;
    if (m.data.kind == DataKind::floating && m.data.endian != Endian::calculated) return m.data.width;
    if (m.data.kind != DataKind::bytes && m.data.kind != DataKind::string) return std::nullopt;
    if (m.sizing.terminator || m.sizing.pad_right || m.sizing.size_eos) return std::nullopt;
    if (m.contents) return static_cast<std::uint32_t>(m.contents->size());
    if (!m.sizing.size) return std::nullopt;
    const auto size = expression::constant_integer(*m.sizing.size.expr);
    if (!size || *size < 0 || *size > kMaxFixed) return std::nullopt;
    return static_cast<std::uint32_t>(*size);
  }

  bool fixed(const Member& m, std::uint32_t index, Record& record) {
    const std::uint32_t at = record.plan.fixed;
    if (is_plain_integer(m.data)) {
      record.numbers[index] = {at, scalar_format(m.data)};
      return integer(m, record);
    }
    if (m.valid.kind != Validation::Kind::none) return false;
    const std::uint32_t size = *fixed_size(m);
    if (m.contents && !contents(*m.contents, record)) return false;
    if (m.data.kind == DataKind::string) {
      const auto encoding = scan_encoding(m.data.encoding);
      if (!encoding) return false;
      if (*encoding != ScanTail::Encoding::any) {
        record.plan.checks.push_back(
            {.kind = *encoding == ScanTail::Encoding::ascii ? ScanCheck::Kind::ascii : ScanCheck::Kind::utf8,
             .field = {.at = at},
             .span = size});
      }
    }
    record.plan.fixed += size;
    return true;
  }

  static bool contents(const std::vector<std::uint8_t>& bytes, Record& record) {
    for (std::uint32_t k = 0; k < bytes.size(); ++k) {
      record.plan.checks.push_back(
          {.kind = ScanCheck::Kind::range, .field = {.at = record.plan.fixed + k}, .low = bytes[k]});
    }
    return true;
  }

  // A number and what its `valid` and its enum say of it.
  bool integer(const Member& m, Record& record) {
    ScanCheck check{.field = ScanField::of(record.plan.fixed, scalar_format(m.data))};
    record.plan.fixed += m.data.width;
    const Validation& v = m.valid;
    switch (v.kind) {
      case Validation::Kind::none:
        return m.data.enum_id == kNoEnum || m.allow.unknown_enum || enum_values(m, check, record);
      case Validation::Kind::in_enum: return enum_values(m, check, record);
      case Validation::Kind::equal: {
        const auto value = literal(*v.equal.expr, m);
        return value && range(check, *value, *value, m.data, record);
      }
      case Validation::Kind::range: {
        const auto low = v.min ? literal(*v.min.expr, m) : std::optional(lowest(m.data));
        const auto high = v.max ? literal(*v.max.expr, m) : std::optional(highest(m.data));
        return low && high && range(check, *low, *high, m.data, record);
      }
      case Validation::Kind::any_of: {
        std::vector<Integer> allowed;
        for (const Expression& e : v.any_of) {
          const auto value = literal(*e.expr, m);
          if (!value) return false;
          allowed.push_back(*value);
        }
        return members_of(check, std::move(allowed), m.data, record);
      }
      case Validation::Kind::expression: return condition(*v.expression.expr, m, check, record);
    }
    return false;
  }

  static Integer lowest(const DataType& d) { return d.is_signed ? -(static_cast<Integer>(1) << (8 * d.width - 1)) : 0; }
  static Integer highest(const DataType& d) {
    return (static_cast<Integer>(1) << (8 * d.width - (d.is_signed ? 1 : 0))) - 1;
  }

  static std::optional<Integer> literal(const Expr& e, const Member& m) {
    if (e.kind == ExprKind::enum_label) return m.data.enum_id == kNoEnum ? std::nullopt : std::optional(e.value);
    return expression::constant_integer(e);
  }

  // The bounds are cut to what the field can hold, so that the scan computes in its width.
  static bool range(ScanCheck& check, Integer low, Integer high, const DataType& d, Record& record) {
    low = std::max(low, lowest(d));
    high = std::min(high, highest(d));
    if (low > high) return false;
    if (low == lowest(d) && high == highest(d)) return true;
    check.kind = ScanCheck::Kind::range;
    check.low = bits_of(low, check.field);
    check.span = static_cast<std::uint64_t>(high - low);
    record.plan.checks.push_back(check);
    return true;
  }

  static std::uint64_t bits_of(Integer value, const ScanField& field) {
    return static_cast<std::uint64_t>(value) & field.mask;
  }

  bool enum_values(const Member& m, ScanCheck& check, Record& record) const {
    std::vector<Integer> allowed;
    for (const EnumMember& e : schema_.enumeration(m.data.enum_id).members) allowed.push_back(e.value);
    return members_of(check, std::move(allowed), m.data, record);
  }

  bool members_of(ScanCheck& check, std::vector<Integer> allowed, const DataType& d, Record& record) const {
    std::erase_if(allowed, [&](Integer v) { return v < lowest(d) || v > highest(d); });
    std::sort(allowed.begin(), allowed.end());
    allowed.erase(std::unique(allowed.begin(), allowed.end()), allowed.end());
    if (allowed.empty()) return false;
    const Integer spread = allowed.back() - allowed.front();
    if (spread + 1 == static_cast<Integer>(allowed.size()))
      return range(check, allowed.front(), allowed.back(), d, record);
    if (spread < 64) {
      check.kind = ScanCheck::Kind::set;
      check.low = bits_of(allowed.front(), check.field);
      for (const Integer v : allowed) check.set |= std::uint64_t{1} << static_cast<unsigned>(v - allowed.front());
    } else {
      check.kind = ScanCheck::Kind::any_of;
      for (const Integer v : allowed) check.members.push_back(bits_of(v, check.field));
      std::sort(check.members.begin(), check.members.end());
    }
    record.plan.checks.push_back(std::move(check));
    return true;
  }

  // `_ < x`, `_ <= x`, `x > _`, `x >= _` and the like, x a constant or a path from the root; joined by `and`.
  bool condition(const Expr& e, const Member& m, const ScanCheck& check, Record& record) {
    if (e.kind != ExprKind::binary) return false;
    if (e.binary_op == BinaryOp::logical_and) {
      return condition(*e.children[0], m, check, record) && condition(*e.children[1], m, check, record);
    }
    BinaryOp op = e.binary_op;
    const Expr* bound = e.children[1].get();
    if (!is_element(*e.children[0])) {
      if (!is_element(*bound)) return false;
      bound = e.children[0].get();
      op = mirrored(op);
    }
    ScanCheck copy = check;
    if (const auto value = literal(*bound, m)) {
      switch (op) {
        case BinaryOp::less: return range(copy, lowest(m.data), *value - 1, m.data, record);
        case BinaryOp::less_equal: return range(copy, lowest(m.data), *value, m.data, record);
        case BinaryOp::greater: return range(copy, *value + 1, highest(m.data), m.data, record);
        case BinaryOp::greater_equal: return range(copy, *value, highest(m.data), m.data, record);
        case BinaryOp::equal: return range(copy, *value, *value, m.data, record);
        default: return false;
      }
    }
    if (m.data.is_signed || m.data.enum_id != kNoEnum || !bound->type.is(expression::TypeKind::integer) ||
        !is_root_path(*bound)) {
      return false;
    }
    if (op != BinaryOp::less && op != BinaryOp::less_equal) return false;
    copy.kind = ScanCheck::Kind::bound;
    copy.value = static_cast<std::uint32_t>(values_.size());
    values_.push_back({bound, op == BinaryOp::less});
    record.plan.checks.push_back(std::move(copy));
    return true;
  }

  static bool is_element(const Expr& e) { return e.kind == ExprKind::name && e.binding.kind == Binding::Kind::element; }
  static BinaryOp mirrored(BinaryOp op) {
    switch (op) {
      case BinaryOp::less: return BinaryOp::greater;
      case BinaryOp::less_equal: return BinaryOp::greater_equal;
      case BinaryOp::greater: return BinaryOp::less;
      case BinaryOp::greater_equal: return BinaryOp::less_equal;
      default: return op;
    }
  }

  // The unsigned number of this record that `e` names.
  static std::optional<ScanField> number(const Expression& e, const Record& record) {
    if (!e || e.expr->kind != ExprKind::name || e.expr->binding.kind != Binding::Kind::member) return std::nullopt;
    const auto at = record.numbers.find(e.expr->binding.index);
    if (at == record.numbers.end() || at->second.second.kind != program::ScalarKind::unsigned_integer)
      return std::nullopt;
    return ScanField::of(at->second.first, at->second.second);
  }

  bool tail(const Member& m, Record& record, int nesting) {
    if (m.valid.kind != Validation::Kind::none) return false;
    ScanTail t;
    if (m.repeat == RepeatKind::count) {
      const auto count = number(m.repeat_count, record);
      if (!count || nesting >= kMaxNesting) return false;
      ScanPlan inner;
      if (!element(m, inner, nesting + 1)) return false;
      t.kind = ScanTail::Kind::records;
      t.field = *count;
      t.plan = static_cast<std::uint32_t>(record.plan.inner.size());
      record.plan.inner.push_back(std::move(inner));
      record.plan.tails.push_back(t);
      return true;
    }
    if (m.repeat != RepeatKind::none) return false;
    if (m.data.kind == DataKind::structure) {
      if (!unsized(m) || nesting >= kMaxNesting) return false;
      ScanPlan inner;
      if (!structure(m.data, inner, nesting + 1)) return false;
      t.kind = ScanTail::Kind::fixed;
      t.plan = static_cast<std::uint32_t>(record.plan.inner.size());
      record.plan.inner.push_back(std::move(inner));
      record.plan.tails.push_back(t);
      return true;
    }
    if ((m.data.kind != DataKind::bytes && m.data.kind != DataKind::string) || m.contents || m.sizing.pad_right)
      return false;
    if (m.data.kind == DataKind::string) {
      const auto encoding = scan_encoding(m.data.encoding);
      if (!encoding) return false;
      t.encoding = *encoding;
    }
    if (m.sizing.size) {
      const auto size = number(m.sizing.size, record);
      if (!size || m.sizing.terminator) return false;
      t.kind = m.data.kind == DataKind::string ? ScanTail::Kind::text : ScanTail::Kind::skip;
      t.field = *size;
    } else {
      const auto& terminator = m.sizing.terminator;
      if (m.sizing.size_eos || !terminator || terminator->size() != 1 || terminator->front() != 0 || m.sizing.include ||
          !m.sizing.consume || !m.sizing.eos_error) {
        return false;
      }
      t.kind = ScanTail::Kind::terminated;
    }
    record.plan.tails.push_back(t);
    return true;
  }

  const Schema& schema_;
  const RuleSites& sites_;
  std::vector<ScanValue>& values_;
};

}  // namespace

bool plan_scan(const Schema& schema, const RuleSites& sites, const Member& member, ScanPlan& plan,
               std::vector<ScanValue>& values) {
  if (member.sizing.process.kind != ProcessKind::none || member.contents) return false;
  return Planner(schema, sites, values).element(member, plan, 0);
}

}  // namespace sluice::schema
