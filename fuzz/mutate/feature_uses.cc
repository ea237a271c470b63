// The features that a contract is about: template type x input x operator.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "fuzz/mutate/features.h"
#include "fuzz/mutate/question.h"
#include "validator/expression/check.h"

namespace sluice::mutate {

namespace {

using expression::BinaryOp;
using expression::Binding;
using expression::Expr;
using expression::ExprKind;

constexpr std::size_t kMostInputs = 256;  // of a template type
constexpr std::size_t kMostUses = 32'768;
constexpr std::size_t kUsualInputs = 64;

// The field of the element that an expression is, if it is one: `_.input`.
std::optional<Binding> own_field(const Expr& expr) {
  if (expr.kind != ExprKind::attribute || expr.binding.kind != Binding::Kind::member) return std::nullopt;
  if (expr.children[0]->binding.kind != Binding::Kind::element) return std::nullopt;
  return expr.binding;
}

// The fields of the element with an enum that an expression reads.
void find_enums(const schema::Schema& schema, const Expr& expr, std::vector<Binding>& found) {
  const auto field = own_field(expr);
  if (field && schema.type(field->owner).members[field->index].data.enum_id != schema::kNoEnum) found.push_back(*field);
  for (const auto& child : expr.children) find_enums(schema, *child, found);
}

// Takes from `values` those with which the condition cannot hold, as far as it is a conjunction of comparisons.
void restrict_to(const Expr& condition, const Binding& field, std::vector<Integer>& values) {
  if (condition.kind != ExprKind::binary) return;
  if (condition.binary_op == BinaryOp::logical_and) {
    for (const auto& child : condition.children) restrict_to(*child, field, values);
    return;
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const auto named = own_field(*condition.children[i]);
    const auto value = expression::constant_integer(*condition.children[1 - i]);
    const bool is_label = condition.children[1 - i]->kind == ExprKind::enum_label;
    if (!named || named->owner != field.owner || named->index != field.index || (!value && !is_label)) continue;
    const Integer constant = value ? *value : condition.children[1 - i]->value;
    if (condition.binary_op == BinaryOp::not_equal) std::erase(values, constant);
    if (condition.binary_op == BinaryOp::equal) std::erase_if(values, [&](Integer v) { return v != constant; });
  }
}

}  // namespace

void Features::find_operator() {
  const schema::ContractUse& use = *format_.schema().rules.uses;
  std::vector<Binding> fields;
  if (use.where) find_enums(format_.schema(), *use.where.expr, fields);
  if (fields.empty()) {
    // No condition names it: the first field of the element that has an enum.
    const schema::Member& last =
        format_.schema().type(use.each.steps.back().type).members[use.each.steps.back().member];
    if (last.data.kind != schema::DataKind::structure) return;
    const schema::TypeSpec& element = format_.schema().type(last.data.type_id);
    for (std::uint32_t m = 0; m < element.members.size() && fields.empty(); ++m) {
      if (element.members[m].data.enum_id == schema::kNoEnum || element.members[m].role != schema::Role::sequence)
        continue;
      fields.push_back({.kind = Binding::Kind::member, .owner = element.id, .index = m});
    }
  }
  if (fields.empty()) return;
  const Binding field = fields.front();
  const schema::Member& member = format_.schema().type(field.owner).members[field.index];
  for (const schema::EnumMember& m : format_.schema().enumeration(member.data.enum_id).members) {
    uses_->ops.push_back(m.value);
  }
  if (use.where) restrict_to(*use.where.expr, field, uses_->ops);
  uses_->op = format_.site_of(field.owner, field.index);
}

void Features::add_uses() {
  const auto& use = format_.schema().rules.uses;
  if (!use || use->each.empty()) return;
  uses_ = UseTable{};
  uses_->steps = use->each.steps;
  where_ = Formula(format_, use->where);
  type_ = Formula(format_, use->type);
  input_ = Formula(format_, use->input);
  find_operator();
  std::map<Integer, Integer> bounds;
  for (const program::BuildFacts& build : format_.builds()) {
    for (const auto* inputs : {&build.supplies, &build.defines}) {
      for (const auto& [type, count] : *inputs) bounds[type] = std::max(bounds[type], count);
    }
  }
  for (const auto& [type, count] : bounds) {
    uses_->types.push_back(type);
    uses_->bounds.push_back(count);
    uses_->inputs = std::max(uses_->inputs, static_cast<std::size_t>(std::min<Integer>(count, kMostInputs)));
  }
  if (uses_->types.empty()) uses_->inputs = inputs_by_schema();
  const std::size_t ops = uses_->ops.size() + 1;
  const std::size_t types = uses_->types.size() + kOtherTypes;
  uses_->inputs = std::min(uses_->inputs + 1, std::max<std::size_t>(1, kMostUses / ops / types));
  uses_->first = size_;
  uses_->count = types * uses_->inputs * ops;
  if (uses_->count > kMostUses) uses_->count = 0;  // more types than a table can have: nothing is told
  size_ += uses_->count;
}

// One more than the largest input that the schema allows.
std::size_t Features::inputs_by_schema() const {
  const auto field = own_field(*format_.schema().rules.uses->input.expr);
  if (!field) return kUsualInputs;
  const schema::Member& member = format_.schema().type(field->owner).members[field->index];
  if (!member.valid.max) return kUsualInputs;
  const auto max = expression::constant_integer(*member.valid.max.expr);
  if (!max || *max < 0) return kUsualInputs;
  return static_cast<std::size_t>(std::min<Integer>(*max, kMostInputs - 1)) + 1;
}

std::optional<std::size_t> Features::use_of(const Tree& tree, NodeId element) const {
  if (uses_->count == 0) return std::nullopt;
  Evaluator evaluator(tree);
  Scope at = evaluator.scope_of(element);
  at.self = 0;  // rules name members of the root
  if (where_ && evaluator.integer(where_, at).value_or(0) == 0) return std::nullopt;
  const auto type = evaluator.integer(type_, at);
  const auto input = evaluator.integer(input_, at);
  if (!type || !input || *input < 0) return std::nullopt;
  std::size_t op = uses_->ops.size();
  if (uses_->op) {
    const NodeId field = tree[element].kind == NodeKind::structure ? tree.child_of(element, *uses_->op) : kNoNode;
    if (field != kNoNode && tree[field].is_number()) {
      op = static_cast<std::size_t>(std::ranges::find(uses_->ops, tree.integer(field)) - uses_->ops.begin());
    }
  }
  const auto known = std::ranges::lower_bound(uses_->types, *type);
  const bool is_known = known != uses_->types.end() && *known == *type;
  const auto other = static_cast<std::size_t>(((*type % Integer{kOtherTypes}) + kOtherTypes) % kOtherTypes);
  const std::size_t row =
      is_known ? static_cast<std::size_t>(known - uses_->types.begin()) : uses_->types.size() + other;
  const auto column = static_cast<std::size_t>(std::min<Integer>(*input, static_cast<Integer>(uses_->inputs) - 1));
  return use_index(row, column, op);
}

// As run::find_uses counts them: an instance is the structure that has the elements, or each element of what the root
// has.
std::vector<Features::Use> Features::uses_of(const Tree& tree) const {
  std::vector<Use> out;
  if (!uses_ || uses_->count == 0 || tree.is_empty()) return out;
  schema::RulePath above = format_.schema().rules.uses->each;
  above.steps.pop_back();
  const bool is_flat = above.empty();
  const SiteId last = format_.site_of(uses_->steps.back().type, uses_->steps.back().member);
  std::uint32_t instance = 0;
  for (const NodeId structure : is_flat ? std::vector<NodeId>{0} : elements_of(tree, above)) {
    const NodeId child = tree[structure].kind == NodeKind::structure ? tree.child_of(structure, last) : kNoNode;
    std::uint32_t count = 0;
    const auto add = [&](NodeId element) {
      const auto [i, c] = is_flat ? std::pair(count, 0u) : std::pair(instance, count);
      if (const auto feature = use_of(tree, element)) out.push_back({i, c, *feature, element});
      ++count;
    };
    if (child != kNoNode && tree[child].kind != NodeKind::array) add(child);
    if (child != kNoNode && tree[child].kind == NodeKind::array) {
      for (NodeId c = child + 1; c < tree[child].end; c = tree[c].end) add(c);
    }
    ++instance;
  }
  return out;
}

std::size_t Features::use_index(std::size_t type, std::size_t input, std::size_t op) const {
  return uses_->first + (type * uses_->inputs + input) * (uses_->ops.size() + 1) + op;
}

Feature Features::use_at(std::size_t index) const {
  const std::size_t ops = uses_->ops.size() + 1;
  const std::size_t k = index - uses_->first;
  const std::size_t op = k % ops;
  const std::size_t type = k / ops / uses_->inputs;
  Feature feature{.kind = Feature::Kind::use};
  feature.input = static_cast<Integer>(k / ops % uses_->inputs);
  feature.is_exact = type < uses_->types.size();
  feature.type = feature.is_exact ? uses_->types[type] : static_cast<Integer>(type - uses_->types.size());
  if (op < uses_->ops.size()) {
    feature.site = *uses_->op;
    feature.value = uses_->ops[op];
  }
  return feature;
}

std::string Features::use_name(const Feature& f) const {
  const std::string type =
      f.is_exact ? to_string(f.type) : fmt::format("{} (or another, modulo {})", to_string(f.type), kOtherTypes);
  const bool is_last = f.input + 1 == static_cast<Integer>(uses_->inputs);
  std::string name = fmt::format("type {} input {}{}", type, to_string(f.input), is_last ? " or more" : "");
  if (!uses_->op) return name;
  return fmt::format("{} {} {}", name, format_.site(*uses_->op).member->id,
                     f.site != kNoSite ? operator_of(f) : "of no use");
}

std::string Features::operator_of(const Feature& use) const {
  if (use.site == kNoSite) return {};
  const auto* label = format_.schema().enumeration(format_.site(use.site).member->data.enum_id).find(use.value);
  return label != nullptr ? label->label : to_string(use.value);
}

std::vector<std::size_t> Features::expressible_uses() const {
  std::vector<std::size_t> out;
  if (!uses_ || uses_->count == 0) return out;
  const std::size_t ops = std::max<std::size_t>(1, uses_->ops.size());
  // Without builds the types are whatever the content has: the first stands for all.
  const std::size_t types = std::max<std::size_t>(1, uses_->types.size());
  for (std::size_t t = 0; t < types; ++t) {
    const std::size_t row = uses_->types.empty() ? 1 : t;
    const auto bound = uses_->types.empty() ? uses_->inputs - 1 : static_cast<std::size_t>(uses_->bounds[t]);
    for (std::size_t input = 0; input < std::min(bound, uses_->inputs - 1); ++input) {
      for (std::size_t op = 0; op < ops; ++op) out.push_back(use_index(row, input, op));
    }
  }
  return out;
}

}  // namespace sluice::mutate
