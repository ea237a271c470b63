#include "fuzz/shrink/content_shrinker.h"

#include <algorithm>

#include "fuzz/cause/signature.h"
#include "fuzz/mutate/meaning.h"

namespace sluice::shrink {

using mutate::NodeId;
using mutate::NodeKind;
using mutate::Tree;

namespace {

constexpr std::size_t kRoom = 4096;        // that content may need while it is put in order
constexpr std::size_t kFinePieces = 2048;  // more are only tried where larger ones went
constexpr int kMostRounds = 12;

}  // namespace

ContentShrinker::ContentShrinker(const mutate::Format& format, const Plain& plain, Asker& asker)
    : format_(format),
      plain_(plain),
      asker_(asker),
      tree_(format),
      trial_(format),
      next_(format),
      editor_(format),
      repairer_(editor_) {}

ContentShrinker::Reach ContentShrinker::reach_of(const Tree& tree) {
  Reach reach{.is_whole = tree.is_whole()};
  if (tree.is_empty()) return reach;
  for (NodeId c = 1; c < tree[0].end; c = tree[c].end) {
    if (tree[c].is(mutate::node_flag::placed)) continue;
    reach.member = 2 * (std::uint64_t{tree[c].site} + 1) + (tree[c].is(mutate::node_flag::cut) ? 0 : 1);
  }
  return reach;
}

std::set<std::string> ContentShrinker::wrongs_of(std::span<const std::uint8_t> content) const {
  constexpr std::size_t kMostFindings = 64;
  Findings findings(kMostFindings);
  format_.judge(content, findings);
  return cause::refusals_of(findings);
}

void ContentShrinker::begin(std::span<const std::uint8_t> content) {
  (void)tree_.parse(content);
  reach_ = reach_of(tree_);
  wrongs_ = wrongs_of(content);
  rank_ = plain_.rank(tree_);
  broken_.clear();
}

NodeId ContentShrinker::find(const std::string& path) const {
  std::string_view rest;
  const NodeId id = mutate::find_path(tree_, path, rest);
  return rest.empty() ? id : mutate::kNoNode;
}

// Whether the fault shows is asked last: where it is that a target hangs, the answer takes long.
bool ContentShrinker::take(std::span<const std::uint8_t> bytes, bool is_better_anyway) {
  if (bytes.size() > tree_.bytes().size() || std::ranges::equal(bytes, tree_.bytes())) return false;
  const std::vector<std::uint8_t> input = (*wrap_)(bytes);
  if (asker_.is_known_not(input)) return false;
  (void)next_.parse(bytes);
  const Rank rank = plain_.rank(next_);
  if (!is_better_anyway && rank >= rank_) return false;
  if (reach_of(next_) < reach_) return false;
  const std::set<std::string> wrongs = wrongs_of(bytes);
  if (!std::ranges::includes(wrongs_, wrongs) || !asker_.shows(input)) return false;
  std::swap(tree_, next_);
  rank_ = rank;
  return true;
}

void ContentShrinker::repair() {
  repairer_.begin(mutate::Random(1));
  (void)repairer_.run();
}

// `trial_`, and what nobody reads in it gone; it is as it was if that is not taken.
bool ContentShrinker::take_without_gaps() {
  std::uint32_t size = 0;
  const std::vector<Gap> gaps = gaps_of(trial_);
  for (const Gap& gap : gaps) size += gap.to - gap.from;
  if (size <= gap_bytes_) return false;
  const Tree before = trial_;
  for (std::size_t i = gaps.size(); i-- > 0;) {
    NodeId region = 0;
    for (NodeId id = 0; id < trial_.size(); ++id) {
      const mutate::Node& node = trial_[id];
      if (!node.is_leaf() && node.from <= gaps[i].from && gaps[i].to <= node.to) region = id;
    }
    editor_.erase_bytes(region, gaps[i].from, gaps[i].to - gaps[i].from);
  }
  repair();
  if (take(trial_.bytes())) return true;
  trial_ = before;
  return false;
}

bool ContentShrinker::attempt(const Edit& edit) {
  // First what is out of order stays so; the fault may be about it. What was in order is put in order.
  for (const bool leaves : {true, false}) {
    if (asker_.is_over()) return false;
    if (leaves && broken_.empty()) continue;
    trial_ = tree_;
    editor_.begin(trial_, tree_.bytes().size() + kRoom);
    for (const mutate::TieId tie : broken_) {
      if (leaves) editor_.leave(tie);
    }
    if (!edit(editor_)) return false;
    repair();
    if (take_without_gaps() || take(trial_.bytes())) return true;
    if (keep_beyond_end() && take(trial_.bytes())) return true;
  }
  return false;
}

// What lies beyond the end of the tree lies as far beyond that of the trial: farther off there is other memory. Returns
// whether there is such a thing.
bool ContentShrinker::keep_beyond_end() {
  const std::size_t before = tree_.bytes().size();
  const std::size_t after = trial_.bytes().size();
  if (after >= before) return false;
  bool has_moved = false;
  for (const mutate::Tie& tie : format_.ties().all()) {
    if (tie.kind != mutate::TieKind::position || tie.target == mutate::kNoSite) continue;
    for (NodeId id = 0; id < trial_.size(); ++id) {
      if (trial_[id].site != tie.target || !trial_[id].is_number() || trial_.integer(id) < Integer{after}) continue;
      if (!editor_.set(id, trial_.integer(id) - Integer{before - after})) continue;
      editor_.pin(id);
      has_moved = true;
    }
  }
  if (has_moved) repair();
  return has_moved;
}

bool ContentShrinker::attempt_alone(const Edit& edit) {
  if (asker_.is_over()) return false;
  trial_ = tree_;
  editor_.begin(trial_, tree_.bytes().size());
  for (const mutate::TieId tie : broken_) editor_.leave(tie);
  if (!edit(editor_)) return false;
  repairer_.sum();
  trial_.clear_flags(mutate::node_flag::pinned);
  return take(trial_.bytes());
}

// Puts in order in `trial_` what one tie asks for, and what depends on that.
void ContentShrinker::mend_tie(mutate::TieId tie) {
  trial_ = tree_;
  editor_.begin(trial_, tree_.bytes().size() + kRoom);
  if (format_.ties().all()[tie].kind == mutate::TieKind::checksum) {
    for (const mutate::Tie& other : format_.ties().all()) {
      if (other.kind == mutate::TieKind::checksum && other.id != tie) editor_.leave(other.id);
    }
    editor_.zero(0, 0);
  } else {
    editor_.put_off(tie);
  }
  repair();
}

// What is out of order is put in order where the fault does not need it.
bool ContentShrinker::mend() {
  broken_.clear();
  if (tree_.is_empty()) return false;
  bool has_gone = false;
  for (const mutate::Tie& tie : format_.ties().all()) {
    mend_tie(tie.id);
    if (std::ranges::equal(trial_.bytes(), tree_.bytes())) continue;
    if (take(trial_.bytes(), true)) {
      has_gone = true;
    } else {
      broken_.push_back(tie.id);
    }
  }
  return has_gone;
}

bool ContentShrinker::is_too_fine(std::size_t count, std::size_t piece, bool has_gone) {
  if (has_gone || count / piece <= kFinePieces) return false;
  is_done_ = false;
  return true;
}

bool ContentShrinker::run(const Wrap& wrap) {
  wrap_ = &wrap;
  bool has_gone = mend();
  for (int round = 0; round < kMostRounds; ++round) {
    is_done_ = true;
    bool goes = false;
    if (!tree_.is_empty()) {
      goes |= erase_elements();
      goes |= erase_options();
      goes |= erase_gaps();
      goes |= reset_values();
    }
    if (!goes) {
      goes |= erase_bytes();
      goes |= zero_bytes();
    }
    has_gone |= goes;
    if (!goes || asker_.is_over()) break;
  }
  is_done_ = is_done_ && !asker_.is_over();
  return has_gone;
}

}  // namespace sluice::shrink
