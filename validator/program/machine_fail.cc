// What happens when something is wrong: the finding with its place, and where reading goes on.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "validator/program/machine.h"

namespace sluice::program {

bool Machine::fail(FindingId id, std::vector<Parameter> parameters) {
  Finding f = located(id);
  f.parameters = std::move(parameters);
  f.ends_reading = true;
  failure_ = std::move(f);
  trouble_ = Trouble::finding;
  return false;
}

bool Machine::fail_at(FindingId id, std::vector<Parameter> parameters, const std::uint8_t* begin, std::uint64_t size) {
  fail(id, std::move(parameters));
  if (const auto offset = offset_of(begin)) failure_->bytes = ByteRange{*offset, *offset + size};
  return false;
}

bool Machine::fail_silently() {
  trouble_ = Trouble::silent;
  return false;
}

bool Machine::budget(FindingId id, std::vector<Parameter> parameters) {
  fail(id, std::move(parameters));
  trouble_ = Trouble::budget;
  return false;
}

bool Machine::out_of_memory() {
  budget(FindingId::limit_memory, {{"limit", std::to_string(pool_.limit())}});
  failure_->suggest = "a larger --limit-memory, or expressions and joins that keep less";
  return false;
}

bool Machine::overcharged() {
  if (elements_ > limits_.elements) {
    return budget(FindingId::limit_elements, {{"limit", std::to_string(limits_.elements)}});
  }
  return budget(FindingId::limit_steps, {{"limit", std::to_string(limits_.steps)}});
}

// Work in proportion to bytes counts as steps, so that many elements cannot each ask for the whole file.
bool Machine::charge_work(std::uint64_t bytes) {
  steps_ += bytes / 16;
  if (steps_ > limits_.steps) return budget(FindingId::limit_steps, {{"limit", std::to_string(limits_.steps)}});
  return true;
}

bool Machine::end_of_stream(std::uint64_t needed) {
  return fail_at(FindingId::end_of_stream,
                 {{"needed", std::to_string(needed)}, {"available", std::to_string(reader().remaining())}},
                 reader().cursor(), reader().remaining());
}

// A value is not what it must be; reading goes on unless it was the mark by which the format is known.
bool Machine::violation(FindingId id, std::vector<Parameter> parameters, bool structural) {
  if (mode_ == Mode::look || structural) return fail(id, std::move(parameters));
  Finding f = located(id);
  f.parameters = std::move(parameters);
  findings_.add(std::move(f));
  stream_->flagged = true;
  return true;
}

Finding Machine::located(FindingId id) const {
  Finding f = Finding::of(id);
  if (build_ && activations_.size() == rule_depth_) f.build = program_.builds[*build_].name;
  // A million findings are counted, and a hundred are told.
  if (!findings_.keeps(f)) return f;
  f.file = name_;
  f.path = path_here();
  f.trail = trail_here();
  if (activations_.empty()) return f;
  const Activation& a = activations_.back();
  const std::uint8_t* begin = a.loop.active ? a.loop.element : a.field_begin;
  if (begin == nullptr || stream_ == nullptr) return f;
  const std::uint8_t* end = a.field_end != nullptr ? a.field_end
                            : a.member == kNoSlot  ? stream_->reader.begin() + a.self->span.end
                                                   : std::max(stream_->reader.cursor(), begin);
  if (const auto offset = offset_of(begin); offset && offset_of(end)) {
    f.bytes = ByteRange{*offset, *offset_of(end)};
  } else {
    const auto at = static_cast<std::uint64_t>(begin - stream_->reader.begin());
    f.derived = fmt::format("position {} in the decoded data of {}", at, path_of(stream_->owner));
  }
  return f;
}

namespace {

void append_member(std::string& path, const std::string& id) {
  if (!path.empty()) path += '.';
  path += id;
}

}  // namespace

std::string Machine::path_of(const Object* object) const {
  std::vector<const Object*> chain;
  for (const Object* o = object; o != nullptr && o->container != nullptr; o = o->container) chain.push_back(o);
  std::string path;
  for (auto o = chain.rbegin(); o != chain.rend(); ++o) {
    append_member(path, (*o)->container->type->members[(*o)->member].id);
    if ((*o)->is_element) path += fmt::format("[{}]", (*o)->element);
  }
  return path;
}

std::string Machine::path_here() const {
  if (activations_.empty()) return {};
  const Activation& a = activations_.back();
  std::string path = path_of(a.self);
  if (a.member != kNoSlot) {
    append_member(path, a.self->type->members[a.member].id);
    if (a.loop.active) path += fmt::format("[{}]", a.loop.index);
  }
  return path;
}

// The innermost repeats, outermost first.
std::vector<std::string> Machine::trail_here() const {
  constexpr std::size_t kShown = 6;
  std::vector<std::string> trail;
  for (auto a = activations_.rbegin(); a != activations_.rend() && trail.size() < kShown; ++a) {
    if (!a->loop.active || !a->loop.counted || a->member == kNoSlot) continue;
    std::string path = path_of(a->self);
    append_member(path, a->self->type->members[a->member].id);
    trail.push_back(fmt::format("{}[{}] of {}", path, a->loop.index, a->loop.count));
  }
  std::ranges::reverse(trail);
  return trail;
}

std::string Machine::expression_here() const {
  const Place* place = code_.place_of(pc_);
  return place == nullptr ? "a value" : printable(place->text, 100);
}

void Machine::drop_activation() {
  Activation& a = top();
  if (a.frame == Frame::type) {
    a.self->state = Object::State::given_up;
    if (a.own_stream || a.self == root_) a.self->stream->given_up = true;
    if (a.own_stream) forget_places(a.self->stream, a.placed);
    // What was read of it stays readable.
    if (a.kept && a.self != root_ && mode_ == Mode::judge && !place(a.self)) trouble_ = Trouble::none;
  }
  if (a.loop.active && a.loop.array != nullptr) a.loop.array->cut_short = true;
  if (a.loop.active) give_up_sequence(a.loop.serial);
  // What a parse instance would have read is not left over.
  const bool reads = a.frame == Frame::instance && a.self->type->members[a.instance].role == MemberRole::parse_instance;
  if (reads) stream_->given_up = true;
  leave_stream(a);
  drop_held(a.loop);
  if (a.frame == Frame::instance) {
    const std::uint32_t slot = a.self->type->members[a.instance].slot;
    if (slot != kNoSlot) a.self->slots()[slot] = Value::of(mode_ == Mode::judge ? Tag::failed : Tag::absent);
  }
  stream_ = a.caller_stream;
  if (a.frame == Frame::type && !a.kept) {
    // Nothing is said of them, but what was placed in them is forgotten.
    for (std::size_t k = a.watched; k < watched_.size(); ++k) watched_[k]->given_up = true;
    judge_watched(a.watched, a.placed);
    if (a.own_stream) judge_stream(*a.self->stream, a.placed);
    drop_object(a.self);
    frames_.reset(a.frames);
  }
  activations_.pop_back();
}

// A rule that is being judged, if nothing inside of it catches the failure: the next rule is judged.
bool Machine::unwind_to_rule(std::uint32_t& pc, std::size_t base, std::size_t catch_base, bool is_finding) {
  std::size_t depth = activations_.size();
  while (depth > base && activations_[depth - 1].rule_pc == 0) --depth;
  if (depth == base || (catches_.size() > catch_base && catches_.back().activations > depth)) return false;
  const bool is_quiet = activations_[depth - 1].rule_quiet && depth == activations_.size();
  if (is_finding && !is_quiet) {
    failure_->ends_reading = false;
    if (rule_ != kNoRule && depth == activations_.size()) failure_->rule = program_.rules[rule_].id;
    findings_.add(*failure_);
  }
  while (activations_.size() > depth) drop_activation();
  Activation& a = top();
  operands_.resize(a.rule_operands);
  pc = std::exchange(a.rule_pc, 0);
  return true;
}

// Records why the current instruction cannot go on and moves to where reading does. False: nowhere above `base`.
bool Machine::unwind(std::uint32_t& pc, std::size_t base) {
  const Trouble trouble = trouble_;
  trouble_ = Trouble::none;
  const std::size_t catch_base = base < activations_.size() ? activations_[base].catches : catches_.size();
  const bool can_be_caught = trouble == Trouble::finding || trouble == Trouble::silent;
  if (can_be_caught && unwind_to_rule(pc, base, catch_base, trouble == Trouble::finding)) return true;
  const bool caught = catches_.size() > catch_base && can_be_caught;
  const bool reads_root = base < activations_.size() && activations_[base].frame == Frame::type;
  const bool structural = caught ? catches_.back().kind == Catch::Kind::substream : reads_root;
  const bool quiet = caught && catches_.back().quiet;
  if (mode_ == Mode::judge && (trouble == Trouble::finding || trouble == Trouble::budget) && !quiet) {
    // A stream that already has a finding is not believed about its own layout: no cascade.
    if (trouble == Trouble::budget || !structural || !stream_->flagged) findings_.add(*failure_);
    if (stream_ != nullptr) stream_->flagged = true;
  }
  if (!caught) {
    const std::size_t operands = base < activations_.size() ? activations_[base].operands : operands_.size();
    while (activations_.size() > base) drop_activation();
    catches_.resize(catch_base);
    operands_.resize(std::min(operands_.size(), operands));
    return false;
  }
  const Catch c = catches_.back();
  catches_.pop_back();
  while (activations_.size() > c.activations) drop_activation();
  operands_.resize(c.operands);
  stream_ = c.stream;
  pc = c.pc;
  if (c.kind == Catch::Kind::substream) push(c.kept ? Value::of(c.object) : Value::of(Tag::failed));
  return true;
}

}  // namespace sluice::program
