#include "validator/report/stored_finding.h"

#include <algorithm>
#include <limits>

namespace sluice::report {

namespace {

using bytes::Packer;
using bytes::Unpacker;

constexpr std::uint64_t kText = sizeof(std::uint64_t);  // that an empty text takes
constexpr std::uint64_t kU32End = std::uint64_t{std::numeric_limits<std::uint32_t>::max()} + 1;

void pack_texts(Packer& out, const std::vector<std::string>& texts) {
  out.number(texts.size());
  for (const std::string& text : texts) out.text(text);
}

std::vector<std::string> unpack_texts(Unpacker& in) {
  std::vector<std::string> texts;
  for (std::uint64_t left = in.count(kText); left > 0 && in.is_good(); --left) texts.push_back(in.text());
  return texts;
}

FindingId unpack_id(Unpacker& in) {
  const std::uint64_t number = in.number();
  const auto& kinds = all_finding_kinds();
  const auto has_number = [&](const FindingKind& kind) { return static_cast<std::uint64_t>(kind.id) == number; };
  const auto found = std::ranges::find_if(kinds, has_number);
  if (found != kinds.end()) return found->id;
  in.refuse();
  return kinds.front().id;
}

}  // namespace

void pack(Packer& out, const Finding& finding) {
  // All fields by name: one that is added to Finding and not here does not compile.
  const auto& [id, severity, file, path, range, text, excerpt, derived, parameters, trail, event, instruction, stack,
               suggest, rule, build, ends_reading] = finding;
  out.number(static_cast<std::uint64_t>(id)).number(static_cast<std::uint64_t>(severity)).text(file).text(path);
  out.flag(range.has_value());
  if (range) out.number(range->begin).number(range->end);
  out.flag(text.has_value());
  if (text) out.number(text->line).number(text->column);
  out.text(excerpt).text(derived).number(parameters.size());
  for (const Parameter& parameter : parameters) out.text(parameter.name).text(parameter.value);
  pack_texts(out, trail);
  out.text(event).text(instruction);
  pack_texts(out, stack);
  out.text(suggest).text(rule).text(build).flag(ends_reading);
}

Finding unpack_finding(Unpacker& in) {
  Finding finding = Finding::of(unpack_id(in));
  finding.severity = static_cast<Severity>(in.below(static_cast<std::uint64_t>(Severity::error) + 1));
  finding.file = in.text();
  finding.path = in.text();
  if (in.flag()) {
    const std::uint64_t begin = in.number();
    finding.bytes = ByteRange{begin, in.number()};
  }
  if (in.flag()) {
    const auto line = static_cast<std::uint32_t>(in.below(kU32End));
    finding.text = TextPlace{line, static_cast<std::uint32_t>(in.below(kU32End))};
  }
  finding.excerpt = in.text();
  finding.derived = in.text();
  for (std::uint64_t left = in.count(2 * kText); left > 0 && in.is_good(); --left) {
    std::string name = in.text();
    finding.parameters.push_back({std::move(name), in.text()});
  }
  finding.trail = unpack_texts(in);
  finding.event = in.text();
  finding.instruction = in.text();
  finding.stack = unpack_texts(in);
  finding.suggest = in.text();
  finding.rule = in.text();
  finding.build = in.text();
  finding.ends_reading = in.flag();
  return finding;
}

void pack(Packer& out, const std::vector<Finding>& findings) {
  out.number(findings.size());
  for (const Finding& finding : findings) pack(out, finding);
}

std::vector<Finding> unpack_findings(Unpacker& in) {
  std::vector<Finding> findings;
  for (std::uint64_t left = in.count(kText); left > 0 && in.is_good(); --left) findings.push_back(unpack_finding(in));
  return findings;
}

void pack(Packer& out, const Ran& ran) {
  const auto& [instances, evaluated, criteria, dereferenced] = ran;
  out.number(instances).number(evaluated).number(criteria).number(dereferenced);
}

Ran unpack_ran(Unpacker& in) {
  Ran ran;
  for (std::uint64_t* count : {&ran.instances, &ran.evaluated, &ran.criteria, &ran.dereferenced}) *count = in.number();
  return ran;
}

void pack(Packer& out, Verdict verdict) { out.number(static_cast<std::uint64_t>(verdict)); }

Verdict unpack_verdict(Unpacker& in) {
  return static_cast<Verdict>(in.below(static_cast<std::uint64_t>(Verdict::no_verdict) + 1));
}

}  // namespace sluice::report
