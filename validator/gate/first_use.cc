#include "validator/gate/first_use.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "validator/difference/novelty.h"

namespace sluice::gate {

FirstUses::FirstUses(const Documents& documents, const program::Limits& limits, const store::Known& known,
                     bool is_recording)
    : documents_(documents),
      limits_(limits),
      names_(documents.tree().program, documents.tree().plan),
      known_budget_(limits, 0),
      known_(documents.tree().program, known_budget_),
      known_contents_(known.contents),
      is_asked_(known.contents > 0 || documents.policy().demands_sign_off),
      is_recording_(is_recording),
      used_sign_offs_(documents.policy().sign_offs.size()) {
  // What does not fit is taken for unknown: it is told of as a first use then.
  (void)names_.add(std::views::keys(known.features), known_);
}

void FirstUses::judge(std::size_t number, bytes::View content, const report::FileResult& checked,
                      Findings& findings) const {
  if (!is_asked_ && !is_recording_) return;
  program::Session session(documents_.tree().program, content, limits_);
  difference::Budget budget(limits_, content.size());
  std::optional<Finding> failure;
  Findings found = findings.like();
  const bool is_read = session.read();
  const bool is_told =
      is_read && (!is_asked_ || difference::find_first_uses(session, documents_.tree().plan, budget, known_,
                                                            known_contents_, checked.name, found, failure));
  if (!is_told) {
    if (checked.verdict != Verdict::pass) return;  // what hinders it was told
    Finding finding = failure.value_or(session.failure());
    finding.file = checked.name;
    findings.add(std::move(finding));
    return;
  }
  for (Finding& finding : found.list()) {
    decide(finding);
    findings.add(std::move(finding));
  }
  count_ += found.list().size() + found.omitted();
  if (is_recording_) keep(number, session, budget);
}

void FirstUses::decide(Finding& finding) const {
  const std::string use = use_of(finding);
  const std::vector<SignOff>& sign_offs = documents_.policy().sign_offs;
  const auto found = std::ranges::find(sign_offs, use, &SignOff::use);
  if (found != sign_offs.end()) {
    used_sign_offs_[static_cast<std::size_t>(found - sign_offs.begin())] = true;
    ++signed_off_;
    finding.severity = Severity::note;
    finding.suggest = fmt::format("signed off by {}: {}", found->by, found->reason);
  } else if (documents_.policy().demands_sign_off) {
    finding.severity = Severity::error;
    finding.suggest =
        fmt::format("sign off in {}: {{use: \"{}\", by: .., reason: ..}}", documents_.release().file, use);
  }
}

void FirstUses::keep(std::size_t number, program::Session& session, difference::Budget& budget) const {
  difference::Budget memory(limits_, 0);
  difference::Usage usage(documents_.tree().program, memory);
  std::optional<Finding> failure;
  // What is left out is a first use again, the next time.
  (void)difference::survey(session, documents_.tree().plan, budget, usage, failure);
  const std::lock_guard lock(mutex_);
  for (const std::string& name : names_.names_of(usage)) {
    const auto [place, is_new] = first_in_.emplace(name, number);
    if (!is_new) place->second = std::min(place->second, number);
  }
}

std::vector<std::string> FirstUses::used_first_in(std::size_t number) const {
  std::vector<std::string> names;
  for (const auto& [name, file] : first_in_) {
    if (file == number) names.push_back(name);
  }
  return names;
}

std::vector<Finding> FirstUses::stale_sign_offs() const {
  std::vector<Finding> findings;
  const std::vector<SignOff>& sign_offs = documents_.policy().sign_offs;
  for (std::size_t i = 0; i < sign_offs.size(); ++i) {
    if (used_sign_offs_[i]) continue;
    const document::Mark mark = sign_offs[i].mark;
    Finding finding = Finding::of(FindingId::sign_off_stale).with("use", sign_offs[i].use);
    finding.file = documents_.release().file;
    finding.path = fmt::format("/policy/first_use/sign_offs/{}", i);
    finding.text = TextPlace{mark.line, mark.column};
    finding.excerpt = document::excerpt(documents_.release().text, mark);
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::string use_of(const Finding& finding) {
  const auto value = [&](std::string_view name) { return finding.parameter(name); };
  switch (finding.id) {
    case FindingId::value_first_used: return fmt::format("{} = {}", value("field"), value("value"));
    case FindingId::type_first_used: return fmt::format("template type {}", value("type"));
    case FindingId::input_first_used: return fmt::format("input {} of template type {}", value("input"), value("type"));
    case FindingId::case_first_used: return fmt::format("case {} of {}", value("case"), value("field"));
    default: return fmt::format("field {}", value("field"));
  }
}

}  // namespace sluice::gate
