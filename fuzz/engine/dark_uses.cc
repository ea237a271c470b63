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
  std::vector<mutate::Features::Use> uses = features_.uses_of(tree);
  std::erase_if(uses, [&](const mutate::Features::Use& use) {
    const bool is_dark = std::ranges::binary_search(dark_, use.feature, {}, &Dark::feature);
    return !is_dark || !done.insert(use.feature).second;
  });
  for (const mutate::Features::Use& use : uses) {
    if (use.criterion != 0 && out.size() < kMost) out.push_back(put_first(tree, use, {}));
  }
  // The last few are worth more.
  for (const mutate::Features::Use& use : uses) {
    for (const Choice& choice : choices_above(tree, use.element)) {
      if (out.size() >= kMost) return out;
      out.push_back(put_first(tree, use, choice));
    }
  }
  return out;
}

std::vector<std::uint8_t> DarkUses::put_first(const mutate::Tree& tree, const mutate::Features::Use& use,
                                              const std::optional<Choice>& choice) {
  work_ = tree;
  editor_.begin(work_, tree.bytes().size());
  if (choice) (void)editor_.set(choice->node, choice->value);
  const mutate::NodeId first = work_[use.element].parent + 1;
  if (first != use.element) editor_.erase(first, use.element);
  repairer_.begin(mutate::Random(use.feature));
  (void)repairer_.run();
  return {work_.bytes().begin(), work_.bytes().end()};
}

// What the elements around it are, by their enums, and could be: where one is disabled no event comes to it.
std::vector<DarkUses::Choice> DarkUses::choices_above(const mutate::Tree& tree, mutate::NodeId element) {
  std::vector<Choice> choices;
  for (mutate::NodeId at = tree.container_of(element); at != 0 && at != mutate::kNoNode; at = tree.container_of(at)) {
    for (mutate::NodeId field = tree.first_child(at); field != mutate::kNoNode; field = tree.next_sibling(field)) {
      if (!tree[field].is_number() || tree[field].enum_id == schema::kNoEnum) continue;
      for (const schema::EnumMember& member : tree.format().schema().enumeration(tree[field].enum_id).members) {
        if (member.value != tree.integer(field)) choices.push_back({field, member.value});
      }
    }
  }
  return choices;
}

}  // namespace sluice::engine
