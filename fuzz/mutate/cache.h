// Trees of the files that were read last: an engine changes the same input many times.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "fuzz/mutate/site_index.h"
#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

[[nodiscard]] std::uint64_t hash_of(std::span<const std::uint8_t> bytes);

class Cache {
 public:
  explicit Cache(const Format& format) : format_(format), slots_(kSlots) {}
  struct Known {
    std::uint64_t hash = 0;
    std::shared_ptr<const Tree> tree;
    std::shared_ptr<const SiteIndex> sites;
  };
  // Never null. Holds until the next call.
  [[nodiscard]] const Known& find(std::span<const std::uint8_t> bytes);
  [[nodiscard]] std::shared_ptr<const Tree> tree_of(std::span<const std::uint8_t> bytes) { return find(bytes).tree; }

 private:
  static constexpr std::size_t kSlots = 4096;
  static constexpr std::size_t kMostMemory = 64u << 20;  // then all are forgotten
  const Format& format_;
  std::vector<Known> slots_;
  const Known* last_ = nullptr;
  std::size_t size_ = 0;  // of all trees that were made since it was empty
};

}  // namespace sluice::mutate
