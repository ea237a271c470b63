#include "fuzz/mutate/generate.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "fuzz/mutate/bounds.h"
#include "fuzz/mutate/minimal.h"
#include "fuzz/mutate/subtree.h"
#include "validator/bytes/sha256.h"

namespace sluice::mutate {

namespace {

constexpr std::uint32_t kMostSteps = 8;     // towards one goal
constexpr std::size_t kMostMade = 64;       // files to go on from
constexpr int kMostVariations = 40;         // tries for a file that is none of those before
constexpr std::size_t kComfortable = 8192;  // bytes of a file that is worked on for many goals
constexpr std::uint64_t kMostGoals = 64;    // of one file
constexpr std::uint32_t kMostDetours = 4;
constexpr SettleLimits kFirst{.tries = 20'000, .work = 64u << 20, .detours = kMostDetours};
constexpr SettleLimits kUsual{.tries = 1'200, .work = 3u << 20};

}  // namespace

std::string sentence(const Finding& finding) {
  std::string text = finding.path.empty() ? "" : finding.path + ": ";
  text += because(finding);
  text += " (" + shown_id(finding);
  if (!finding.build.empty()) text += ", build " + finding.build;
  return printable(text + ")", 300, Quotes::keep);
}

Generator::Generator(const Format& format, GenerateOptions options)
    : format_(format),
      options_(options),
      features_(format),
      random_(options.seed),
      settler_(format, random_),
      approach_(features_, settler_, random_),
      scratch_(features_.size()),
      start_(format) {
  for (const std::size_t feature : goals_of(format, features_)) {
    Goal goal;
    goal.feature = feature;
    goals_.push_back(std::move(goal));
  }
}

bool Generator::has(const Tree& tree, std::size_t feature) {
  std::ranges::fill(scratch_, std::uint8_t{0});
  features_.mark(tree, scratch_);
  return scratch_[feature] != 0;
}

// The smallest file, made valid: what all others begin with.
bool Generator::begin() {
  is_begun_ = true;
  (void)start_.parse(minimal(format_));
  SettleLimits limits = kFirst;
  limits.max_size = options_.max_size;
  settler_.set_limits(limits);
  const bool is_valid = settler_.settle_everything(start_);
  limits = kUsual;
  limits.max_size = options_.max_size;
  settler_.set_limits(limits);
  if (is_valid) return true;
  why_ = settler_.left().empty() ? "the smallest file is larger than files may be" : sentence(settler_.left().front());
  start_ = Tree(format_);
  return false;
}

// Brings the tree to a goal and keeps the goals that it has reached. False: the tree is as it was.
bool Generator::pursue(Tree& tree, Goal& goal, const std::vector<std::size_t>& kept) {
  if (attempt(tree, goal, kept)) return true;
  // Before it is given up: detours take long, and leave in the file what is in the way of others.
  if (!kept.empty() && goal.failures == 0) return false;
  SettleLimits limits = settler_.limits();
  limits.detours = kMostDetours;
  settler_.set_limits(limits);
  const bool is_reached = attempt(tree, goal, kept);
  limits.detours = 0;
  settler_.set_limits(limits);
  return is_reached;
}

bool Generator::attempt(Tree& tree, Goal& goal, const std::vector<std::size_t>& kept) {
  const auto keeps_all = [&](const Tree& t, bool wants_goal) {
    std::ranges::fill(scratch_, std::uint8_t{0});
    features_.mark(t, scratch_);
    return (wants_goal ? scratch_[goal.feature] != 0 : approach_.has_made(t)) &&
           std::ranges::all_of(kept, [&](std::size_t k) { return scratch_[k] != 0; });
  };
  Tree trial = tree;
  for (std::uint32_t i = 0; i < kMostSteps; ++i) {
    bool is_done = true;
    if (!approach_.step(settler_.begin(trial), goal.feature, is_done)) {
      goal.why = approach_.why();
      return false;
    }
    const bool is_settled = settler_.settle([&](const Tree& t) { return keeps_all(t, is_done); });
    if (!is_settled) {
      goal.why = settler_.left().empty() ? "a field that depends on others would have to differ from them"
                                         : sentence(settler_.left().front());
      return false;
    }
    if (!is_done && !has(trial, goal.feature)) continue;
    tree = std::move(trial);
    return true;
  }
  goal.why = "too many steps lead there";
  return false;
}

// Changes something of a valid file, and makes it valid again.
bool Generator::vary(Tree& tree) {
  Editor& editor = settler_.begin(tree);
  const std::uint64_t changes = 1 + random_.below(4);
  for (std::uint64_t i = 0; i < changes; ++i) {
    const auto node = static_cast<NodeId>(random_.below(tree.size()));
    if (tree[node].kind == NodeKind::array && random_.chance(1, 2)) {
      (void)append_element(editor, node);
    } else if (tree[node].is_number()) {
      const auto values = named_values(tree, node);
      tree.set_flag(node, node_flag::pinned);
      const bool is_named = !values.empty() && random_.chance(1, 2);
      const Integer any = static_cast<Integer>(random_.next() >> random_.below(64));
      (void)tree.set_integer(node, is_named ? values[random_.below(values.size())] : any);
    } else if (!goals_.empty()) {
      bool is_done = true;
      (void)approach_.step(editor, goals_[random_.below(goals_.size())].feature, is_done);
    }
  }
  return settler_.settle();
}

bool Generator::hand_out(const Tree& tree) {
  if (!format_.accepts(tree.bytes()) || tree.bytes().size() > options_.max_size) return false;
  if (!seen_.insert(bytes::sha256(tree.bytes())).second) return false;
  std::ranges::fill(scratch_, std::uint8_t{0});
  features_.mark(tree, scratch_);
  for (Goal& goal : goals_) goal.is_reached = goal.is_reached || scratch_[goal.feature] != 0;
  made_.emplace_back(tree.bytes().begin(), tree.bytes().end());
  if (made_.size() > kMostMade) made_.erase(made_.begin());
  ++handed_out_;
  return true;
}

std::optional<std::vector<std::uint8_t>> Generator::next() {
  if (!is_begun_ && !begin()) return std::nullopt;
  if (start_.is_empty()) return std::nullopt;
  const std::uint64_t left = options_.count > handed_out_ ? options_.count - handed_out_ : 1;
  const auto is_open = [](const Goal& g) { return !g.is_reached && !(g.is_lost_from_start && g.is_lost_from_made); };
  const auto open = static_cast<std::uint64_t>(std::ranges::count_if(goals_, is_open));
  std::uint64_t quota = std::min(kMostGoals, (open + left - 1) / left);
  // Every other file goes on from one that was made before: what stands in it may be what a goal needs.
  Tree tree = start_;
  if (handed_out_ % 2 == 1) (void)tree.parse(made_[random_.below(made_.size())]);
  const bool is_from_start = handed_out_ % 2 == 0 || tree.bytes().size() > kComfortable;
  if (is_from_start) tree = start_;
  std::vector<std::size_t> kept;
  // Those first that did not get on with others in a file before.
  std::vector<Goal*> order;
  for (Goal& goal : goals_) {
    if (is_open(goal)) order.push_back(&goal);
  }
  // Of uses one operator after the other: several on one input rarely go together.
  std::ranges::stable_sort(order, {}, [&](const Goal* goal) {
    const Feature f = features_.at(goal->feature);
    const Integer rank = f.kind == Feature::Kind::use ? f.value : kIntegerMax;
    return std::tuple(goal->is_large, -static_cast<Integer>(goal->failures), rank);
  });
  for (Goal* goal : order) {
    if (quota == 0) break;
    if (is_from_start ? goal->is_lost_from_start : goal->is_lost_from_made) continue;
    Tree before = tree;
    if (!has(tree, goal->feature) && !pursue(tree, *goal, kept)) {
      ++goal->failures;
      if (kept.empty()) (is_from_start ? goal->is_lost_from_start : goal->is_lost_from_made) = true;
      continue;
    }
    if (tree.bytes().size() > kComfortable && !goal->is_large) {
      // Its own file later: all that is done to a large one takes long.
      goal->is_large = true;
      tree = std::move(before);
      continue;
    }
    kept.push_back(goal->feature);
    --quota;
    if (goal->is_large) break;
  }
  if (hand_out(tree)) return made_.back();
  // All goals are met, or given up: files that differ from those before.
  for (int i = 0; i < kMostVariations; ++i) {
    Tree variation(format_);
    if (made_.empty()) {
      variation = start_;
    } else {
      (void)variation.parse(made_[random_.below(made_.size())]);
    }
    if (vary(variation) && hand_out(variation)) return made_.back();
  }
  why_ = "no file was found that differs from those before";
  return std::nullopt;
}

}  // namespace sluice::mutate
