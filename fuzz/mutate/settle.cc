#include "fuzz/mutate/settle.h"

#include <algorithm>

#include "fuzz/mutate/question.h"
#include "fuzz/mutate/remedies.h"

namespace sluice::mutate {

namespace {

constexpr std::size_t kMostFindings = 64;  // of one content that are looked at
constexpr std::size_t kFindingsTried = 8;  // of them, against which something is tried
constexpr std::uint32_t kTriesForWarnings = 50;
constexpr std::size_t kMostSideways = 12;  // steps to places that are no better

std::size_t weight_of(const Finding& finding) {
  if (is_no_verdict(finding.id)) return 0;
  if (finding.severity != Severity::error) return 5;
  if (finding.ends_reading) return 1;
  const std::string code = code_of(finding.id);
  if (finding.id == FindingId::join_missing || finding.id == FindingId::join_double) return 3;
  return code.starts_with("SL01") ? 1 : code.starts_with("SL02") && finding.rule.empty() ? 2 : 4;
}

// What is wrong and where, the same on every machine.
std::size_t digest(const Judgement& judgement) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  const auto add = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 1099511628211u;
    hash = (hash ^ 0xFF) * 1099511628211u;
  };
  for (const Finding& f : judgement.findings) {
    add(shown_id(f));
    add(f.path);
    add(f.build);
  }
  return hash;
}

// `check` compares the range of builds that a file declares with what it was proven for; so is done here with the
// builds that are judged.
std::optional<Finding> compare_declared(const Tree& tree) {
  const schema::RuleBook& rules = tree.format().schema().rules;
  const auto& builds = tree.format().builds();
  if (builds.empty() || !rules.from || !rules.to || tree.is_empty()) return std::nullopt;
  const Known from = ask(tree, {.expr = rules.from.expr.get()});
  const Known to = ask(tree, {.expr = rules.to.expr.get()});
  if (from.kind != Known::Kind::text || to.kind != Known::Kind::text) return std::nullopt;
  if (from.text == builds.front().name && to.text == builds.back().name) return std::nullopt;
  return Finding::of(FindingId::build_range_differs);
}

}  // namespace

namespace {

// Without the declared range of builds.
Judgement judge_bytes(const Format& format, std::span<const std::uint8_t> bytes) {
  Findings found(kMostFindings);
  format.judge(bytes, found);
  Judgement out;
  for (Finding& finding : found.list()) {
    // A note says that nothing is wrong.
    if (finding.severity == Severity::note) continue;
    ++out.distance.counts[weight_of(finding)];
    out.findings.push_back(std::move(finding));
  }
  // What was counted and not kept is of the worst kind that was.
  for (std::size_t i = 1; i < 5 && found.omitted() > 0; ++i) {
    if (out.distance.counts[i] == 0) continue;
    out.distance.counts[i] += static_cast<std::uint32_t>(found.omitted());
    break;
  }
  std::ranges::stable_sort(out.findings, {}, weight_of);
  return out;
}

}  // namespace

Judgement judge(const Tree& tree) {
  Judgement out = judge_bytes(tree.format(), tree.bytes());
  if (!out.distance.is_valid()) return out;
  if (auto wrong = compare_declared(tree)) {
    ++out.distance.counts[weight_of(*wrong)];
    out.findings.insert(out.findings.begin(), std::move(*wrong));
  }
  return out;
}

Settler::Settler(const Format& format, Random& random, SettleLimits limits)
    : editor_(format), repairer_(editor_), random_(random), limits_(limits) {}

Editor& Settler::begin(Tree& tree) {
  begun_ = &tree;
  editor_.begin(tree, limits_.max_size);
  return editor_;
}

bool Settler::repair() {
  const bool is_good = repair_only();
  read_again(*begun_);
  return is_good && begun_->is_whole();
}

// Of the tree that the editor is at.
bool Settler::repair_only() {
  // What content of unknown origin has wrong is put in order with what was changed.
  editor_.touch_everything();
  repairer_.begin(Random(random_.next()));
  return repairer_.run();
}

// Only the checksums: every change makes them wrong.
void Settler::sum(Tree& tree) {
  editor_.begin(tree, limits_.max_size);
  editor_.touch_everything();
  repairer_.sum();
  tree.clear_flags(node_flag::pinned | node_flag::fresh);
}

void Settler::read_again(Tree& tree) {
  bytes_.assign(tree.bytes().begin(), tree.bytes().end());
  (void)tree.parse(bytes_);
}

