#include "fuzz/mutate/meaning.h"

#include <algorithm>

#include "fuzz/mutate/formula.h"

namespace sluice::mutate {

namespace {

using expression::BinaryOp;
using expression::Binding;
using expression::Expr;
using expression::ExprKind;
using expression::Method;
using expression::UnaryOp;

constexpr std::uint32_t kDeepest = 300;  // expressions within expressions, over value instances and parameters
constexpr std::uint32_t kMostSteps = 20'000;

// The text of a field without its terminator and padding.
std::string_view trimmed(const Tree& tree, const Node& node, const schema::Member& member) {
  std::string_view text(reinterpret_cast<const char*>(tree.bytes().data()) + node.from, node.size());
  const schema::Sizing& sizing = member.sizing;
  if (sizing.terminator && !sizing.terminator->empty()) {
    const std::string_view end(reinterpret_cast<const char*>(sizing.terminator->data()), sizing.terminator->size());
    const std::size_t end_at = text.find(end);
    if (end_at != text.npos) text = text.substr(0, end_at + (sizing.include ? end.size() : 0));
  }
  if (sizing.pad_right) {
    while (!text.empty() && static_cast<std::uint8_t>(text.back()) == *sizing.pad_right) text.remove_suffix(1);
  }
  return text;
}

std::optional<Integer> in_bounds(Integer value) { return in_range(value) ? std::optional(value) : std::nullopt; }

bool is_comparison(BinaryOp op) { return op >= BinaryOp::equal && op <= BinaryOp::greater_equal; }

Known known(std::optional<Integer> value) { return value ? Known::of(*value) : Known{}; }

// The arguments of the structure's type, at the member or the case of it that the structure is.
const std::vector<schema::Expression>* arguments_of(const schema::DataType& data, schema::TypeId type) {
  if (data.kind == schema::DataKind::structure) return data.type_id == type ? &data.arguments : nullptr;
  for (const schema::Case& c : data.cases) {
    if (const auto* found = arguments_of(c.type, type)) return found;
  }
  return nullptr;
}

}  // namespace

Known Meaning::evaluate(const schema::Expression& expression, const Standing& at) {
  return expression ? evaluate(*expression.expr, at) : Known{};
}

Known Meaning::evaluate(const Expr& expr, const Standing& at) {
  if (depth_ == 0) steps_ = 0;
  if (depth_ >= kDeepest || ++steps_ > kMostSteps) return {};
  ++depth_;
  const Known result = compute(expr, at);
  --depth_;
  if (numbers_ != nullptr && result.is_integer() && expr.type.kind != expression::TypeKind::boolean) {
    numbers_->push_back(result.number);
  }
  return result;
}

Known Meaning::compute(const Expr& expr, const Standing& at) {
  switch (expr.kind) {
    case ExprKind::integer:
    case ExprKind::boolean:
    case ExprKind::enum_label: return Known::of(expr.value);
    case ExprKind::string: return {.kind = Known::Kind::text, .text = expr.text};
    case ExprKind::name: return named(expr, at, {});
    case ExprKind::attribute:
      if (expr.method != Method::none || expr.binding.kind == Binding::Kind::method) return method(expr, at);
      if (expr.binding.kind == Binding::Kind::size_of) return Known::of(expr.binding.size);
      return named(expr, at, evaluate(*expr.children[0], at));
    case ExprKind::call: return method(expr, at);
    case ExprKind::unary: return unary(expr, at);
    case ExprKind::binary: return binary(expr, at);
    case ExprKind::conditional: {
      const Known condition = evaluate(*expr.children[0], at);
      const std::size_t chosen = condition.is_integer() && condition.number == 0 ? 2 : 1;
      if (is_watching()) (void)evaluate(*expr.children[3 - chosen], at);
      if (!condition.is_integer() && !is_watching()) return {};
      const Known value = evaluate(*expr.children[chosen], at);
      return condition.is_integer() ? value : Known{};
    }
    case ExprKind::subscript: return subscript(expr, at);
    case ExprKind::cast: return evaluate(*expr.children[0], at);
    case ExprKind::size_of_type:
      return expr.binding.kind == Binding::Kind::size_of ? Known::of(expr.binding.size) : Known{};
    default: return {};
  }
}

Known Meaning::named(const Expr& expr, const Standing& at, const Known& base) {
  const NodeId structure = expr.kind == ExprKind::name ? at.self : base.is_node() ? base.node : kNoNode;
  const Binding& binding = expr.binding;
  switch (binding.kind) {
    case Binding::Kind::member: {
      if (structure == kNoNode || tree_[structure].type != binding.owner) return {};
      return member(structure, binding.index);
    }
    case Binding::Kind::parent: {
      const NodeId up = structure == kNoNode ? kNoNode : tree_.container_of(structure);
      return up == kNoNode ? Known{} : Known{.kind = Known::Kind::node, .node = up};
    }
    case Binding::Kind::root:
    case Binding::Kind::top: return {.kind = Known::Kind::node, .node = 0};
    case Binding::Kind::index: return Known::of(at.index);
    case Binding::Kind::element:
    case Binding::Kind::switch_value:
      if (is_watching() && at.element.node != kNoNode && !at.element.is_node()) {
        (void)value_of(at.element.node);
      }
      return at.element;
    case Binding::Kind::local: return binding.index < at.locals.size() ? at.locals[binding.index] : Known{};
    case Binding::Kind::build:
      if (at.build == nullptr) return {};
      return {.kind = Known::Kind::text, .text = binding.index == 0 ? at.build->name : at.build->support};
    case Binding::Kind::build_cap: {
      if (at.build == nullptr) return {};
      const auto& names = tree_.format().schema().rules.caps;
      const auto cap = at.build->caps.find(binding.index < names.size() ? names[binding.index] : "");
      return cap == at.build->caps.end() ? Known{} : Known::of(cap->second);
    }
    default: return {};
  }
}

Known Meaning::member(NodeId structure, std::uint32_t index) {
  const Node& node = tree_[structure];
  const schema::TypeSpec& type = tree_.format().schema().type(node.type);
  if (index >= type.members.size()) return {};
  const schema::Member& m = type.members[index];
  if (m.role == schema::Role::parameter) return parameter(structure, index);
  if (m.role == schema::Role::value_instance) return evaluate(m.value, {.self = structure});
  const NodeId child = tree_.child_of(structure, tree_.format().site_of(node.type, index));
  return child == kNoNode ? Known{} : value_of(child);
}

Known Meaning::value_of(NodeId id) {
  const Node& node = tree_[id];
  if (!node.is_leaf()) return {.kind = Known::Kind::node, .node = id};
  if (is_watching() && std::ranges::find(*reads_, id) == reads_->end()) reads_->push_back(id);
  if (node.is_number()) return {.kind = Known::Kind::integer, .number = tree_.integer(id), .node = id};
  if (node.site == kNoSite) return {};
  return {.kind = Known::Kind::text, .text = trimmed(tree_, node, *tree_.format().site(node.site).member), .node = id};
}

Known Meaning::parameter(NodeId structure, std::uint32_t index) {
  const Node& node = tree_[structure];
  const NodeId up = tree_.container_of(structure);
  if (node.site == kNoSite || up == kNoNode) return {};
  const auto* arguments = arguments_of(tree_.format().site(node.site).member->data, node.type);
  if (arguments == nullptr || index >= arguments->size()) return {};
  return evaluate((*arguments)[index], {.self = up, .index = node.index});
}

Known Meaning::method(const Expr& expr, const Standing& at) {
  if (expr.children.empty()) return {};
  const Known base = evaluate(*expr.children[0], at);
  const bool is_array = base.is_node() && tree_[base.node].kind == NodeKind::array;
  switch (expr.method) {
    case Method::length:
      return base.kind == Known::Kind::text ? Known::of(static_cast<Integer>(base.text.size())) : Known{};
    case Method::to_i: return base.is_integer() ? base : Known{};
    case Method::size:
      if (base.kind == Known::Kind::text) return Known::of(static_cast<Integer>(base.text.size()));
      return is_array ? Known::of(tree_.count_of(base.node)) : Known{};
    case Method::first:
    case Method::last: {
      if (!is_array) return {};
      const std::uint32_t count = tree_.count_of(base.node);
      if (count == 0) return {};
      return value_of(tree_.element_of(base.node, expr.method == Method::first ? 0 : count - 1));
    }
    case Method::min:
    case Method::max: {
      if (!is_array) return {};
      Known best;
      for (NodeId c = base.node + 1; c < tree_[base.node].end; c = tree_[c].end) {
        const Known value = value_of(c);
        if (!value.is_integer()) return {};
        const bool is_better = expr.method == Method::min ? value.number < best.number : value.number > best.number;
        if (!best.is_integer() || is_better) best = value;
      }
      return best;
    }
    default: return {};
  }
}

Known Meaning::unary(const Expr& expr, const Standing& at) {
  const Known value = evaluate(*expr.children[0], at);
  if (!value.is_integer()) return {};
  switch (expr.unary_op) {
    case UnaryOp::negate: return known(in_bounds(-value.number));
    case UnaryOp::invert: return known(in_bounds(~value.number));
    case UnaryOp::logical_not: return Known::of(value.number == 0);
  }
  return {};
}

Known Meaning::binary(const Expr& expr, const Standing& at) {
  const Known left = evaluate(*expr.children[0], at);
  const BinaryOp op = expr.binary_op;
  if (op == BinaryOp::logical_and || op == BinaryOp::logical_or) {
    const bool is_decided = !left.is_integer() || (left.number != 0) == (op == BinaryOp::logical_or);
    const Known right = is_decided && !is_watching() ? Known{} : evaluate(*expr.children[1], at);
    if (!left.is_integer()) return {};
    if (is_decided) return Known::of(left.number != 0);
    return right.is_integer() ? Known::of(right.number != 0) : Known{};
  }
  const Known right = evaluate(*expr.children[1], at);
  if (left.is_integer() && right.is_integer()) {
    return known(apply(op, left.number, right.number));
  }
  if (left.kind == Known::Kind::text && right.kind == Known::Kind::text && is_comparison(op)) {
    return known(apply(op, left.text.compare(right.text), 0));
  }
  return {};
}

Known Meaning::subscript(const Expr& expr, const Standing& at) {
  const Expr& base = *expr.children[0];
  const Known index = evaluate(*expr.children[1], at);
  if (!index.is_integer()) return {};
  if (base.binding.kind == Binding::Kind::build_inputs) {
    if (at.build == nullptr) return {};
    const auto& inputs = base.binding.index == 0 ? at.build->supplies : at.build->defines;
    const auto supplied = inputs.find(index.number);
    return supplied == inputs.end() ? Known{} : Known::of(supplied->second);
  }
  const Known array = evaluate(base, at);
  if (!array.is_node() || tree_[array.node].kind != NodeKind::array || index.number < 0) return {};
  if (index.number >= static_cast<Integer>(tree_.size())) return {};
  const NodeId element = tree_.element_of(array.node, static_cast<std::uint64_t>(index.number));
  return element == kNoNode ? Known{} : value_of(element);
}

NodeId find_path(const Tree& tree, std::string_view path, std::string_view& rest) {
  rest = path;
  if (tree.is_empty()) return kNoNode;
  NodeId at = 0;
  while (!rest.empty()) {
    std::string_view left = rest;
    NodeId next = kNoNode;
    if (left.front() == '[') {
      std::uint64_t number = 0;
      std::size_t i = 1;
      for (; i < left.size() && left[i] >= '0' && left[i] <= '9' && number < kMostNodes; ++i) {
        number = number * 10 + static_cast<std::uint64_t>(left[i] - '0');
      }
      if (i >= left.size() || left[i] != ']' || tree[at].kind != NodeKind::array) return at;
      next = tree.element_of(at, number);
      left.remove_prefix(i + 1);
    } else {
      if (left.front() == '.') left.remove_prefix(1);
      const std::string_view name = left.substr(0, left.find_first_of(".["));
      if (tree[at].kind != NodeKind::structure) return at;
      const auto index = tree.format().schema().type(tree[at].type).find_member(name);
      if (!index) return at;
      next = tree.child_of(at, tree.format().site_of(tree[at].type, *index));
      left.remove_prefix(name.size());
    }
    if (next == kNoNode) return at;
    at = next;
    rest = left;
  }
  return at;
}

}  // namespace sluice::mutate
