// Which record of one sequence is which of the other.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "validator/difference/budget.h"
#include "validator/program/value.h"

namespace sluice::difference {

inline constexpr std::uint64_t kNone = UINT64_MAX;

struct Match {
  std::uint64_t before = kNone;  // index in the older sequence, or kNone: added
  std::uint64_t now = kNone;     // in the newer, or kNone: removed
  std::uint64_t repeat = 1;      // of records with the same key: which of them
};

class Matching {
 public:
  static Matching by_index(std::uint64_t before, std::uint64_t now);

  // Records with the same key are matched in their order. First come those removed, in the order of the older
  // sequence, then the others in that of the newer. Values of several kinds are fine; null is a key too. Empty: the
  // budget said no. The keys are not held.
  static std::optional<Matching> by_key(const std::vector<program::Value>& before,
                                        const std::vector<program::Value>& now, Budget& budget);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Match at(std::uint64_t number) const;

  // Whether the records that both have stand in another order.
  [[nodiscard]] bool reordered() const { return reordered_; }

  // What the budget was charged for it.
  [[nodiscard]] std::uint64_t memory() const { return matches_.capacity() * sizeof(Match); }

 private:
  std::uint64_t before_ = 0;
  std::uint64_t now_ = 0;
  std::uint64_t size_ = 0;
  bool is_by_key_ = false;
  bool reordered_ = false;
  std::vector<Match> matches_;
};

}  // namespace sluice::difference
