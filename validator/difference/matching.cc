#include "validator/difference/matching.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "validator/program/compare.h"

namespace sluice::difference {

namespace {

using program::Value;

// A total order: keys of one kind by their values, kinds by their number.
int order(const Value& a, const Value& b) {
  if (a.tag != b.tag) return a.tag < b.tag ? -1 : 1;
  return program::compare(a, b).value_or(0);
}

// A hash table would be quicker, and a file could choose keys that all fall into one bucket of it.
std::optional<std::vector<std::uint64_t>> sorted(const std::vector<Value>& keys, Budget& budget) {
  std::uint64_t bytes = 0;
  for (const Value& key : keys) bytes += key.size;
  if (!budget.look_at((16 * keys.size() + bytes) * static_cast<std::uint64_t>(std::bit_width(keys.size())))) {
    return std::nullopt;
  }
  std::vector<std::uint64_t> out(keys.size());
  std::iota(out.begin(), out.end(), 0);
  const auto less = [&](std::uint64_t a, std::uint64_t b) {
    const int by_key = order(keys[a], keys[b]);
    return by_key != 0 ? by_key < 0 : a < b;
  };
  if (!std::ranges::is_sorted(out, less)) std::ranges::sort(out, less);
  return out;
}

}  // namespace

Matching Matching::by_index(std::uint64_t before, std::uint64_t now) {
  Matching out;
  out.before_ = before;
  out.now_ = now;
  out.size_ = std::max(before, now);
  return out;
}

std::optional<Matching> Matching::by_key(const std::vector<Value>& before, const std::vector<Value>& now,
                                         Budget& budget) {
  const std::uint64_t scratch = (before.size() + now.size()) * (sizeof(std::uint64_t) + sizeof(Match));
  if (!budget.hold(scratch)) return std::nullopt;
  const auto old_order = sorted(before, budget);
  const auto new_order = sorted(now, budget);
  if (!old_order || !new_order) return std::nullopt;

  std::vector<Match> removed;
  std::vector<Match> kept(now.size());
  std::uint64_t repeat = 0;
  for (std::size_t a = 0, b = 0; a < before.size() || b < now.size();) {
    const Value& key =
        a < before.size() && (b == now.size() || order(before[(*old_order)[a]], now[(*new_order)[b]]) <= 0)
            ? before[(*old_order)[a]]
            : now[(*new_order)[b]];
    const bool in_old = a < before.size() && order(before[(*old_order)[a]], key) == 0;
    const bool in_new = b < now.size() && order(now[(*new_order)[b]], key) == 0;
    const Match match{
        .before = in_old ? (*old_order)[a++] : kNone, .now = in_new ? (*new_order)[b++] : kNone, .repeat = ++repeat};
    (in_new ? kept[match.now] : removed.emplace_back()) = match;
    // The next record has the same key, or begins to count anew.
    const bool goes_on = (a < before.size() && order(before[(*old_order)[a]], key) == 0) ||
                         (b < now.size() && order(now[(*new_order)[b]], key) == 0);
    if (!goes_on) repeat = 0;
  }

  Matching out;
  out.is_by_key_ = true;
  std::ranges::sort(removed, {}, &Match::before);
  std::uint64_t last = 0;
  for (const Match& match : kept) {
    if (match.before == kNone) continue;
    out.reordered_ = out.reordered_ || match.before < last;
    last = match.before;
  }
  out.matches_.reserve(removed.size() + kept.size());
  out.matches_.insert(out.matches_.end(), removed.begin(), removed.end());
  out.matches_.insert(out.matches_.end(), kept.begin(), kept.end());
  out.size_ = out.matches_.size();
  budget.give_back(scratch);
  if (!budget.hold(out.memory())) return std::nullopt;
  return out;
}

Match Matching::at(std::uint64_t number) const {
  if (is_by_key_) return matches_[number];
  return {.before = number < before_ ? number : kNone, .now = number < now_ ? number : kNone};
}

}  // namespace sluice::difference