// Whether the trial is a step forward; it takes the place of the tree then.
bool Settler::take(Tree& tree, Judgement& now, Tree& trial, const Finding& remedied, const Keeps& keeps,
                   Beside& beside) {
  if (trial.bytes().size() > limits_.max_size) return false;
  ++tries_;
  work_ += trial.bytes().size();
  // Most trials are no good; those need not be read.
  Judgement then = judge_bytes(trial.format(), trial.bytes());
  if (then.distance > now.distance) {
    note_worse(trial, std::move(then), remedied);
    return false;
  }
  read_again(trial);
  if (then.distance.is_valid()) then = judge(trial);
  const bool is_sideways = then.distance == now.distance && !beside.tree && is_news(then);
  if (!(then.distance < now.distance || is_sideways) || (keeps && !keeps(trial))) return false;
  if (is_sideways) {
    beside.tree = trial;
    beside.judgement = std::move(then);
    return false;
  }
  std::swap(tree, trial);
  now = std::move(then);
  return true;
}

void Settler::note_worse(const Tree& trial, Judgement&& then, const Finding& remedied) {
  // Where reading ends there is no telling what else is wrong.
  if (then.distance.counts[0] != 0 || then.distance.counts[1] != 0) return;
  const auto is_it = [&](const Finding& f) { return f.path == remedied.path && shown_id(f) == shown_id(remedied); };
  if (std::ranges::any_of(then.findings, is_it)) return;
  const auto at =
      std::ranges::upper_bound(worse_, then.distance, {}, [](const Worse& w) { return w.judgement.distance; });
  if (at - worse_.begin() == std::ptrdiff_t{limits_.detours}) return;
  worse_.insert(at, {trial, std::move(then)});
  if (worse_.size() > limits_.detours) worse_.pop_back();
}

// Through places that are worse, to one that is better.
bool Settler::detour(Tree& tree, Judgement& now, const Keeps& keeps) {
  std::vector<Worse> starts = std::move(worse_);
  for (Worse& start : starts) {
    if (tries_ >= limits_.tries || work_ >= limits_.work) return false;
    read_again(start.tree);
    if (keeps && !keeps(start.tree)) continue;
    seen_.clear();
    while (start.judgement.distance >= now.distance && improve(start.tree, start.judgement, keeps)) {
    }
    if (start.judgement.distance >= now.distance) continue;
    tree = std::move(start.tree);
    now = std::move(start.judgement);
    return true;
  }
  return false;
}

bool Settler::improve(Tree& tree, Judgement& now, const Keeps& keeps) {
  worse_.clear();
  const std::size_t count = std::min(now.findings.size(), kFindingsTried);
  Tree trial(tree.format());
  Tree plain(tree.format());
  Beside beside;
  seen_.insert(digest(now));
  for (std::size_t i = 0; i < count; ++i) {
    for (const Remedy& remedy : remedies_for(tree, now.findings[i], random_)) {
      if (tries_ >= limits_.tries || work_ >= limits_.work) return false;
      trial = tree;
      editor_.begin(trial, limits_.max_size);
      if (!remedy(editor_)) continue;
      plain = trial;
      (void)repair_only();
      if (take(tree, now, trial, now.findings[i], keeps, beside)) return true;
      // Repair gives a place that is too small more bytes; it may have been meant to lie over others'.
      sum(plain);
      if (std::ranges::equal(plain.bytes(), trial.bytes())) continue;
      if (take(tree, now, plain, now.findings[i], keeps, beside)) return true;
    }
  }
  // Nothing is better: perhaps something is that can be reached from a place that is no worse.
  if (!beside.tree || seen_.size() > kMostSideways) return false;
  tree = std::move(*beside.tree);
  now = std::move(beside.judgement);
  return true;
}

bool Settler::is_news(const Judgement& judgement) const { return !seen_.contains(digest(judgement)); }

bool Settler::settle_everything(Tree& tree, const Keeps& keeps) {
  begin(tree).touch_everything();
  return settle(keeps);
}

bool Settler::settle(const Keeps& keeps) {
  Tree& tree = *begun_;
  tries_ = 0;
  work_ = 0;
  left_.clear();
  seen_.clear();
  Tree plain = tree;
  const bool is_repaired = repair();
  const bool is_kept = !keeps || keeps(tree);
  if (!is_repaired || !is_kept) {
    sum(plain);
    read_again(plain);
    const bool is_plain_kept = !keeps || keeps(plain);
    if (!is_kept && !is_plain_kept) return false;
    if (!is_kept || (is_plain_kept && judge(plain).distance < judge(tree).distance)) std::swap(tree, plain);
  }
  if (tree.bytes().size() > limits_.max_size) return false;
  Judgement now = judge(tree);
  const std::uint32_t most = limits_.tries;
  if (now.distance.is_valid()) limits_.tries = std::min(most, kTriesForWarnings);
  while (now.distance > Distance{} &&
         (improve(tree, now, keeps) || (!now.distance.is_valid() && detour(tree, now, keeps)))) {
    // Warnings are worth a few tries.
    if (now.distance.is_valid()) limits_.tries = std::min(most, tries_ + kTriesForWarnings);
  }
  limits_.tries = most;
  left_ = std::move(now.findings);
  return now.distance.is_valid();
}

}  // namespace sluice::mutate
