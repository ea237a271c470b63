#include <algorithm>
#include <cstring>

#include "fuzz/mutate/formula.h"
#include "fuzz/mutate/tie.h"

namespace sluice::mutate {

using expression::BinaryOp;
using schema::Role;

namespace {

constexpr std::uint32_t kDeepest = 1000;
constexpr std::uint32_t kMostSteps = 20'000;
constexpr std::uint32_t kMostQuickSteps = 64;

Computed of_integer(Integer value) { return {.kind = Computed::Kind::integer, .integer = value}; }
Computed of_node(NodeId id) { return id == kNoNode ? Computed{} : Computed{.kind = Computed::Kind::node, .node = id}; }

// What is left of raw bytes when padding and terminator are gone.
std::span<const std::uint8_t> trimmed(std::span<const std::uint8_t> raw, const schema::Member& member) {
  const schema::Sizing& s = member.sizing;
  if (s.pad_right) {
    while (!raw.empty() && raw.back() == *s.pad_right) raw = raw.first(raw.size() - 1);
  }
  if (s.terminator && s.terminator->size() == 1) {
    const auto at = std::ranges::find(raw, s.terminator->front());
    if (at != raw.end()) {
      const auto length = static_cast<std::size_t>(at - raw.begin());
      raw = raw.first(s.include ? length + 1 : length);
    }
  }
  return raw;
}

}  // namespace

Scope Evaluator::scope_of(NodeId id) const {
  Scope scope;
  const NodeId container = tree_.container_of(id);
  scope.self = container == kNoNode ? 0 : container;
  scope.element = id;
  if (tree_[id].is(node_flag::element)) scope.index = tree_[id].index;
  return scope;
}

inline NodeId Evaluator::lead_to_member(const Term& member, NodeId of) const {
  if (of == kNoNode || tree_[of].kind != NodeKind::structure || tree_[of].type != member.owner) return kNoNode;
  return tree_.child_of(of, member.site);
}

inline bool Evaluator::find_number(NodeId leaf, std::int64_t& out) const {
  if (leaf == kNoNode || !tree_[leaf].is_number()) return false;
  out = static_cast<std::int64_t>(tree_.bits_of(leaf));
  return out >= 0 || tree_[leaf].is(node_flag::is_signed);
}

// Most operands are constants, or fields of the formula's own structure.
inline bool Evaluator::find_operand(const Formula& formula, std::uint32_t term, const Scope& scope, std::int64_t& out) {
  const Term& t = formula.terms()[term];
  if (t.op == TermOp::constant) {
    out = static_cast<std::int64_t>(t.value);
    return out == t.value;
  }
  if (t.op == TermOp::member && t.is_read && formula.terms()[t.a].op == TermOp::self) {
    return find_number(lead_to_member(t, scope.self), out);
  }
  return find(formula, term, scope, out);
}

std::optional<Integer> Evaluator::integer(const Formula& formula, std::uint32_t term, const Scope& scope) {
  steps_ = 0;
  std::int64_t value = 0;
  if (formula.is_plain() && find_operand(formula, term, scope, value)) return value;
  const Computed c = compute(formula, term, scope);
  if (c.kind != Computed::Kind::integer) return std::nullopt;
  return c.integer;
}

// The structure or array that a term is, or the leaf.
NodeId Evaluator::lead(const Formula& formula, std::uint32_t term, const Scope& scope) {
  if (++steps_ > kMostQuickSteps) return kNoNode;
  const Term& t = formula.terms()[term];
  switch (t.op) {
    case TermOp::self: return scope.self;
    case TermOp::top: return 0;
    case TermOp::element: return scope.element;
    case TermOp::root: {
      const NodeId of = lead(formula, t.a, scope);
      return of == kNoNode ? kNoNode : root_of(of);
    }
    case TermOp::parent: {
      const NodeId of = lead(formula, t.a, scope);
      if (of == kNoNode || of == 0) return kNoNode;
      const schema::Member& member = *tree_.format().site(tree_[of].site).member;
      return member.parent || member.parent_is_false ? kNoNode : tree_.container_of(of);
    }
    case TermOp::stream: {
      const NodeId of = lead(formula, t.a, scope);
      return of == kNoNode ? kNoNode : stream_of(of);
    }
    case TermOp::member: {
      if (!t.is_read) return kNoNode;
      return lead_to_member(t, formula.terms()[t.a].op == TermOp::self ? scope.self : lead(formula, t.a, scope));
    }
    default: return kNoNode;
  }
}

bool Evaluator::find(const Formula& formula, std::uint32_t term, const Scope& scope, std::int64_t& out) {
  if (++steps_ > kMostQuickSteps) return false;
  const Term& t = formula.terms()[term];
  switch (t.op) {
    case TermOp::constant: out = static_cast<std::int64_t>(t.value); return out == t.value;
    case TermOp::index: out = scope.index.value_or(0); return scope.index.has_value();
    case TermOp::stream_size: {
      const NodeId stream = lead(formula, t.a, scope);
      if (stream == kNoNode) return false;
      out = tree_[stream].size();
      return true;
    }
    case TermOp::count: {
      const NodeId array = lead(formula, t.a, scope);
      if (array == kNoNode || tree_[array].kind != NodeKind::array) return false;
      out = tree_.count_of(array);
      return true;
    }
    case TermOp::element:
    case TermOp::member: {
      if (t.op == TermOp::element || t.is_read) {
        return find_number(lead(formula, term, scope), out);
      }
      const NodeId of = lead(formula, t.a, scope);
      if (of == kNoNode || tree_[of].type != t.owner) return false;
      const SiteFormulas& f = tree_.format().ties().formulas(t.site);
      return f.value && f.value.is_plain() && !f.condition && find(f.value, f.value.whole(), {.self = of}, out);
    }
    case TermOp::logical_not: {
      const bool is_found = find(formula, t.a, scope, out);
      out = out == 0;
      return is_found;
    }
    case TermOp::conditional: {
      if (!find_operand(formula, t.a, scope, out)) return false;
      return find(formula, out != 0 ? t.b : t.c, scope, out);
    }
    case TermOp::binary: return find_binary(formula, t, scope, out);
    default: return false;
  }
}

bool Evaluator::find_binary(const Formula& formula, const Term& t, const Scope& scope, std::int64_t& out) {
  std::int64_t x = 0, y = 0;
  if (!find_operand(formula, t.a, scope, x)) return false;
  const bool is_logical = t.binary == BinaryOp::logical_and || t.binary == BinaryOp::logical_or;
  if (is_logical && (x != 0) == (t.binary == BinaryOp::logical_or)) {
    out = x != 0;
    return true;
  }
  if (!find_operand(formula, t.b, scope, y)) return false;
  switch (t.binary) {
    case BinaryOp::add: return !__builtin_add_overflow(x, y, &out);
    case BinaryOp::subtract: return !__builtin_sub_overflow(x, y, &out);
    case BinaryOp::multiply: return !__builtin_mul_overflow(x, y, &out);
    case BinaryOp::divide:
      if (x < 0 || y <= 0) return false;
      out = x / y;
      return true;
    case BinaryOp::modulo:
      if (x < 0 || y <= 0) return false;
      out = x % y;
      return true;
    case BinaryOp::bit_and: out = x & y; return true;
    case BinaryOp::bit_or: out = x | y; return true;
    case BinaryOp::bit_xor: out = x ^ y; return true;
    case BinaryOp::equal: out = x == y; return true;
    case BinaryOp::not_equal: out = x != y; return true;
    case BinaryOp::less: out = x < y; return true;
    case BinaryOp::less_equal: out = x <= y; return true;
    case BinaryOp::greater: out = x > y; return true;
    case BinaryOp::greater_equal: out = x >= y; return true;
    case BinaryOp::logical_and:
    case BinaryOp::logical_or: out = y != 0; return true;
    default: return false;
  }
}

Computed Evaluator::compute(const Formula& formula, std::uint32_t term, const Scope& scope) {
  depth_ = 0;
  steps_ = 0;
  return compute_term(formula, term, scope);
}

Computed Evaluator::compute_term(const Formula& formula, std::uint32_t term, const Scope& scope) {
  if (depth_ >= kDeepest || ++steps_ > kMostSteps) return {};
  ++depth_;
  const Term& t = formula.terms()[term];
  const auto operand = [&](std::uint32_t which) { return compute_term(formula, which, scope); };
  Computed out;
  switch (t.op) {
    case TermOp::nothing: break;
    case TermOp::constant: out = of_integer(t.value); break;
    case TermOp::text:
      out.kind = Computed::Kind::bytes;
      out.bytes = {reinterpret_cast<const std::uint8_t*>(formula.text(t).data()), formula.text(t).size()};
      break;
    case TermOp::self: out = of_node(scope.self); break;
    case TermOp::top: out = of_node(0); break;
    case TermOp::index:
      if (scope.index) out = of_integer(*scope.index);
      break;
    case TermOp::element:
      if (scope.element != kNoNode) out = value_of(scope.element);
      break;
    case TermOp::root: {
      const Computed a = operand(t.a);
      if (a.kind == Computed::Kind::node) out = of_node(root_of(a.node));
      break;
    }
    case TermOp::parent: {
      const Computed a = operand(t.a);
      if (a.kind != Computed::Kind::node || a.node == 0) break;
      const schema::Member& member = *tree_.format().site(tree_[a.node].site).member;
      if (!member.parent && !member.parent_is_false) out = of_node(tree_.container_of(a.node));
      break;
    }
    case TermOp::stream: {
      const Computed a = operand(t.a);
      if (a.kind != Computed::Kind::node) break;
      const NodeId stream = stream_of(a.node);
      if (stream != kNoNode) out = {.kind = Computed::Kind::stream, .node = stream};
      break;
    }
    case TermOp::stream_size: {
      const Computed a = operand(t.a);
      if (a.kind == Computed::Kind::stream) out = of_integer(tree_[a.node].size());
      break;
    }
    case TermOp::member: out = member_of(operand(t.a), t.site); break;
    case TermOp::count: {
      const Computed a = operand(t.a);
      if (a.kind == Computed::Kind::node && tree_[a.node].kind == NodeKind::array) {
        out = of_integer(tree_.count_of(a.node));
      } else if (a.kind == Computed::Kind::bytes) {
        out = of_integer(static_cast<Integer>(a.bytes.size()));
      }
      break;
    }
    case TermOp::length: out = length_of(operand(t.a)); break;
    case TermOp::first:
    case TermOp::last:
    case TermOp::subscript: {
      const Computed a = operand(t.a);
      Integer at = 0;
      if (t.op == TermOp::subscript) {
        const Computed b = operand(t.b);
        if (b.kind != Computed::Kind::integer) break;
        at = b.integer;
      }
      if (a.kind == Computed::Kind::node && tree_[a.node].kind == NodeKind::array) {
        if (t.op == TermOp::last) at = Integer{tree_.count_of(a.node)} - 1;
        if (at < 0 || at > static_cast<Integer>(tree_.size())) break;
        const NodeId element = tree_.element_of(a.node, static_cast<std::uint64_t>(at));
        if (element != kNoNode) out = value_of(element);
      } else if (a.kind == Computed::Kind::bytes) {
        if (t.op == TermOp::last) at = static_cast<Integer>(a.bytes.size()) - 1;
        if (at < 0 || at >= static_cast<Integer>(a.bytes.size())) break;
        out = of_integer(a.bytes[static_cast<std::size_t>(at)]);
      }
      break;
    }
    case TermOp::cast: {
      const Computed a = operand(t.a);
      if (a.kind == Computed::Kind::node && tree_[a.node].kind == NodeKind::structure && tree_[a.node].type == t.site) {
        out = a;
      }
      break;
    }
    case TermOp::negate:
    case TermOp::invert:
    case TermOp::logical_not: {
      const Computed a = operand(t.a);
      if (a.kind != Computed::Kind::integer) break;
      const Integer value = t.op == TermOp::negate ? -a.integer : t.op == TermOp::invert ? ~a.integer : a.integer == 0;
      if (in_range(value)) out = of_integer(value);
      break;
    }
    case TermOp::binary: {
      const Computed a = operand(t.a);
      if (a.is_nothing()) break;
      const bool is_logical = t.binary == BinaryOp::logical_and || t.binary == BinaryOp::logical_or;
      if (is_logical && a.kind == Computed::Kind::integer && (a.integer != 0) == (t.binary == BinaryOp::logical_or)) {
        out = of_integer(a.integer != 0);
        break;
      }
      const Computed b = operand(t.b);
      if (a.kind == Computed::Kind::integer && b.kind == Computed::Kind::integer) {
        if (const auto value = apply(t.binary, a.integer, b.integer)) out = of_integer(*value);
      } else if (a.kind == Computed::Kind::bytes && b.kind == Computed::Kind::bytes) {
        const auto order =
            std::lexicographical_compare_three_way(a.bytes.begin(), a.bytes.end(), b.bytes.begin(), b.bytes.end());
        const Integer sign = order < 0 ? -1 : order > 0 ? 1 : 0;
        const bool compares = t.binary >= BinaryOp::equal && t.binary <= BinaryOp::greater_equal;
        if (compares) out = of_integer(apply(t.binary, sign, 0).value_or(0));
      }
      break;
    }
    case TermOp::conditional: {
      const Computed a = operand(t.a);
      if (a.kind == Computed::Kind::integer) out = operand(a.integer != 0 ? t.b : t.c);
      break;
    }
  }
  --depth_;
  return out;
}

Computed Evaluator::value_of(NodeId id) const {
  const Node& node = tree_[id];
  switch (node.kind) {
    case NodeKind::structure:
    case NodeKind::array: return of_node(id);
    case NodeKind::integer:
    case NodeKind::bits: {
      Computed out = of_integer(tree_.integer(id));
      out.from = id;
      return out;
    }
    case NodeKind::text:
    case NodeKind::bytes: {
      const schema::Member& member = *tree_.format().site(node.site).member;
      if (member.data.kind == schema::DataKind::floating || member.sizing.process.kind != schema::ProcessKind::none) {
        return {};
      }
      Computed out;
      out.kind = Computed::Kind::bytes;
      out.from = id;
      out.bytes = trimmed(tree_.bytes().subspan(node.from, node.size()), member);
      return out;
    }
  }
  return {};
}

Computed Evaluator::length_of(const Computed& of) const {
  if (of.kind != Computed::Kind::bytes) return {};
  if (of.from == kNoNode || tree_[of.from].kind != NodeKind::text) return of_integer(std::ssize(of.bytes));
  const std::string& encoding = tree_.format().site(tree_[of.from].site).member->data.encoding;
  if (encoding == "UTF-8") {
    return of_integer(std::ranges::count_if(of.bytes, [](std::uint8_t b) { return (b & 0xC0) != 0x80; }));
  }
  if (encoding == "ASCII" || encoding.starts_with("ISO-8859")) return of_integer(std::ssize(of.bytes));
  return {};
}

Computed Evaluator::member_of(const Computed& object, SiteId id) {
  if (object.kind != Computed::Kind::node || tree_[object.node].kind != NodeKind::structure) return {};
  const Site& site = tree_.format().site(id);
  if (tree_[object.node].type != site.owner) return {};
  switch (site.member->role) {
    case Role::sequence:
    case Role::parse_instance: {
      const NodeId child = tree_.child_of(object.node, id);
      return child == kNoNode ? Computed{} : value_of(child);
    }
    case Role::value_instance: {
      const SiteFormulas& formulas = tree_.format().ties().formulas(id);
      if (!formulas.value) return {};
      if (formulas.condition) {
        const Computed is_there = compute_term(formulas.condition, formulas.condition.whole(), {.self = object.node});
        if (is_there.kind != Computed::Kind::integer || is_there.integer == 0) return {};
      }
      return compute_term(formulas.value, formulas.value.whole(), {.self = object.node});
    }
    case Role::parameter: return parameter_of(object.node, site);
  }
  return {};
}

// An argument is computed where the structure is used.
Computed Evaluator::parameter_of(NodeId object, const Site& site) {
  if (object == 0) return {};
  const auto* arguments = tree_.format().ties().formulas(tree_[object].site).arguments_of(tree_[object].type);
  if (arguments == nullptr || site.index >= arguments->size() || !(*arguments)[site.index]) return {};
  const Formula& argument = (*arguments)[site.index];
  return compute_term(argument, argument.whole(), scope_of(object));
}

NodeId Evaluator::root_of(NodeId structure) const {
  const Ties& ties = tree_.format().ties();
  if (!ties.has_imports()) return 0;
  while (structure != 0 && !ties.is_own_root(tree_[structure].type)) structure = tree_.container_of(structure);
  return structure;
}

NodeId Evaluator::stream_of(NodeId structure) {
  for (NodeId id = structure; id != 0;) {
    const Node& node = tree_[id];
    const NodeId holder = node.is(node_flag::element) ? node.parent : id;
    if (tree_.format().site(node.site).member->sizing.cuts_a_region()) return id;
    if (tree_[holder].is(node_flag::placed)) {
      const SiteFormulas& formulas = tree_.format().ties().formulas(node.site);
      if (formulas.io) {
        if (depth_ >= kDeepest) return kNoNode;
        ++depth_;
        const Computed io = compute_term(formulas.io, formulas.io.whole(), scope_of(id));
        --depth_;
        return io.kind == Computed::Kind::stream ? io.node : kNoNode;
      }
    }
    const NodeId container = tree_.container_of(id);
    if (container == kNoNode) return kNoNode;
    id = container;
  }
  return 0;
}

NodeId Evaluator::stream_of_place(NodeId placed) {
  depth_ = 0;
  steps_ = 0;
  const SiteFormulas& formulas = tree_.format().ties().formulas(tree_[placed].site);
  const NodeId container = tree_.container_of(placed);
  if (!formulas.io) return stream_of(container);
  if (formulas.io.is_plain()) {
    const NodeId stream = lead(formulas.io, formulas.io.whole(), {.self = container});
    if (stream != kNoNode) return stream;
  }
  const Computed io = compute_term(formulas.io, formulas.io.whole(), {.self = container});
  return io.kind == Computed::Kind::stream ? io.node : kNoNode;
}

const schema::DataType* case_of(const Tree& tree, SiteId site, const Scope& scope) {
  const SiteFormulas& f = tree.format().ties().formulas(site);
  if (!f.switch_on) return &tree.format().site(site).member->data;
  const auto number = Evaluator(tree).integer(f.switch_on, scope);
  const Computed on = number ? Computed{.kind = Computed::Kind::integer, .integer = *number}
                             : Evaluator(tree).compute(f.switch_on, f.switch_on.whole(), scope);
  if (on.is_nothing()) return nullptr;
  const schema::DataType* otherwise = nullptr;
  for (const SiteFormulas::Case& c : f.cases) {
    if (!c.match) {
      otherwise = c.data;
      continue;
    }
    if (number && c.number) {
      if (*number == *c.number) return c.data;
      continue;
    }
    const Computed match = Evaluator(tree).compute(c.match, c.match.whole(), scope);
    if (match.kind != on.kind) continue;
    const bool is_it =
        on.kind == Computed::Kind::integer ? on.integer == match.integer : std::ranges::equal(on.bytes, match.bytes);
    if (is_it) return c.data;
  }
  return otherwise;
}

}  // namespace sluice::mutate
