#include "fuzz/engine/dark_uses.h"

#include <algorithm>
#include <bit>
#include <set>
#include <utility>

namespace sluice::engine {

DarkUses::DarkUses(const mutate::Format& format, const mutate::Features& features, Shared& shared)
    : features_(features), shared_(shared), work_(format), editor_(format) {
  for (const std::size_t feature : features.expressible_uses()) {
    if (shared.uses[feature] != UseState::evaluated) dark_.push_back({.feature = feature});
  }
}

bool DarkUses::are_due(std::span<const std::uint8_t> counters) {
  bool is_due = false;
  for (Dark& dark : dark_) {
    if (counters[dark.feature] != 0 && std::has_single_bit(++dark.met)) is_due = true;
  }
  return is_due;
}

void DarkUses::note(const mutate::Tree& tree, std::span<const run::Reached> reached) {
  if (dark_.empty()) return;
  if (!reached.empty()) shared_.tells_reached = 1;
  std::set<std::pair<std::uint32_t, std::uint32_t>> spots;
  for (const run::Reached& row : reached) spots.insert({row.instance, row.criterion});
  for (const mutate::Features::Use& use : features_.uses_of(tree)) {
    std::atomic<UseState>& state = shared_.uses[use.feature];
    if (spots.contains({use.instance, use.criterion})) {
      state = UseState::evaluated;
    } else if (state == UseState::none) {
      state = UseState::accepted;
    }
  }
  std::erase_if(dark_, [&](const Dark& dark) { return shared_.uses[dark.feature] == UseState::evaluated; });
}

std::vector<std::vector<std::uint8_t>> DarkUses::put_first(const mutate::Tree& tree) {
  constexpr std::size_t kMost = 8;
  std::vector<std::vector<std::uint8_t>> out;
  std::set<std::size_t> done;
  for (const mutate::Features::Use& use : features_.uses_of(tree)) {
    if (out.size() == kMost) break;
    const bool is_dark = std::ranges::binary_search(dark_, use.feature, {}, &Dark::feature);
    if (!is_dark || use.criterion == 0 || !done.insert(use.feature).second) continue;
    work_ = tree;
    editor_.begin(work_, tree.bytes().size());
    editor_.erase(work_[use.element].parent + 1, use.element);
    repairer_.begin(mutate::Random(use.feature));
    (void)repairer_.run();
    out.emplace_back(work_.bytes().begin(), work_.bytes().end());
  }
  return out;
}

}  // namespace sluice::engine
