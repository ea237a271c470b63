#include "fuzz/mutate/solve.h"

#include <algorithm>

namespace sluice::mutate {

using expression::BinaryOp;
using schema::Role;

namespace {

constexpr std::uint32_t kDeepest = 40;
constexpr Integer kLongestText = 4096;

}  // namespace

std::optional<Integer> Solver::integer_of(const Formula& formula, std::uint32_t term, const Scope& scope) const {
  return Evaluator(editor_.tree()).integer(formula, term, scope);
}

bool Solver::make(const Formula& formula, const Scope& scope, Integer value, SiteId target, NodeId owner,
                  bool overrides) {
  if (!formula) return false;
  depth_ = 0;
  if (target != kNoSite && invert(formula, formula.whole(), scope, value, {target, owner, true, overrides})) {
    return true;
  }
  return invert(formula, formula.whole(), scope, value, {kNoSite, owner, false, overrides});
}

bool Solver::set_leaf(NodeId leaf, Integer value, const Goal& goal) {
  const Node& node = editor_.tree()[leaf];
  if (!node.is_number() || (node.is(node_flag::pinned) && !goal.overrides)) return false;
  if (goal.target != kNoSite && node.site != goal.target) return false;
  if (!goal.may_set_bound && editor_.ties().is_bound(node.site)) return false;
  if (!fits(node, value)) return false;
  if (goal.owner != kNoNode && !editor_.claim(leaf, goal.owner)) return false;
  editor_.set(leaf, value);
  if (goal.owner == kNoNode) editor_.pin(leaf);
  return true;
}

bool Solver::invert(const Formula& formula, std::uint32_t term, const Scope& scope, Integer value, const Goal& goal) {
  if (!in_range(value) || depth_ >= kDeepest) return false;
  const Term& t = formula.terms()[term];
  ++depth_;
  bool good = false;
  switch (t.op) {
    case TermOp::member: good = invert_member(formula, t, scope, value, goal); break;
    case TermOp::element:
      good =
          scope.element != kNoNode && editor_.tree()[scope.element].is_number() && set_leaf(scope.element, value, goal);
      break;
    case TermOp::subscript:
    case TermOp::first:
    case TermOp::last: {
      const Computed leaf = Evaluator(editor_.tree()).compute(formula, term, scope);
      good = leaf.kind == Computed::Kind::integer && leaf.from != kNoNode && set_leaf(leaf.from, value, goal);
      break;
    }
    case TermOp::negate: good = invert(formula, t.a, scope, -value, goal); break;
    case TermOp::invert: good = invert(formula, t.a, scope, ~value, goal); break;
    case TermOp::length: {
      const Computed of = Evaluator(editor_.tree()).compute(formula, t.a, scope);
      good = of.kind == Computed::Kind::bytes && of.from != kNoNode && invert_length(of.from, value);
      break;
    }
    case TermOp::conditional: {
      const auto which = integer_of(formula, t.a, scope);
      good = which && invert(formula, *which != 0 ? t.b : t.c, scope, value, goal);
      break;
    }
    case TermOp::binary: good = invert_binary(formula, t, scope, value, goal); break;
    default: break;
  }
  --depth_;
  return good;
}

bool Solver::invert_member(const Formula& formula, const Term& t, const Scope& scope, Integer value, const Goal& goal) {
  const Tree& tree = editor_.tree();
  const NodeId led = Evaluator(tree).node_of(formula, t.a, scope);
  const Computed object = led != kNoNode ? Computed{.kind = Computed::Kind::node, .node = led}
                                         : Evaluator(tree).compute(formula, t.a, scope);
  if (object.kind != Computed::Kind::node || tree[object.node].kind != NodeKind::structure) return false;
  const Site& site = editor_.format().site(t.site);
  if (tree[object.node].type != site.owner) return false;
  switch (site.member->role) {
    case Role::sequence:
    case Role::parse_instance: {
      const NodeId leaf = tree.child_of(object.node, t.site);
      return leaf != kNoNode && set_leaf(leaf, value, goal);
    }
    case Role::value_instance: {
      const Formula& of = editor_.ties().formulas(t.site).value;
      return of && invert(of, of.whole(), {.self = object.node}, value, goal);
    }
    case Role::parameter: {
      if (object.node == 0) return false;
      const auto* arguments = editor_.ties().formulas(tree[object.node].site).arguments_of(tree[object.node].type);
      if (arguments == nullptr || site.index >= arguments->size() || !(*arguments)[site.index]) return false;
      const Formula& argument = (*arguments)[site.index];
      return invert(argument, argument.whole(), Evaluator(tree).scope_of(object.node), value, goal);
    }
  }
  return false;
}

// What the left operand must be so that `left op right` is `value`.
static std::optional<Integer> left_for(BinaryOp op, Integer value, Integer right, Integer now) {
  Integer left = 0;
  switch (op) {
    case BinaryOp::add: left = value - right; break;
    case BinaryOp::subtract: left = value + right; break;
    case BinaryOp::multiply:
      if (right == 0) return std::nullopt;
      left = value / right;
      break;
    case BinaryOp::divide:
      if (__builtin_mul_overflow(value, right, &left)) return std::nullopt;
      break;
    case BinaryOp::modulo: {
      if (right <= 0 || value < 0 || value >= right) return std::nullopt;
      const auto rest = apply(BinaryOp::modulo, now, right);
      if (!rest) return std::nullopt;
      left = now - *rest + value;
      if (left < now) left += right;
      break;
    }
    case BinaryOp::shift_left:
      if (right < 0 || right > 63) return std::nullopt;
      left = value >> static_cast<int>(right);
      break;
    case BinaryOp::shift_right:
      if (right < 0 || right > 63) return std::nullopt;
      left = value * (Integer{1} << static_cast<int>(right));
      break;
    case BinaryOp::bit_and: left = (now & ~right) | value; break;
    case BinaryOp::bit_or: left = value; break;
    case BinaryOp::bit_xor: left = value ^ right; break;
    default: return std::nullopt;
  }
  const auto check = apply(op, left, right);
  return check && *check == value ? std::optional(left) : std::nullopt;
}

bool Solver::invert_binary(const Formula& formula, const Term& t, const Scope& scope, Integer value, const Goal& goal) {
  const auto a = integer_of(formula, t.a, scope);
  const auto b = integer_of(formula, t.b, scope);
  if (b) {
    const auto left = left_for(t.binary, value, *b, a.value_or(0));
    if (left && invert(formula, t.a, scope, *left, goal)) return true;
  }
  if (!a) return false;
  const bool commutes = t.binary == BinaryOp::add || t.binary == BinaryOp::multiply || t.binary == BinaryOp::bit_xor ||
                        t.binary == BinaryOp::bit_and || t.binary == BinaryOp::bit_or;
  if (commutes) {
    const auto right = left_for(t.binary, value, *a, b.value_or(0));
    return right && invert(formula, t.b, scope, *right, goal);
  }
  return t.binary == BinaryOp::subtract && invert(formula, t.b, scope, *a - value, goal);
}

// Gives a text or bytes a length, as they are counted without padding and terminator.
bool Solver::invert_length(NodeId leaf, Integer value) {
  const Tree& tree = editor_.tree();
  const Node node = tree[leaf];
  const schema::Sizing& sizing = editor_.format().site(node.site).member->sizing;
  if (value < 0 || value > kLongestText || node.is(node_flag::pinned)) return false;
  const auto length = static_cast<std::uint32_t>(value);
  const bool has_own_end = sizing.pad_right.has_value() || sizing.terminator.has_value();
  if (sizing.size && has_own_end && length <= node.size()) {
    bytes_.resize(node.size());
    const std::uint8_t filler = sizing.pad_right ? *sizing.pad_right : sizing.terminator->front();
    for (std::uint32_t i = 0; i < node.size(); ++i) {
      const std::uint8_t now = tree.bytes()[node.from + i];
      bytes_[i] = i >= length ? filler : now == filler || now == 0 ? std::uint8_t{'a'} : now;
    }
    editor_.overwrite(leaf, node.from, bytes_);
    return true;
  }
  const std::uint32_t end = sizing.terminator && !sizing.size && !sizing.size_eos && node.size() > 0 ? 1 : 0;
  const std::uint32_t now = node.size() - end;
  if (length > now) return editor_.fill(leaf, node.from + now, length - now, 'a');
  if (length < now && end == 0) editor_.cut(leaf, now - length);
  return length == now || end == 0;
}

bool Solver::settle(const Formula& formula, const Scope& scope, bool wanted) {
  if (!formula) return false;
  depth_ = 0;
  return settle_term(formula, formula.whole(), scope, wanted);
}

bool Solver::settle_term(const Formula& formula, std::uint32_t term, const Scope& scope, bool wanted) {
  const auto now = integer_of(formula, term, scope);
  if (now && (*now != 0) == wanted) return true;
  if (depth_ >= kDeepest) return false;
  const Term& t = formula.terms()[term];
  ++depth_;
  bool good = false;
  if (t.op == TermOp::logical_not) {
    good = settle_term(formula, t.a, scope, !wanted);
  } else if (t.op == TermOp::conditional) {
    const auto which = integer_of(formula, t.a, scope);
    good = which && settle_term(formula, *which != 0 ? t.b : t.c, scope, wanted);
  } else if (t.op == TermOp::binary && (t.binary == BinaryOp::logical_and || t.binary == BinaryOp::logical_or)) {
    const bool needs_both = (t.binary == BinaryOp::logical_and) == wanted;
    if (needs_both) {
      good = settle_term(formula, t.a, scope, wanted) && settle_term(formula, t.b, scope, wanted);
    } else {
      // `is not of that kind or holds`: the conclusion first.
      good = settle_term(formula, t.b, scope, wanted) || settle_term(formula, t.a, scope, wanted);
    }
  } else if (t.op == TermOp::binary && t.binary >= BinaryOp::equal && t.binary <= BinaryOp::greater_equal) {
    good = settle_comparison(formula, t, scope, wanted);
  } else {
    good = invert(formula, term, scope, wanted ? 1 : 0, {kNoSite, kNoNode, true});
  }
  --depth_;
  // Setting the second half may have undone the first.
  const auto then = good ? integer_of(formula, term, scope) : std::nullopt;
  return then && (*then != 0) == wanted;
}

static BinaryOp negated(BinaryOp op) {
  switch (op) {
    case BinaryOp::equal: return BinaryOp::not_equal;
    case BinaryOp::not_equal: return BinaryOp::equal;
    case BinaryOp::less: return BinaryOp::greater_equal;
    case BinaryOp::less_equal: return BinaryOp::greater;
    case BinaryOp::greater: return BinaryOp::less_equal;
    default: return BinaryOp::less;
  }
}

bool Solver::settle_comparison(const Formula& formula, const Term& t, const Scope& scope, bool wanted) {
  const BinaryOp op = wanted ? t.binary : negated(t.binary);
  const auto a = integer_of(formula, t.a, scope);
  const auto b = integer_of(formula, t.b, scope);
  const Goal goal{kNoSite, kNoNode, true};
  if (!a && !b) {
    const Computed x = Evaluator(editor_.tree()).compute(formula, t.a, scope);
    const Computed y = Evaluator(editor_.tree()).compute(formula, t.b, scope);
    const bool are_texts = x.kind == Computed::Kind::bytes && y.kind == Computed::Kind::bytes;
    if (op != BinaryOp::equal || !are_texts || x.from == kNoNode || x.bytes.size() != y.bytes.size()) return false;
    const std::vector<std::uint8_t> copy(y.bytes.begin(), y.bytes.end());
    editor_.overwrite(x.from, editor_.tree()[x.from].from, copy);
    return true;
  }
  if (op == BinaryOp::not_equal) {
    return (b && settle_other(formula, formula.terms()[t.a], scope, *b)) ||
           (a && settle_other(formula, formula.terms()[t.b], scope, *a));
  }
  const Integer down = op == BinaryOp::less ? -1 : op == BinaryOp::greater ? 1 : 0;
  if (b && invert(formula, t.a, scope, *b + down, goal)) return true;
  return a && invert(formula, t.b, scope, *a - down, goal);
}

// Any value but one: for an enumeration another of its values.
bool Solver::settle_other(const Formula& formula, const Term& t, const Scope& scope, Integer not_this) {
  const auto term = static_cast<std::uint32_t>(&t - formula.terms().data());
  const Goal goal{kNoSite, kNoNode, true};
  NodeId leaf = Evaluator(editor_.tree()).node_of(formula, term, scope);
  if (leaf == kNoNode) {
    const Computed now = Evaluator(editor_.tree()).compute(formula, term, scope);
    if (now.kind == Computed::Kind::integer) leaf = now.from;
  }
  if (leaf != kNoNode && editor_.tree()[leaf].is_number()) {
    const schema::EnumId id = editor_.tree()[leaf].enum_id;
    if (id != schema::kNoEnum) {
      const auto& members = editor_.format().schema().enumeration(id).members;
      const std::uint64_t start = random_.below(members.size());
      for (std::size_t i = 0; i < members.size(); ++i) {
        const Integer value = members[(start + i) % members.size()].value;
        if (value != not_this && invert(formula, term, scope, value, goal)) return true;
      }
      return false;
    }
  }
  return invert(formula, term, scope, not_this + 1, goal) || invert(formula, term, scope, not_this - 1, goal);
}

bool Solver::search(const Formula& formula, const Scope& scope) {
  const Tree& tree = editor_.tree();
  const auto count = static_cast<std::uint32_t>(formula.terms().size());
  const std::uint64_t first = random_.below(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto term = static_cast<std::uint32_t>((first + i) % count);
    const TermOp op = formula.terms()[term].op;
    if (op != TermOp::member && op != TermOp::element) continue;
    const Computed now = Evaluator(tree).compute(formula, term, scope);
    if (now.kind != Computed::Kind::integer || now.from == kNoNode) continue;
    const Node& leaf = tree[now.from];
    if (leaf.enum_id == schema::kNoEnum || leaf.is(node_flag::pinned) || editor_.ties().is_bound(leaf.site)) continue;
    const auto& members = editor_.format().schema().enumeration(leaf.enum_id).members;
    const std::uint64_t start = random_.below(members.size());
    for (std::size_t k = 0; k < members.size(); ++k) {
      if (!editor_.set(now.from, members[(start + k) % members.size()].value)) continue;
      const auto then = integer_of(formula, formula.whole(), scope);
      if (then && *then != 0) return true;
    }
    editor_.set(now.from, now.integer);
  }
  return false;
}

}  // namespace sluice::mutate
