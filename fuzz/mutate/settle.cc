#include "fuzz/mutate/settle.h"

#include <algorithm>

#include "fuzz/mutate/question.h"
#include "fuzz/mutate/remedies.h"
#include "fuzz/mutate/repair.h"

namespace sluice::mutate {

namespace {

constexpr std::size_t kMostFindings = 64;    // of one content that are looked at
constexpr std::size_t kFindingsTried = 8;    // of them, against which something is tried

std::size_t weight_of(const Finding& finding) {
  if (is_no_verdict(finding.id)) return 0;
  if (finding.severity != Severity::error) return 4;
  if (finding.ends_reading) return 1;
  const std::string code = code_of(finding.id);
  return code.starts_with("SL01") ? 1 : code.starts_with("SL02") && finding.rule.empty() ? 2 : 3;
}

// `check` compares the range of builds that a file declares with what it was proven for; so is done here with the
// builds that are judged.
void compare_declared(const Tree& tree, std::vector<Finding>& findings) {
  const schema::RuleBook& rules = tree.format().schema().rules;
  const auto& builds = tree.format().builds();
  if (builds.empty() || !rules.from || !rules.to || tree.is_empty()) return;
  const Known from = ask(tree, {.expr = rules.from.expr.get()});
  const Known to = ask(tree, {.expr = rules.to.expr.get()});
  if (from.kind != Known::Kind::text || to.kind != Known::Kind::text) return;
  if (from.text == builds.front().name && to.text == builds.back().name) return;
  findings.push_back(Finding::of(FindingId::build_range_differs));
}

}  // namespace

Judgement judge(const Tree& tree) {
  Findings found(kMostFindings);
  tree.format().judge(tree.bytes(), found);
  Judgement out;
  const bool is_read = !found.no_verdict() && !(found.worst() && *found.worst() == Severity::error);
  if (is_read) compare_declared(tree, found.list());
  for (Finding& finding : found.list()) {
    // A note says that nothing is wrong.
    if (finding.severity == Severity::note) continue;
    ++out.distance.counts[weight_of(finding)];
    out.findings.push_back(std::move(finding));
  }
  // What was counted and not kept is of the worst kind that was.
  for (std::size_t i = 1; i < 4 && found.omitted() > 0; ++i) {
    if (out.distance.counts[i] == 0) continue;
    out.distance.counts[i] += static_cast<std::uint32_t>(found.omitted());
    break;
  }
  std::ranges::stable_sort(out.findings, {}, weight_of);
  return out;
}

Settler::Settler(const Format& format, Random& random, SettleLimits limits)
    : editor_(format), random_(random), limits_(limits) {}

void Settler::repair(Tree& tree) {
  editor_.begin(tree, limits_.max_size);
  editor_.touch_everything();
  (void)Repairer(editor_, random_).run();
}

bool Settler::improve(Tree& tree, Judgement& now, const std::function<bool(const Tree&)>& keeps) {
  const std::size_t count = std::min(now.findings.size(), kFindingsTried);
  Tree trial(tree.format());
  for (std::size_t i = 0; i < count; ++i) {
    for (const Remedy& remedy : remedies_for(tree, now.findings[i], random_)) {
      if (tries_ >= limits_.tries) return false;
      trial = tree;
      trial.clear_flags(node_flag::pinned | node_flag::fresh);
      if (!remedy(trial)) continue;
      repair(trial);
      if (trial.bytes().size() > limits_.max_size) continue;
      ++tries_;
      Tree read(tree.format());
      (void)read.parse(trial.bytes());
      Judgement then = judge(read);
      if (then.distance >= now.distance || (keeps && !keeps(read))) continue;
      tree = std::move(read);
      now = std::move(then);
      return true;
    }
  }
  return false;
}

bool Settler::settle(Tree& tree, const std::function<bool(const Tree&)>& keeps) {
  tries_ = 0;
  repair(tree);
  const std::vector<std::uint8_t> bytes(tree.bytes().begin(), tree.bytes().end());
  (void)tree.parse(bytes);
  left_.clear();
  if (bytes.size() > limits_.max_size || (keeps && !keeps(tree))) return false;
  Judgement now = judge(tree);
  while (now.distance > Distance{} && improve(tree, now, keeps)) {
  }
  left_ = std::move(now.findings);
  return now.distance.is_valid();
}

}  // namespace sluice::mutate
