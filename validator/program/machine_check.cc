// Judgements over one value, and over a stream that has been read.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "validator/program/compare.h"
#include "validator/program/machine.h"
#include "validator/program/transform.h"

namespace sluice::program {

bool Machine::step_check(const Instruction& i) {
  const auto bound_checked = [&](FindingId id, auto&& violated, std::string_view name) {
    const Value bound = pop();
    const Value& v = operands_.back();
    if (!v.is_there()) return true;
    if (bound.tag == Tag::failed) return fail_silently();
    if (!bound.is_there()) return fail(FindingId::null_access, {{"what", "the bound"}});
    const auto order = compare(v, bound);
    if (order && !violated(*order)) return true;
    return violation(id, {{"actual", describe(v)}, {std::string(name), describe(bound)}},
                     i.op == Op::check_equal && i.a != 0);
  };
  switch (i.op) {
    case Op::check_equal: return bound_checked(FindingId::not_equal, [](int o) { return o != 0; }, "expected");
    case Op::check_minimum: return bound_checked(FindingId::too_small, [](int o) { return o < 0; }, "bound");
    case Op::check_maximum: return bound_checked(FindingId::too_large, [](int o) { return o > 0; }, "bound");
    case Op::check_any_of: {
      const std::size_t first = operands_.size() - i.b;
      const Value v = operands_[first - 1];
      std::string allowed;
      bool found = !v.is_there();
      for (std::size_t k = first; k < operands_.size() && !found; ++k) {
        const auto order = compare(v, operands_[k]);
        found = order && *order == 0;
        if (k < first + 16) allowed += (allowed.empty() ? "" : ", ") + describe(operands_[k]);
      }
      operands_.resize(first);
      return found || violation(FindingId::not_any_of, {{"actual", describe(v)}, {"allowed", allowed}}, false);
    }
    case Op::check_enum: {
      const Value& v = operands_.back();
      if (v.tag != Tag::enumeration) return true;
      if (i.a == 0 && mode_ != Mode::judge) return true;
      const EnumInfo& info = program_.enums[i.b];
      if (info.find(v.as_integer()) != nullptr) return true;
      return violation(i.a != 0 ? FindingId::not_in_enum : FindingId::unknown_enum,
                       {{"actual", describe(v)}, {"enum", info.full_name}}, false);
    }
    case Op::check_expression: {
      const Value holds = pop();
      const Value& v = operands_.back();
      if (holds.tag == Tag::failed) return fail_silently();
      if (holds.tag == Tag::boolean && holds.bits != 0) return true;
      if (holds.tag != Tag::boolean) return fail(FindingId::null_access, {{"what", "the condition"}});
      return violation(FindingId::expression_false,
                       {{"expression", std::string(program_.text(i.b))}, {"actual", describe(v)}}, false);
    }
    case Op::check_assertion: {
      const Value holds = pop();
      if (holds.tag == Tag::failed) return fail_silently();
      if (holds.tag == Tag::boolean && holds.bits != 0) return true;
      return violation(FindingId::assertion_false, {{"expression", std::string(program_.text(i.b))}}, false);
    }
    case Op::check_checksum: {
      const Value& v = operands_.back();
      const Value begin = top().self->slots()[i.b];
      const Value end = top().self->slots()[i.b + 1];
      if (begin.tag != Tag::integer || end.tag != Tag::integer || begin.bits > end.bits || end.bits > reader().size() ||
          !v.is_there()) {
        return true;  // the region was not read, which was a finding of its own or an `if`
      }
      const bytes::View region = top().self->stream->reader.all().subspan(begin.bits, end.bits - begin.bits);
      if (!charge_work(region.size())) return false;
      const auto algorithm = static_cast<ChecksumAlgorithm>(i.a);
      Value actual;
      std::string digest;
      if (algorithm == ChecksumAlgorithm::sha256) {
        digest = sha256(region);
        actual = Value::bytes({reinterpret_cast<const std::uint8_t*>(digest.data()), digest.size()});
      } else {
        actual = Value::unsigned_integer(checksum(algorithm, region));
      }
      const auto order = compare(v, actual);
      if (order && *order == 0) return true;
      const auto show = [&](const Value& x) {
        return x.tag == Tag::bytes ? describe(x) : fmt::format("{:#x}", static_cast<std::uint64_t>(x.bits));
      };
      return violation(FindingId::checksum_mismatch,
                       {{"algorithm", std::string(name_of(algorithm))},
                        {"region", std::string(program_.text(static_cast<std::uint32_t>(i.c)))},
                        {"actual", show(actual)},
                        {"expected", show(v)}},
                       false);
    }
    default: std::abort();
  }
}

// A value as a finding shows it.
std::string Machine::describe(const Value& value) const {
  switch (value.tag) {
    case Tag::integer:
      // Large numbers are marks and offsets as often as amounts.
      return value.negative || value.bits < 4096 ? to_string(value.as_integer())
                                                 : fmt::format("{} ({:#x})", value.bits, value.bits);
    case Tag::enumeration: {
      const EnumInfo::Label* label = program_.enums[value.enum_id].find(value.as_integer());
      Value plain = value;
      plain.tag = Tag::integer;
      return label == nullptr ? describe(plain) : fmt::format("{} ({})", label->text, to_string(value.as_integer()));
    }
    case Tag::floating: return fmt::format("{}", value.number);
    case Tag::boolean: return value.bits != 0 ? "true" : "false";
    case Tag::string: return "\"" + printable(value.text(), 60) + "\"";
    case Tag::bytes: {
      constexpr std::uint64_t kShown = 16;
      std::string out = "[";
      for (std::uint64_t k = 0; k < std::min(value.size, kShown); ++k)
        out += fmt::format("{}{:02x}", k == 0 ? "" : " ", value.data[k]);
      return out + (value.size > kShown ? fmt::format(" ... {} bytes]", value.size) : "]");
    }
    case Tag::object: return value.object->type->name;
    case Tag::array: return fmt::format("{} elements", value.array->count);
    case Tag::stream: return "a stream";
    default: return "nothing";
  }
}

namespace {

std::vector<Span> merged(std::vector<Span> spans) {
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
  std::vector<Span> out;
  for (const Span& s : spans) {
    if (!out.empty() && s.begin <= out.back().end) {
      out.back().end = std::max(out.back().end, s.end);
    } else {
      out.push_back(s);
    }
  }
  return out;
}

}  // namespace

// Bytes that nothing read, and fields at chosen positions that cut into each other. A field inside another is what
// views into a table look like and is left to the rules; one that begins in another and ends outside of it is nobody's
// intention.
void Machine::judge_stream(const Stream& stream, std::size_t placed_from) {
  std::vector<Placed> placed;
  for (std::size_t k = placed_from; k < placed_.size(); ++k) {
    if (placed_[k].stream == &stream) placed.push_back(placed_[k]);
  }
  if (!placed.empty()) {
    const auto first = placed_.begin() + static_cast<std::ptrdiff_t>(placed_from);
    placed_.erase(std::remove_if(first, placed_.end(), [&](const Placed& p) { return p.stream == &stream; }),
                  placed_.end());
  }
  if (stream.given_up) return;
  const std::uint64_t size = stream.reader.size();
  const std::uint64_t read = stream.owner->span.end;
  if (read == size && placed.empty()) return;

  const auto base = offset_of(stream.reader.begin());
  const auto report = [&](FindingId id, Span span, std::vector<Parameter> parameters, const RuleInfo* rule = nullptr) {
    Finding f = Finding::of(id);
    if (rule != nullptr) {
      f.rule = rule->id;
      f.severity = rule->severity;
    }
    f.file = name_;
    f.path = path_of(stream.owner);
    if (base) f.bytes = ByteRange{*base + span.begin, *base + span.end};
    if (!base) f.derived = fmt::format("positions {}..{} in the decoded data of {}", span.begin, span.end, f.path);
    f.parameters = std::move(parameters);
    findings_.add(std::move(f));
  };

  const bool covers = program_.covers.has_value() && stream.owner == root_;
  if (!stream.allow_trailing || covers) {
    std::vector<Span> spans{{0, read}};
    for (const Placed& p : placed) spans.push_back(p.span);
    spans = merged(std::move(spans));
    std::uint64_t unread = 0;
    std::optional<Span> first;
    std::uint64_t at = 0;
    spans.push_back({size, size});
    for (const Span& s : spans) {
      if (s.begin > at) {
        unread += s.begin - at;
        if (!first) first = Span{at, s.begin};
      }
      at = std::max(at, s.end);
    }
    if (first && covers) {
      const RuleInfo& rule = program_.rules[*program_.covers];
      std::string text =
          rule.message.empty() ? fmt::format("{} bytes are read by no field, these first", unread) : rule.message[0];
      report(FindingId::rule_violated, *first, {{"text", std::move(text)}}, &rule);
    } else if (first) {
      report(FindingId::trailing_bytes, *first, {{"count", std::to_string(unread)}});
    }
  }

  std::erase_if(placed, [](const Placed& p) { return p.may_overlap; });
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    return a.span.begin != b.span.begin ? a.span.begin < b.span.begin : a.span.end > b.span.end;
  });
  std::vector<const Placed*> open;
  for (const Placed& p : placed) {
    while (!open.empty() && open.back()->span.end <= p.span.begin) open.pop_back();
    if (!open.empty() && p.span.end > open.back()->span.end) {
      const Placed& other = *open.back();
      report(FindingId::overlap, p.span,
             {{"begin", fmt::format("{:#06x}", base.value_or(0) + p.span.begin)},
              {"end", fmt::format("{:#06x}", base.value_or(0) + other.span.end)},
              {"field", p.type->name + "." + p.type->members[p.member].id},
              {"other", other.type->name + "." + other.type->members[other.member].id}});
      return;  // one overlap drags the next behind it
    }
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
