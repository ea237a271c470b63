#include "fuzz/mutate/bounds.h"

#include <algorithm>

#include "fuzz/mutate/meaning.h"
#include "validator/expression/check.h"

namespace sluice::mutate {

namespace {

using schema::Validation;

const schema::Member& member_of(const Tree& tree, NodeId node) { return *tree.format().site(tree[node].site).member; }

// Where the expressions of a field stand.
Standing standing_of(const Tree& tree, NodeId node, const Known& element) {
  const NodeId up = tree.container_of(node);
  return {.self = up == kNoNode ? 0 : up, .element = element, .index = tree[node].index};
}

std::optional<Integer> compute(const Tree& tree, NodeId node, const schema::Expression& expression) {
  if (!expression) return std::nullopt;
  if (expression.expr->kind == expression::ExprKind::integer) return expression.expr->value;
  Meaning meaning(tree);
  const Known value = meaning.evaluate(expression, standing_of(tree, node, meaning.value_of(node)));
  return value.is_integer() ? std::optional(value.number) : std::nullopt;
}

// `bounds` as far as `valid` narrows them; `value` computes an expression, or not.
template <typename Value>
Bounds narrowed(Bounds bounds, const Validation& valid, const Value& value) {
  const auto raise = [&](const schema::Expression& e) {
    if (const auto least = value(e)) bounds.min = std::max(bounds.min, *least);
  };
  const auto lower = [&](const schema::Expression& e) {
    if (const auto most = value(e)) bounds.max = std::min(bounds.max, *most);
  };
  if (valid.kind == Validation::Kind::equal) {
    raise(valid.equal);
    lower(valid.equal);
  } else if (valid.kind == Validation::Kind::range) {
    raise(valid.min);
    lower(valid.max);
  } else if (valid.kind == Validation::Kind::any_of) {
    std::optional<Bounds> listed;
    for (const schema::Expression& e : valid.any_of) {
      const auto one = value(e);
      if (!one) return bounds;
      if (!listed) listed = {*one, *one};
      listed = {std::min(listed->min, *one), std::max(listed->max, *one)};
    }
    if (listed) bounds = *listed;
  }
  return bounds;
}

}  // namespace

Bounds bounds_of(const Tree& tree, NodeId node) {
  const Bounds bounds{least_of(tree[node]), most_of(tree[node])};
  if (tree[node].site == kNoSite) return bounds;
  return narrowed(bounds, member_of(tree, node).valid,
                  [&](const schema::Expression& e) { return compute(tree, node, e); });
}

std::optional<Bounds> constant_bounds(const schema::Member& member) {
  const bool is_bits = member.data.kind == schema::DataKind::bits;
  Node number{.kind = is_bits ? NodeKind::bits : NodeKind::integer, .width = member.data.width};
  if (member.data.is_signed) number.flags |= node_flag::is_signed;
  bool are_constant = true;
  const auto value = [&](const schema::Expression& e) -> std::optional<Integer> {
    if (!e) return std::nullopt;
    const auto constant = expression::constant_integer(*e.expr);
    are_constant &= constant.has_value();
    return constant;
  };
  const Bounds bounds = narrowed({least_of(number), most_of(number)}, member.valid, value);
  return are_constant ? std::optional(bounds) : std::nullopt;
}

bool is_character(const schema::Member& member) {
  const schema::DataType& data = member.data;
  if (data.kind != schema::DataKind::integer || data.width != 1 || data.enum_id != schema::kNoEnum) return false;
  if (member.valid.kind == Validation::Kind::any_of) return false;
  const auto bounds = constant_bounds(member);
  return bounds && bounds->min <= '0' && bounds->max >= 'z';
}

std::vector<Integer> named_values(const Tree& tree, NodeId node, std::size_t most) {
  std::vector<Integer> values;
  const auto add = [&](Integer value) {
    const bool fits = value >= least_of(tree[node]) && value <= most_of(tree[node]);
    if (fits && std::ranges::find(values, value) == values.end()) values.push_back(value);
  };
  if (tree[node].site != kNoSite) {
    for (const schema::Expression& e : member_of(tree, node).valid.any_of) {
      if (values.size() == most) return values;
      if (const auto value = compute(tree, node, e)) add(*value);
    }
  }
  if (tree[node].enum_id != schema::kNoEnum) {
    if (!values.empty()) return values;
    for (const schema::EnumMember& m : tree.format().schema().enumeration(tree[node].enum_id).members) {
      if (values.size() == most) break;
      add(m.value);
    }
    return values;
  }
  const Bounds bounds = bounds_of(tree, node);
  add(bounds.min);
  if (bounds.min < bounds.max) {
    add(bounds.min + 1);
    add(bounds.max - 1);
  }
  add(bounds.max);
  return values;
}

std::optional<std::size_t> case_of(const Tree& tree, NodeId node) {
  if (tree[node].site == kNoSite) return std::nullopt;
  const schema::DataType& data = member_of(tree, node).data;
  if (data.kind != schema::DataKind::switched) return std::nullopt;
  Meaning meaning(tree);
  const Standing at = standing_of(tree, node, {});
  const Known on = meaning.evaluate(data.switch_on, at);
  std::optional<std::size_t> otherwise;
  for (std::size_t i = 0; i < data.cases.size(); ++i) {
    if (!data.cases[i].match) {
      otherwise = i;
      continue;
    }
    const Known match = meaning.evaluate(data.cases[i].match, at);
    if (on.kind == Known::Kind::nothing || match.kind != on.kind) continue;
    if (on.is_integer() ? match.number == on.number : match.text == on.text) return i;
  }
  return otherwise;
}

}  // namespace sluice::mutate
