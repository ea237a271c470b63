#include "validator/report/triage.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/report/words.h"

namespace sluice::report {

std::string_view name_of(CaseState state) {
  switch (state) {
    case CaseState::fresh: return "new";
    case CaseState::open: return "open";
    case CaseState::regression: return "regression";
    case CaseState::returned: return "returned";
  }
  return "new";
}

std::string suggestion_text(const TriageSuggestion& suggestion) {
  const std::string_view kind = suggestion.kind;
  if (kind == "contract") return "a rule about what each build supplies:";
  if (kind == "rule") return "a rule:";
  if (kind == "valid") return "a bound of the field, in the schema:";
  if (kind == "refused already") return "none is needed, sluice check refuses it already:";
  if (!kind.empty() && kind != "none") return suggestion.kind + ":";
  return suggestion.text.empty() ? "" : "no rule was found:";
}

std::string states_text(const Triage& triage) {
  std::string out;
  for (const CaseState state : kWorstFirst) {
    const auto count = static_cast<std::uint64_t>(std::ranges::count(triage.cases, state, &TriageCase::state));
    if (count > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", with_commas(count), name_of(state));
  }
  return out;
}

}  // namespace sluice::report
