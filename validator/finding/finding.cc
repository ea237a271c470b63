#include "validator/finding/finding.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <utility>

namespace sluice {
namespace {

constexpr std::array kKinds = {
#define SLUICE_FINDING(name, number, severity, title, because, help) \
  FindingKind{FindingId::name, #name, Severity::severity, title, because, help},
#include "validator/finding/finding_ids.def"
#undef SLUICE_FINDING
};

constexpr int number_of(FindingId id) { return static_cast<int>(id); }

constexpr bool numbers_ascend() {
  for (std::size_t i = 1; i < kKinds.size(); ++i) {
    if (number_of(kKinds[i - 1].id) >= number_of(kKinds[i].id)) return false;
  }
  return number_of(kKinds.front().id) > 0 && number_of(kKinds.back().id) <= 9999;
}
static_assert(numbers_ascend(), "finding_ids.def is in the order of its numbers, and each number stands once");

constexpr bool equal_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

const FindingKind& kind_of(FindingId id) {
  const auto* kind = std::lower_bound(kKinds.begin(), kKinds.end(), id,
                                      [](const FindingKind& k, FindingId wanted) { return k.id < wanted; });
  if (kind == kKinds.end() || kind->id != id) std::abort();
  return *kind;
}

const std::vector<FindingKind>& all_finding_kinds() {
  static const std::vector<FindingKind> kinds(kKinds.begin(), kKinds.end());
  return kinds;
}

std::string code_of(FindingId id) { return fmt::format("SL{:04}", number_of(id)); }

std::optional<FindingId> finding_by_code(std::string_view code) {
  for (const FindingKind& kind : kKinds) {
    if (code == kind.name || equal_without_case(code, code_of(kind.id))) return kind.id;
  }
  return std::nullopt;
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  std::abort();
}

bool is_no_verdict(FindingId id) {
  const int group = number_of(id) / 100;
  const int tens = number_of(id) / 10;
  return (group == 0 || group == 4 || group == 5 || tens == 69 || tens == 79) &&
         kind_of(id).severity == Severity::error;
}

Finding Finding::of(FindingId id) {
  Finding finding;
  finding.id = id;
  finding.severity = kind_of(id).severity;
  return finding;
}

Finding& Finding::with(std::string_view name, std::string value) {
  parameters.push_back({std::string(name), std::move(value)});
  return *this;
}

std::string_view Finding::parameter(std::string_view name) const {
  for (const Parameter& p : parameters) {
    if (p.name == name) return p.value;
  }
  return {};
}

std::string shown_id(const Finding& finding) {
  return finding.id == FindingId::rule_violated && !finding.rule.empty() ? finding.rule : code_of(finding.id);
}

std::string counted(std::uint64_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

namespace {

// What is counted in the sentences of finding_ids.def.
constexpr std::array<std::string_view, 5> kCounted = {" bytes", " elements", " inputs", " rows", " steps"};

// The plural that stands behind a number in a sentence; or nothing.
std::string_view plural_at(std::string_view text) {
  const auto* plural = std::find_if(kCounted.begin(), kCounted.end(), [&](auto p) { return text.starts_with(p); });
  return plural == kCounted.end() ? std::string_view() : *plural;
}

}  // namespace

std::string because(const Finding& finding) {
  std::string_view rest = kind_of(finding.id).because;
  std::string out;
  // One pass: a value that itself reads `{size}` is not filled in again.
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    const std::size_t close = open == rest.npos ? rest.npos : rest.find('}', open);
    if (close == rest.npos) break;
    const std::string_view name = rest.substr(open + 1, close - open - 1);
    const auto parameter = std::find_if(finding.parameters.begin(), finding.parameters.end(),
                                        [&](const Parameter& p) { return p.name == name; });
    out += rest.substr(0, open);
    out += parameter == finding.parameters.end() ? rest.substr(open, close + 1 - open) : parameter->value;
    rest.remove_prefix(close + 1);
    if (parameter == finding.parameters.end() || parameter->value != "1") continue;
    const std::string_view plural = plural_at(rest);
    out += plural.substr(0, plural.size() - std::min<std::size_t>(plural.size(), 1));
    rest.remove_prefix(plural.size());
  }
  return out.append(rest);
}

void Findings::Tally::add(const Tally& other) {
  if (other.worst && (!worst || *other.worst > *worst)) worst = other.worst;
  no_verdict = no_verdict || other.no_verdict;
}

Finding& Findings::add(Finding finding) {
  const Tally one = {finding.severity, is_no_verdict(finding.id)};
  if (suppressor_ != nullptr) {
    const auto entry = (*suppressor_)(finding);
    if (entry && (one.no_verdict || finding.ends_reading)) {
      finding.suggest = "it cannot be suppressed: what follows was not judged";
    } else if (entry) {
      ++suppressed_count_;
      scratch_ = finding;
      if (suppressed_.size() < limit_) suppressed_.push_back({std::move(finding), *entry});
      return scratch_;
    }
  }
  Tally& tally = tallies_[finding.build];
  const bool is_news = !tally.worst || *tally.worst < one.worst || (one.no_verdict && !tally.no_verdict);
  tally.add(one);
  total_.add(one);
  if (list_.size() < limit_ || is_news) return list_.emplace_back(std::move(finding));
  ++omitted_;
  scratch_ = std::move(finding);
  return scratch_;
}

bool Findings::keeps(const Finding& finding) const {
  if (list_.size() < limit_ || suppressor_ != nullptr) return true;
  const auto tally = tallies_.find(finding.build);
  return tally == tallies_.end() || !tally->second.worst || *tally->second.worst < finding.severity ||
         (is_no_verdict(finding.id) && !tally->second.no_verdict);
}

void Findings::merge(Findings&& other) {
  for (Suppressed& hidden : other.suppressed_) {
    if (suppressed_.size() < limit_) suppressed_.push_back(std::move(hidden));
  }
  suppressed_count_ += other.suppressed_count_;
  // Those of `other` count, they were not hidden there.
  const Suppressor* suppressor = std::exchange(suppressor_, nullptr);
  for (Finding& f : other.list_) add(std::move(f));
  suppressor_ = suppressor;
  omitted_ += other.omitted_;
  total_.add(other.total_);
  for (const auto& [build, tally] : other.tallies_) tallies_[build].add(tally);
}

Findings::Tally Findings::tally_of(const std::string& build) const {
  Tally sum;
  for (const auto& name : {std::string(), build}) {
    if (const auto found = tallies_.find(name); found != tallies_.end()) sum.add(found->second);
  }
  return sum;
}

}  // namespace sluice
