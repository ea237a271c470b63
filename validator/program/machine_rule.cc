// Rules: judgements that relate one part of a file to another, and the file to what each driver build supplies.
#include <fmt/core.h>

#include <algorithm>

#include "validator/program/machine.h"

namespace sluice::program {

namespace {

// Changes what a rule remembers; `memory` is of all rules.
template <typename Kept, typename Change>
void change(Kept& kept, std::uint64_t& memory, const Change& make) {
  memory -= kept.memory();
  make(kept);
  memory += kept.memory();
}

}  // namespace

bool Machine::step_rule(const Instruction& i, std::uint32_t& pc) {
  switch (i.op) {
    case Op::look_ahead: trouble_ = Trouble::needs_everything; return false;
    case Op::rule_gate:
      if (!stands_at(program_.chains[i.b])) pc = static_cast<std::uint32_t>(i.c);
      return true;
    case Op::push_top: push(Value::of(root_)); return true;

    case Op::visit:
    case Op::visit_element:
    case Op::visit_next: return visit(i, pc);

    case Op::add_row: {
      const Value value = pop();
      if (!charge_work(Key::work(value))) return false;
      const auto key = Key::of(value);
      if (!key || top().element.tag != Tag::object) return true;
      change(tables_[i.b], rules_memory_, [&](JoinTable& table) { table.add(*key, top().element.object); });
      return rules_memory_ <= limits_.memory || out_of_memory();
    }

    case Op::build_first:
      build_ = 0;
      if (program_.builds.empty()) pc = static_cast<std::uint32_t>(i.c);
      return true;
    case Op::build_next:
      if (++*build_ < program_.builds.size()) {
        pc = static_cast<std::uint32_t>(i.c);
        return charge(0);
      }
      build_.reset();
      return true;
    case Op::push_build: {
      const BuildFacts& build = program_.builds[*build_];
      const std::string& text = i.a == 0 ? build.name : build.support;
      push(Value::bytes({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, Tag::string));
      return true;
    }
    case Op::push_cap: push(Value::integer(program_.build_index.cap(*build_, i.b))); return true;
    case Op::push_tightest: {
      const BuildIndex& index = program_.build_index;
      push(Value::integer(i.a == 0 ? index.least_cap(i.b) : index.most_cap(i.b)));
      return true;
    }
    case Op::look_up_inputs: {
      const Value type = pop();
      if (type.tag == Tag::failed) return fail_silently();
      if (!type.is_there()) return fail(FindingId::null_access, {{"what", expression_here()}});
      const BuildFacts& build = program_.builds[*build_];
      const auto& inputs = i.a == 0 ? build.supplies : build.defines;
      const auto at = inputs.find(type.as_integer());
      if (at == inputs.end()) {
        return fail(FindingId::unknown_template_type, {{"build", build.name}, {"type", to_string(type.as_integer())}});
      }
      push(Value::integer(at->second));
      return true;
    }

    case Op::inside: {
      const Value region_size = pop();
      const Value region_from = pop();
      const Value size = pop();
      const Value from = pop();
      for (const Value& v : {from, size, region_from, region_size}) {
        if (v.tag == Tag::failed) return fail_silently();
        if (v.tag != Tag::integer) return fail(FindingId::null_access, {{"what", expression_here()}});
      }
      const Integer begin = from.as_integer() - region_from.as_integer();  // 64-bit values in 128 bits
      const Integer left = region_size.as_integer() - begin;
      push(Value::boolean(begin >= 0 && size.as_integer() >= 0 && left >= 0 && size.as_integer() <= left));
      return true;
    }
    case Op::judge_collected: {
      std::optional<Integer> bound;
      if (i.a != 0) {
        const Value v = pop();
        if (v.tag == Tag::failed) return fail_silently();
        if (v.tag != Tag::integer) return fail(FindingId::null_access, {{"what", "the limit"}});
        bound = v.as_integer();
      }
      if (!collectors_[i.b].judge(bound, limits_.memory - std::min(limits_.memory, rules_memory_), wrong_)) {
        return out_of_memory();
      }
      push(Value::boolean(!wrong_));
      return true;
    }
    case Op::undecided:
      change(collectors_[i.b], rules_memory_, [&](Collector& c) { c.leave_undecided(sequence_here()); });
      return rules_memory_ <= limits_.memory || out_of_memory();
    case Op::violate: violate(i.a); return true;

    case Op::push_used_type: push(Value::integer(use_.type)); return true;
    case Op::report_use: report_use(); return true;
    case Op::check_definition: check_definition(); return true;
    case Op::declare: {
      const Value v = pop();
      if (v.tag != Tag::string) return fail_silently();
      if (!declared_) declared_.emplace();
      (i.a == 0 ? declared_->first : declared_->last) = v.text();
      return true;
    }
    default: std::abort();
  }
}

bool Machine::stands_at(const RuleChain& chain) const {
  const Object* object = activations_.back().self;
  for (std::size_t k = chain.steps.size(); k-- > 1;) {
    // The last step is the field itself; those before say whose field it is.
    const RuleChain::Step& step = chain.steps[k - 1];
    const Object* up = object->container;
    if (up == nullptr || up->type->id != step.type || object->member != step.member) return false;
    object = up;
  }
  return object == root_;
}

// Full code: the elements of a member that were kept, one after the other, as if they were being read.
bool Machine::visit(const Instruction& i, std::uint32_t& pc) {
  Activation& a = top();
  Loop& loop = a.loop;
  if (i.op == Op::visit) {
    const Value& v = a.self->slots()[a.self->type->members[i.b].slot];
    a.member = i.b;
    loop = {};
    if (!v.is_there()) {
      pc = static_cast<std::uint32_t>(i.c);
      return true;
    }
    Stream* stream = a.self->member_streams[i.b];
    a.field_begin = stream == nullptr ? nullptr : stream->reader.begin() + a.self->spans[i.b].begin;
    a.field_end = stream == nullptr ? nullptr : stream->reader.begin() + a.self->spans[i.b].end;
    a.element = v;
    loop.count = v.tag == Tag::array ? v.array->count : 1;
    loop.array = v.tag == Tag::array ? v.array : nullptr;
    loop.active = v.tag == Tag::array;
    loop.serial = ++loops_;
    return true;
  }
  if (i.op == Op::visit_next) {
    ++loop.index;
    pc = static_cast<std::uint32_t>(i.c);
    return charge(1);
  }
  if (loop.index >= loop.count) {
    loop = {};
    a.field_end = nullptr;
    pc = static_cast<std::uint32_t>(i.c);
    return true;
  }
  if (loop.array != nullptr) {
    a.element = loop.array->at(loop.index);
    if (loop.array->spans != nullptr) {
      const Span span = loop.array->spans[loop.index];
      loop.element = loop.array->stream->reader.begin() + span.begin;
      a.field_end = loop.array->stream->reader.begin() + span.end;
    }
  }
  return true;
}

bool Machine::collect(const Instruction& i) {
  const std::span<const Value> values(operands_.data() + (operands_.size() - i.a), i.a);
  for (const Value& v : values) {
    if (v.tag == Tag::failed) return fail_silently();
    if (!v.is_there()) return fail(FindingId::null_access, {{"what", expression_here()}});
    if (!charge_work(Key::work(v))) return false;
  }
  const Activation& a = top();
  const Where where{offset_of(a.loop.active ? a.loop.element : a.field_begin)};
  change(collectors_[i.b], rules_memory_, [&](Collector& c) { wrong_ = c.add(values, where, sequence_here()); });
  operands_.resize(operands_.size() - i.a);
  push(Value::boolean(!wrong_));
  return rules_memory_ <= limits_.memory || out_of_memory();
}

std::uint64_t Machine::sequence_here() const {
  const Loop& loop = activations_.back().loop;
  return loop.active ? loop.serial : 0;
}

void Machine::give_up_sequence(std::uint64_t sequence) {
  for (const std::uint32_t rule : pairing_) {
    change(collectors_[rule], rules_memory_, [&](Collector& c) { c.give_up(sequence); });
  }
}

bool Machine::find_row(const Instruction& i, std::uint32_t& pc) {
  const Value value = pop();
  if (value.tag == Tag::failed) return fail_silently();
  if (!value.is_there()) return fail(FindingId::null_access, {{"what", expression_here()}});
  if (!charge_work(Key::work(value))) return false;
  const auto key = Key::of(value);
  const JoinTable::Row* row = key ? tables_[i.b].find(*key) : nullptr;
  if (row != nullptr && row->count == 1) {
    push(Value::of(row->object));
    return true;
  }
  pc = static_cast<std::uint32_t>(i.c);
  if (i.a != 0 || !key) return true;
  const std::uint64_t rows = row == nullptr ? 0 : row->count;
  // Once for each key, to each rule and for each build: every verdict needs its own.
  const std::uint64_t reader = (std::uint64_t{rule_} << 32) + (build_ ? *build_ + 1 : 0);
  bool is_news = false;
  change(tables_[i.b], rules_memory_, [&](JoinTable& table) { is_news = table.tell(*key, reader); });
  if (rules_memory_ > limits_.memory) return out_of_memory();
  if (!is_news) return true;
  const std::string& table = program_.tables[i.b];
  const std::size_t by = table.rfind(" by ");
  Finding f = located(rows == 0 ? FindingId::join_missing : FindingId::join_double);
  f.rule = program_.rules[rule_].id;
  f.severity = program_.rules[rule_].severity;
  f.parameters = {{"in", table.substr(0, by)}, {"key", table.substr(by + 4)}, {"value", describe(value)}};
  if (rows > 0) f.parameters.push_back({"count", std::to_string(rows)});
  findings_.add(std::move(f));
  return true;
}

// The values on the stack are those of the message, in its order; or, without one, of the condition's two sides.
void Machine::violate(std::uint32_t values) {
  const RuleInfo& rule = program_.rules[rule_];
  const Value* const first = operands_.data() + (operands_.size() - values);
  std::string text;
  if (!rule.message.empty()) {
    for (std::uint32_t k = 0; k < rule.message.size(); ++k) {
      text += rule.message[k];
      if (k < values) text += shown_in_message(first[k]);
    }
  } else if (wrong_) {
    text = *wrong_;
  } else {
    text = rule.text + (values == 0 ? "" : ": ");
    for (std::uint32_t k = 0; k < values; ++k) text += (k == 0 ? "" : ", ") + describe(first[k]);
  }
  Finding f = located(FindingId::rule_violated);
  f.rule = rule.id;
  f.severity = rule.severity;
  f.parameters = {{"text", std::move(text)}};
  findings_.add(std::move(f));
  operands_.resize(operands_.size() - values);
}

// As an author writes it into a sentence: text without quotes.
std::string Machine::shown_in_message(const Value& value) const {
  if (value.tag == Tag::failed) return "(unknown)";
  return value.tag == Tag::string ? printable(value.text(), 60) : describe(value);
}

bool Machine::check_use(std::uint32_t& pc, std::uint32_t fine) {
  const Value input = pop();
  const Value type = pop();
  for (const Value& v : {type, input}) {
    if (v.tag == Tag::failed) return fail_silently();
    if (v.tag != Tag::integer && v.tag != Tag::enumeration) {
      return fail(FindingId::null_access, {{"what", expression_here()}});
    }
  }
  use_ = {type.as_integer(), input.as_integer()};
  if (use_.input >= 0 && use_.input < program_.build_index.fewest(use_.type)) pc = fine;
  return true;
}

void Machine::report_use() {
  const Value name = pop();
  const Value defined = pop();
  std::string type = to_string(use_.type);
  if (name.tag == Tag::string) type += " \"" + printable(name.text(), 40) + "\"";
  for (const BuildFacts& build : program_.builds) {
    const auto supplied = build.supplies.find(use_.type);
    const auto own = build.defines.find(use_.type);
    const bool is_known = supplied != build.supplies.end();
    if (is_known && use_.input >= 0 && use_.input < supplied->second) continue;
    Finding f = located(is_known ? FindingId::inputs_beyond_supply : FindingId::unknown_template_type);
    f.build = build.name;
    f.parameters = {{"build", build.name}, {"type", type}};
    if (is_known) {
      f.parameters.push_back({"input", to_string(use_.input)});
      f.parameters.push_back({"supplied", to_string(supplied->second)});
      f.parameters.push_back({"defined", own != build.defines.end() ? to_string(own->second)
                                         : defined.is_there()       ? to_string(defined.as_integer())
                                                                    : "an unknown number"});
      if (!program_.used.id.empty()) {
        f.path += "." + program_.used.id;
        const auto& place = program_.used.place;
        if (place && f.bytes && place->end <= f.bytes->end - f.bytes->begin) {
          f.bytes = ByteRange{f.bytes->begin + place->begin, f.bytes->begin + place->end};
        }
      }
      f.suggest = suggest_builds();
    }
    findings_.add(std::move(f));
  }
}

// What can be done about a use that some builds do not supply.
std::string Machine::suggest_builds() const {
  std::string able;
  for (const BuildFacts& build : program_.builds) {
    const auto at = build.supplies.find(use_.type);
    if (at != build.supplies.end() && use_.input >= 0 && use_.input < at->second)
      able += (able.empty() ? "" : ", ") + build.name;
  }
  return fmt::format("wildcard input {}, or release to builds that supply it: {}", to_string(use_.input),
                     able.empty() ? "none in the field" : able);
}

void Machine::check_definition() {
  const Value count = pop();
  const Value type = pop();
  if (count.tag != Tag::integer || !type.is_there()) return;
  for (const BuildFacts& build : program_.builds) {
    const auto own = build.defines.find(type.as_integer());
    if (own == build.defines.end() || own->second == count.as_integer()) continue;
    Finding f = located(FindingId::definition_differs);
    f.build = build.name;
    f.parameters = {{"type", to_string(type.as_integer())},
                    {"defined", to_string(count.as_integer())},
                    {"expected", to_string(own->second)},
                    {"build", build.name}};
    findings_.add(std::move(f));
  }
}

}  // namespace sluice::program
