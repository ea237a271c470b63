// Trees of the files that were read last: an engine changes the same input many times.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

[[nodiscard]] std::uint64_t hash_of(std::span<const std::uint8_t> bytes);

class Cache {
 public:
  explicit Cache(const Format& format) : slots_(kSlots, Slot{0, Tree(format)}) {}
  // The reference holds until the next call.
  [[nodiscard]] const Tree& tree_of(std::span<const std::uint8_t> bytes);

 private:
  static constexpr std::size_t kSlots = 64;
  struct Slot {
    std::uint64_t hash;
    Tree tree;
    bool is_used = false;
  };
  std::vector<Slot> slots_;
};

}  // namespace sluice::mutate
