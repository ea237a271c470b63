// Rules -> instructions.
//
// The lean code judges an element when it has been read and is about to be forgotten. The full code judges when all
// has been read: first the rows of all tables, then the rules, structure by structure (program/tree.cc).
#include <algorithm>

#include "validator/expression/check.h"
#include "validator/schema/compiler.h"
#include "validator/schema/later.h"
#include "validator/schema/loader.h"

namespace sluice::schema {

using expression::BinaryOp;
using expression::Binding;
using expression::Expr;
using expression::ExprKind;
using program::kNoEntry;
using program::RuleKind;

namespace {

bool is_deferred(RuleKind kind) {
  switch (kind) {
    case RuleKind::acyclic:
    case RuleKind::closed:
    case RuleKind::nested:
    case RuleKind::limit_count:
    case RuleKind::limit_sum:
    case RuleKind::limit_depth: return true;
    default: return false;
  }
}

bool collects(RuleKind kind) {
  return is_deferred(kind) || kind == RuleKind::unique || kind == RuleKind::sorted || kind == RuleKind::disjoint;
}

// Whether `a` has been read whole when an element of `b` has.
bool comes_before(const Schema& schema, const RulePath& a, const RulePath& b) {
  const std::size_t common = std::min(a.steps.size(), b.steps.size());
  for (std::size_t k = 0; k < common; ++k) {
    const auto& [type, member] = a.steps[k];
    if (a.steps[k] != b.steps[k]) return type == b.steps[k].type && member < b.steps[k].member;
    if (schema.type(type).members[member].repeat != RepeatKind::none) return false;  // more of them follow
  }
  return false;
}

}  // namespace

// --- Where
// ---------------------------------------------------------------------------------------------------------------

RuleSites RuleSites::of(const Schema& schema) {
  RuleSites out;
  const RuleBook& book = schema.rules;
  if (book.empty()) return out;
  for (std::uint32_t k = 0; k < book.tables.size(); ++k) out.sites_[book.tables[k].in.steps.back()].tables.push_back(k);
  if (book.uses) out.sites_[book.uses->each.steps.back()].uses = true;
  for (std::uint32_t k = 0; k < book.rules.size(); ++k) {
    if (!book.rules[k].each.empty()) out.sites_[book.rules[k].each.steps.back()].rules.push_back(k);
  }

  out.users_.assign(schema.types.size(), 0);
  ++out.users_[schema.root];
  const auto count = [&](const auto& self, const DataType& data) -> void {
    if (data.kind == DataKind::structure && data.type_id != kNoType) ++out.users_[data.type_id];
    for (const Case& c : data.cases) self(self, c.type);
  };
  for (const auto& type : schema.types) {
    for (const Member& m : type->members) count(count, m.data);
  }

  // An instance that an expression asks for may be read before its turn.
  const Uses uses = Uses::of(schema);
  const auto may_come_early = [&](const RulePath& path) {
    return std::ranges::any_of(path.steps, [&](const RulePath::Step& step) {
      return step.member >= schema.type(step.type).first_instance() && uses.members[step.type][step.member];
    });
  };
  const auto needs = [&](std::uint32_t table, const RulePath& each) {
    const RulePath& in = book.tables[table].in;
    if (each.empty() && !may_come_early(in)) return;  // all has been read
    out.look_ahead_ = out.look_ahead_ || !comes_before(schema, in, each) || may_come_early(in) || may_come_early(each);
  };
  for (const Rule& rule : book.rules) {
    for (const RuleLocal& local : rule.locals) {
      if (local.table) needs(*local.table, rule.each);
    }
    out.look_ahead_ =
        out.look_ahead_ || may_come_early(rule.each) || names_later(schema, rule, !is_deferred(rule.kind));
  }
  for (const RuleTable& table : book.tables) {
    out.look_ahead_ = out.look_ahead_ || names_later(schema, table);
  }
  if (book.uses) {
    if (book.uses->table) needs(*book.uses->table, book.uses->each);
    out.look_ahead_ = out.look_ahead_ || may_come_early(book.uses->each) || names_later(schema, *book.uses);
  }
  return out;
}

const RuleSites::Site* RuleSites::find(TypeId type, std::uint32_t member) const {
  const auto at = sites_.find({type, member});
  return at == sites_.end() ? nullptr : &at->second;
}

bool RuleSites::is_only_way(const RulePath& path) const {
  return std::ranges::all_of(path.steps, [&](const RulePath::Step& step) { return users_[step.type] == 1; });
}

void describe_rules(const Schema& schema, program::Program& program) {
  const RuleBook& book = schema.rules;
  std::size_t locals = 3;  // an element put aside and two values; four operands of `inside`
  for (const Rule& rule : book.rules) {
    program::RuleInfo info{
        .id = rule.id, .severity = rule.severity, .kind = rule.kind, .order = rule.order, .text = rule.text};
    for (const MessagePart& part : rule.message) info.message.push_back(part.text);
    if (rule.kind == RuleKind::covers) program.covers = static_cast<std::uint32_t>(program.rules.size());
    program.rules.push_back(std::move(info));
    locals = std::max(locals, rule.locals.size() + 4);
  }
  program.locals = static_cast<std::uint32_t>(locals);
  for (const RuleTable& table : book.tables) program.tables.push_back(table.in.text + " by " + table.key.text);
  program.caps = book.caps;
  if (!book.uses) return;
  // `_.input`: the finding points at the field itself.
  const Expr& input = *book.uses->input.expr;
  if (input.kind != ExprKind::attribute || input.binding.kind != Binding::Kind::member ||
      input.children[0]->binding.kind != Binding::Kind::element) {
    return;
  }
  const TypeSpec& type = schema.type(input.binding.owner);
  program.used.id = type.members[input.binding.index].id;
  std::uint64_t bits = 0;
  for (std::uint32_t k = type.first_sequence(); k <= input.binding.index; ++k) {
    const auto size = fixed_bits(schema, type.members[k]);
    if (!size) return;
    const std::uint64_t end = bits + *size;
    if (k == input.binding.index && bits % 8 == 0 && end % 8 == 0)
      program.used.place = program::Span{bits / 8, end / 8};
    bits = end;
  }
}

// --- When
// ----------------------------------------------------------------------------------------------------------------

void Compiler::judge_rules(std::uint32_t member) {
  const RuleSites::Site* site = code_.keeps_everything ? nullptr : sites_.find(type_->id, member);
  if (site == nullptr) return;
  emit(Op::set_element);
  judge_site(*site, true, true);
  emit(Op::rule_end);
}

void Compiler::judge_site(const RuleSites::Site& site, bool tables, bool rules) {
  if (tables) {
    for (const std::uint32_t table : site.tables) judge_row(table);
  }
  if (!rules) return;
  if (site.uses) judge_use();
  for (const std::uint32_t rule : site.rules) judge_rule(rule);
}

void Compiler::judge_kept(const TypeSpec& type) {
  const auto pass = [&](bool tables) {
    std::uint32_t entry = kNoEntry;
    for (std::uint32_t k = 0; k < type.members.size(); ++k) {
      const RuleSites::Site* site = sites_.find(type.id, k);
      if (site == nullptr || (tables ? site->tables.empty() : site->rules.empty() && !site->uses)) continue;
      if (entry == kNoEntry) entry = here();
      const std::uint32_t visit = emit(Op::visit, 0, k);
      const std::uint32_t head = emit(Op::visit_element);
      judge_site(*site, tables, !tables);
      emit(Op::rule_end);
      emit(Op::visit_next, 0, 0, head);
      land(visit);
      land(head);
    }
    if (!tables && type.id == schema_.root && !schema_.rules.empty()) {
      if (entry == kNoEntry) entry = here();
      judge_root_rules();
    }
    if (entry == kNoEntry) return entry;
    emit(Op::push_null);
    emit(Op::finish);
    return entry;
  };
  const std::uint32_t tables = pass(true);
  const std::uint32_t rules = pass(false);
  code_.types[type.id].tables = tables;
  code_.types[type.id].rules = rules;
}

std::uint32_t Compiler::chain(const RulePath& path) {
  program::RuleChain out;
  for (const RulePath::Step& step : path.steps) out.steps.push_back({step.type, step.member});
  program_.chains.push_back(std::move(out));
  return static_cast<std::uint32_t>(program_.chains.size() - 1);
}

// Where the same type is used in several places, only one of them is the rule's. Returns what to land, or kNoEntry.
std::uint32_t Compiler::gate(const RulePath& path) {
  if (path.empty() || sites_.is_only_way(path)) return kNoEntry;
  return emit(Op::rule_gate, 0, chain(path));
}

// --- What
// ----------------------------------------------------------------------------------------------------------------

void Compiler::judge_row(std::uint32_t table) {
  const RuleTable& t = schema_.rules.tables[table];
  const std::uint32_t gated = gate(t.in);
  const std::uint32_t attempt = emit(Op::rule_catch);
  compile_value(t.key);
  emit(Op::add_row, 0, table);
  const auto& uses = schema_.rules.uses;
  if (uses && uses->table == table && uses->count) {
    compile_value(t.key);
    compile_value(uses->count);
    emit(Op::check_definition);
  }
  land(attempt);
  if (gated != kNoEntry) land(gated);
}

void Compiler::judge_use() {
  const ContractUse& use = *schema_.rules.uses;
  const std::uint32_t gated = gate(use.each);
  std::vector<std::uint32_t> ends;
  if (use.where) {
    if (const auto guessed = guess(*use.where.expr, false)) ends.push_back(*guessed);
  }
  const std::uint32_t attempt = emit(Op::rule_catch);
  if (use.where) {
    compile_value(use.where);
    ends.push_back(emit(Op::jump_if_false));
  }
  compile_value(use.type);
  compile_value(use.input);
  ends.push_back(emit(Op::check_use));
  if (use.table && use.count) {
    describe_use(use);
  } else {
    emit(Op::push_null);
    emit(Op::push_null);
  }
  emit(Op::report_use);
  for (const std::uint32_t end : ends) land(end);
  land(attempt);
  if (gated != kNoEntry) land(gated);
}

// -> defined name. Each is null where it cannot be computed: the use is a finding all the same.
void Compiler::describe_use(const ContractUse& use) {
  // The row takes the element's place while its fields are asked for.
  emit(Op::push_element);
  emit(Op::set_local, 0, 0);
  for (std::uint32_t k = 1; k <= 2; ++k) {
    emit(Op::push_null);
    emit(Op::set_local, 0, k);
  }
  emit(Op::push_used_type);
  const std::uint32_t missing = emit(Op::find_row, 1, *use.table);
  emit(Op::set_element);
  emit(Op::pop);
  std::uint32_t local = 0;
  for (const Expression* value : {&use.count, &use.name}) {
    ++local;
    if (!*value) continue;
    const std::uint32_t attempt = emit(Op::rule_catch);
    compile_value(*value);
    emit(Op::set_local, 0, local);
    land(attempt);
  }
  emit(Op::push_local, 0, 0);
  emit(Op::set_element);
  emit(Op::pop);
  land(missing);
  emit(Op::push_local, 0, 1);
  emit(Op::push_local, 0, 2);
}

// `where` and the locals; what jumps past the rule goes to `ends`, and for want of a row to `missing`.
void Compiler::select(std::uint32_t rule, std::vector<std::uint32_t>& ends, std::vector<std::uint32_t>& missing) {
  const Rule& r = schema_.rules.rules[rule];
  if (r.where) {
    compile_value(r.where);
    ends.push_back(emit(Op::jump_if_false));
  }
  for (std::uint32_t k = 0; k < r.locals.size(); ++k) {
    compile_value(r.locals[k].value);
    if (r.locals[k].table) missing.push_back(emit(Op::find_row, 0, *r.locals[k].table));
    emit(Op::set_local, 0, k);
  }
}

// `body` once for each build; what fails for one build says nothing of the next.
void Compiler::for_builds(const std::function<void()>& body) {
  const std::uint32_t none = emit(Op::build_first);
  const std::uint32_t head = emit(Op::rule_catch, program::kCatchInRule);
  body();
  land(head);
  emit(Op::build_next, 0, 0, head);
  land(none);
}

void Compiler::judge_rule(std::uint32_t rule) {
  const Rule& r = schema_.rules.rules[rule];
  if (r.kind == RuleKind::covers) return;  // judged with the stream
  const std::uint32_t gated = gate(r.each);
  const bool is_pairing = program::is_pairing(r.kind);
  std::vector<std::uint32_t> ends;
  std::vector<std::uint32_t> missing;
  const bool deferred = is_deferred(r.kind);
  const bool is_plain = r.kind == RuleKind::require && r.locals.empty();
  if (r.where || is_plain) {
    const auto guessed = r.where ? guess(*r.where.expr, false) : guess(*r.operands[0].expr, true);
    if (guessed) ends.push_back(*guessed);
  }
  const std::uint32_t attempt = emit(Op::rule_begin, 0, rule);
  if (!r.names_build || deferred) {
    select(rule, ends, missing);
    decide(rule);
  } else {
    const bool early = !names_build(r.where) &&
                       std::ranges::none_of(r.locals, [](const RuleLocal& l) { return names_build(l.value); });
    if (early) {
      select(rule, ends, missing);
      if (const auto guessed = guess_for_builds(r)) ends.push_back(*guessed);
    }
    for_builds([&] {
      std::vector<std::uint32_t> inner_ends;
      if (!early) select(rule, inner_ends, inner_ends);
      decide(rule);
      for (const std::uint32_t end : inner_ends) land(end);
    });
  }
  for (const std::uint32_t end : ends) land(end);
  const std::uint32_t known = is_pairing ? emit(Op::jump) : kNoEntry;
  land(attempt);
  for (const std::uint32_t end : missing) land(end);
  if (is_pairing) {
    emit(Op::undecided, 0, rule);
    land(known);
  }
  if (gated != kNoEntry) land(gated);
}

void Compiler::decide(std::uint32_t rule) {
  const Rule& r = schema_.rules.rules[rule];
  const auto spare = static_cast<std::uint32_t>(r.locals.size());
  if (r.kind == RuleKind::inside) {
    for (std::uint32_t k = 0; k < 4; ++k) {
      compile_value(r.operands[k]);
      if (!r.message.empty()) continue;
      emit(Op::set_local, 0, spare + k);
      emit(Op::push_local, 0, spare + k);
    }
    emit(Op::inside);
  } else {
    for (const Expression& e : r.operands) compile_value(e);
    if (collects(r.kind)) emit(Op::collect, r.operands.size(), rule);
  }
  if (is_deferred(r.kind)) {
    emit(Op::pop);
    return;
  }
  require(rule);
}

// A condition is on the stack.
void Compiler::require(std::uint32_t rule) {
  const Rule& r = schema_.rules.rules[rule];
  const std::uint32_t fine = emit(Op::require);
  std::uint32_t values = 0;
  if (!r.message.empty()) {
    for (const MessagePart& part : r.message) {
      if (!part.value) continue;
      message_value(part.value);
      ++values;
    }
  } else if (r.kind == RuleKind::inside) {
    for (; values < 4; ++values) emit(Op::push_local, 0, static_cast<std::uint32_t>(r.locals.size()) + values);
  } else if (r.kind == RuleKind::require && is_comparison(*r.operands[0].expr)) {
    // Both sides once more: cheaper than to put them aside for every element that is right.
    const std::uint32_t begin = here();
    for (const auto& side : r.operands[0].expr->children) compile(*side);
    code_.places.push_back({.begin = begin, .end = here(), .text = r.operands[0].text, .path = r.operands[0].path});
    values = 2;
  }
  emit(Op::violate, values);
  land(fine);
}

// -> the value, or a failed one: a message that cannot be formed is a finding beside the violation, not instead of it.
void Compiler::message_value(const Expression& value) {
  const std::uint32_t attempt = emit(Op::rule_catch, program::kCatchInRule);
  compile_value(value);
  const std::uint32_t known = emit(Op::jump);
  land(attempt);
  emit(Op::push_constant, 0, program_.add_constant(program::Value::of(program::Tag::failed)));
  land(known);
}

void Compiler::judge_root_rules() {
  const RuleBook& book = schema_.rules;
  if (book.empty()) return;
  for (std::uint32_t k = 0; k < book.rules.size(); ++k) {
    if (is_deferred(book.rules[k].kind)) {
      judge_collected(k);
    } else if (book.rules[k].each.empty()) {
      emit(Op::field, 0, program::kNoSlot);
      judge_rule(k);
    }
  }
  declare_builds();
  emit(Op::rule_end);
}

void Compiler::judge_collected(std::uint32_t rule) {
  const Rule& r = schema_.rules.rules[rule];
  emit(Op::field, 0, program::kNoSlot);
  const std::uint32_t attempt = emit(Op::rule_begin, 0, rule);
  const auto judge = [&] {
    if (r.at_most) compile_value(r.at_most);
    emit(Op::judge_collected, r.at_most ? 1 : 0, rule);
    require(rule);
  };
  if (r.names_build) {
    for_builds(judge);
  } else {
    judge();
  }
  land(attempt);
}

void Compiler::declare_builds() {
  const RuleBook& book = schema_.rules;
  if (!book.from) return;
  const std::uint32_t attempt = emit(Op::rule_catch);
  compile_value(book.from);
  emit(Op::declare, 0);
  compile_value(book.to);
  emit(Op::declare, 1);
  land(attempt);
}

}  // namespace sluice::schema
