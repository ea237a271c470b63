// Shapes of conditions that are asked of millions of elements: a guess that costs one instruction, before the rule
// itself. Where the guess is not sure the rule is judged as if nobody had guessed, so no finding depends on this file.
#include "validator/schema/compiler.h"

namespace sluice::schema {

using expression::BinaryOp;
using expression::Binding;
using expression::Expr;
using expression::ExprKind;
using program::RuleKind;

bool is_comparison(const Expr& e) {
  return e.kind == ExprKind::binary && e.binary_op >= BinaryOp::equal && e.binary_op <= BinaryOp::greater_equal;
}

bool is_plain_constant(const Expr& e) {
  return (e.kind == ExprKind::integer || e.kind == ExprKind::enum_label) && e.value >= INT64_MIN &&
         e.value <= INT64_MAX;
}

bool is_field_of_element(const Expr& e) {
  return e.kind == ExprKind::attribute && e.binding.kind == Binding::Kind::member &&
         e.children[0]->kind == ExprKind::name && e.children[0]->binding.kind == Binding::Kind::element;
}

namespace {

// The condition that is asked first: if it has the value that decides, the others are not asked.
const Expr& first_of(const Expr& condition, BinaryOp combined_by) {
  const Expr* e = &condition;
  while (e->kind == ExprKind::binary && e->binary_op == combined_by) e = e->children[0].get();
  return *e;
}

bool is_cap(const Expr& e) { return e.kind == ExprKind::attribute && e.binding.kind == Binding::Kind::build_cap; }

}  // namespace

// Jumps, if it can be told at once that `condition` has the value `holds`. Returns what to land, if anything.
std::optional<std::uint32_t> Compiler::guess(const Expr& condition, bool holds) {
  if (!use_guesses_) return std::nullopt;
  const Expr& first = first_of(condition, holds ? BinaryOp::logical_or : BinaryOp::logical_and);
  if (!is_comparison(first) || !is_plain_constant(*first.children[1])) return std::nullopt;
  const Expr& value = *first.children[0];
  std::uint32_t place = program::kGuessElement;
  if (is_field_of_element(value)) {
    const Binding& field = value.binding;
    const std::uint32_t slot = code_.types[field.owner].members[field.index].slot;
    if (slot >= program::kGuessSlots || field.owner >= program::kGuessSlots - 1) return std::nullopt;
    place = field.owner * program::kGuessSlots + slot;
  } else if (value.kind != ExprKind::name || value.binding.kind != Binding::Kind::element) {
    return std::nullopt;
  }
  emit(Op::guess, static_cast<std::uint64_t>(first.binary_op) | (holds ? program::kGuessHolds : 0u), place,
       static_cast<std::int64_t>(first.children[1]->value));
  return emit(Op::jump);
}

// Where one number is compared with a cap, the tightest cap of all builds speaks for the others.
std::optional<std::uint32_t> Compiler::guess_for_builds(const Rule& rule) {
  if (!use_guesses_ || rule.kind != RuleKind::require || program_.builds.empty()) return std::nullopt;
  const Expr& e = *rule.operands[0].expr;
  if (!is_comparison(e) || e.binary_op == BinaryOp::equal || e.binary_op == BinaryOp::not_equal) return std::nullopt;
  const bool is_right = is_cap(*e.children[1]);
  if (is_right == is_cap(*e.children[0]) || names_build(*e.children[is_right ? 0 : 1])) return std::nullopt;
  const bool is_below = (e.binary_op == BinaryOp::less || e.binary_op == BinaryOp::less_equal) == is_right;
  // A failure is told by the loop, for each build.
  const std::uint32_t attempt = emit(Op::rule_catch, program::kCatchInRule | program::kCatchQuietly);
  for (const auto& side : e.children) {
    if (is_cap(*side)) {
      emit(Op::push_tightest, is_below ? 0 : 1, side->binding.index);
    } else {
      compile(*side);
    }
  }
  emit(Op::binary, static_cast<std::uint64_t>(e.binary_op));
  const std::uint32_t fine = emit(Op::require);
  land(attempt);
  return fine;
}

}  // namespace sluice::schema
