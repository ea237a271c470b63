#include "validator/run/drift.h"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::run {

namespace {

std::string did(const std::optional<Result>& result) {
  if (!result) return "faults";
  return fmt::format("returns 0x{:08x}{}", result->code, result->status == 0 ? "" : ", an error");
}

std::string loaded(const Outcome& outcome) {
  if (!outcome.has_loaded) return "faults";
  return outcome.load_refused ? fmt::format("refuses it with 0x{:08x}", *outcome.load_refused) : "takes it";
}

bool is_same(const std::optional<Result>& a, const std::optional<Result>& b) {
  return a.has_value() == b.has_value() && (!a || (a->status == b->status && a->code == b->code));
}

}  // namespace

void Ledger::follow(Evaluation& evaluation) {
  evaluation.watch([this](std::size_t, const Asked& asked, const Result* result) {
    asked_.push_back(asked);
    results_.push_back(result == nullptr ? std::nullopt : std::optional(*result));
  });
}

std::optional<Drift> Ledger::compare(const Outcome& image, Worker& replica, Content& content, const Values& values,
                                     std::uint64_t criteria, std::string& problem) const {
  Outcome outcome;
  Evaluation evaluation(replica, content, values, criteria, outcome);
  std::optional<std::size_t> first;
  std::optional<Result> other;
  evaluation.watch([&](std::size_t index, const Asked&, const Result* result) {
    const std::optional<Result> came = result == nullptr ? std::nullopt : std::optional(*result);
    if (is_same(results_[index], came) || (first && *first <= index)) return;
    first = index;
    other = came;
  });
  (void)evaluation.ask(asked_, {.trace = false, .poisons = 1, .leaks = false});
  problem = outcome.problem;
  if (!problem.empty()) return std::nullopt;
  if (loaded(image) != loaded(outcome)) return Drift{loaded(image), loaded(outcome), {}};
  if (!first) return std::nullopt;
  return Drift{did(results_[*first]), did(other), asked_[*first]};
}

}  // namespace sluice::run
