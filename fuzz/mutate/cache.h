// Trees of the files that were read last: an engine changes the same input many times.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

[[nodiscard]] std::uint64_t hash_of(std::span<const std::uint8_t> bytes);

class Cache {
 public:
  explicit Cache(const Format& format) : format_(format), slots_(kSlots) {}
  // Never null.
  [[nodiscard]] std::shared_ptr<const Tree> tree_of(std::span<const std::uint8_t> bytes);

 private:
  static constexpr std::size_t kSlots = 4096;
  static constexpr std::size_t kMostMemory = 64u << 20;  // then all are forgotten
  struct Slot {
    std::uint64_t hash = 0;
    std::shared_ptr<const Tree> tree;
  };
  const Format& format_;
  std::vector<Slot> slots_;
  std::size_t size_ = 0;  // of all trees that were made since it was empty
};

}  // namespace sluice::mutate
