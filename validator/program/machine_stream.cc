// What becomes of a stream when nobody can read from it any more: bytes that nothing read, and fields at chosen
// positions that cut into each other.
#include <fmt/core.h>

#include <algorithm>

#include "validator/program/machine.h"

namespace sluice::program {

bool Machine::note_place(const Activation& a, bool may_overlap) {
  const auto begin = static_cast<std::uint64_t>(a.field_begin - reader().begin());
  const Object* up = a.self->container;
  const Placed now{.stream = stream_,
                   .type = a.self->type,
                   .up = up == nullptr ? nullptr : up->type,
                   .member = a.member,
                   .up_member = a.self->member,
                   .element = a.self->element,
                   .span = {begin, reader().position()},
                   .is_element = a.self->is_element,
                   .may_overlap = may_overlap};
  if (now.span.end <= now.span.begin) return true;
  // Many views of one field are one place.
  if (!placed_.empty()) {
    const Placed& last = placed_.back();
    if (last.stream == now.stream && last.span.begin == now.span.begin && last.span.end == now.span.end) return true;
  }
  if (placed_.size() >= limits_.memory / sizeof(Placed) / 2) return out_of_memory();  // they double as they grow
  placed_.push_back(now);
  return true;
}

std::string Machine::field_of(const Placed& placed) {
  const std::string& field = placed.type->members[placed.member].id;
  if (placed.up == nullptr) return field;
  std::string of = placed.up->members[placed.up_member].id;
  if (placed.is_element) of += fmt::format("[{}]", placed.element);
  return of + "." + field;
}

void Machine::forget_places(const Stream* stream, std::size_t placed_from) {
  const auto first = placed_.begin() + static_cast<std::ptrdiff_t>(std::min(placed_from, placed_.size()));
  placed_.erase(std::remove_if(first, placed_.end(), [&](const Placed& p) { return p.stream == stream; }),
                placed_.end());
}

void Machine::judge_stream(const Stream& stream, std::size_t placed_from) {
  // Those of this stream go to the end, are judged there and go.
  const auto first = placed_.begin() + static_cast<std::ptrdiff_t>(std::min(placed_from, placed_.size()));
  const auto mine = std::stable_partition(first, placed_.end(), [&](const Placed& p) { return p.stream != &stream; });
  const std::size_t kept = static_cast<std::size_t>(mine - placed_.begin());
  const std::span<Placed> placed(placed_.data() + kept, placed_.size() - kept);
  const std::uint64_t read = stream.owner->span.end;
  if (!stream.given_up && (read != stream.reader.size() || !placed.empty())) {
    // Of two that begin together the longer comes first.
    std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
      return a.span.begin != b.span.begin ? a.span.begin < b.span.begin : a.span.end > b.span.end;
    });
    judge_covered(stream, placed);
    judge_overlaps(stream, placed);
  }
  placed_.resize(kept);
}

void Machine::report_stream(FindingId id, const Stream& stream, Span span, std::vector<Parameter> parameters,
                            const RuleInfo* rule) {
  Finding f = Finding::of(id);
  if (rule != nullptr) {
    f.rule = rule->id;
    f.severity = rule->severity;
  }
  f.file = name_;
  f.path = path_of(stream.owner);
  if (const auto base = offset_of(stream.reader.begin())) {
    f.bytes = ByteRange{*base + span.begin, *base + span.end};
  } else {
    f.derived = fmt::format("positions {}..{} in the decoded data of {}", span.begin, span.end, f.path);
  }
  f.parameters = std::move(parameters);
  findings_.add(std::move(f));
}

// Bytes that neither the seq nor a placed field read. A rule that wants every byte explained sees those too that the
// schema allows.
void Machine::judge_covered(const Stream& stream, std::span<const Placed> placed) {
  const RuleInfo* rule =
      program_.covers && (stream.owner == root_ || stream.allow_trailing) ? &program_.rules[*program_.covers] : nullptr;
  if (stream.allow_trailing && rule == nullptr) return;
  std::uint64_t unread = 0;
  std::optional<Span> first;
  std::uint64_t at = stream.owner->span.end;
  const auto gap = [&](std::uint64_t end) {
    if (end <= at) return;
    unread += end - at;
    if (!first) first = Span{at, end};
  };
  for (const Placed& p : placed) {
    gap(p.span.begin);
    at = std::max(at, p.span.end);
  }
  gap(stream.reader.size());
  if (!first) return;
  if (rule == nullptr) {
    report_stream(FindingId::trailing_bytes, stream, *first, {{"count", std::to_string(unread)}});
    return;
  }
  std::string text = rule->message.empty() ? fmt::format("{} that no field reads, these first", counted(unread, "byte"))
                                           : rule->message[0];
  report_stream(FindingId::rule_violated, stream, *first, {{"text", std::move(text)}}, rule);
}

// A field inside another is what views into a table look like and is left to the rules; one that begins in another and
// ends outside of it is nobody's intention. The seq is left out: small ELF files let tables begin in their header.
void Machine::judge_overlaps(const Stream& stream, std::span<const Placed> placed) {
  const std::uint64_t base = offset_of(stream.reader.begin()).value_or(0);
  const auto report = [&](const Placed& p, std::uint64_t other_end, std::string other) {
    report_stream(FindingId::overlap, stream, p.span,
                  {{"begin", fmt::format("{:#06x}", base + p.span.begin)},
                   {"end", fmt::format("{:#06x}", base + other_end)},
                   {"field", field_of(p)},
                   {"other", std::move(other)}});
  };
  std::vector<const Placed*> open;
  for (const Placed& p : placed) {
    if (p.may_overlap) continue;
    while (!open.empty() && open.back()->span.end <= p.span.begin) open.pop_back();
    // One overlap drags the next behind it.
    if (!open.empty() && p.span.end > open.back()->span.end)
      return report(p, open.back()->span.end, field_of(*open.back()));
    open.push_back(&p);
  }
}

// The streams that were left until what keeps them ends.
void Machine::judge_watched(std::size_t from, std::size_t placed_from) {
  for (std::size_t k = from; k < watched_.size(); ++k) judge_stream(*watched_[k], placed_from);
  if (watched_.size() > from) watched_.resize(from);
}

void Machine::finish() { judge_watched(0, 0); }

}  // namespace sluice::program
