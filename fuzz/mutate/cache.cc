#include "fuzz/mutate/cache.h"

#include <algorithm>
#include <cstring>

namespace sluice::mutate {

std::uint64_t hash_of(std::span<const std::uint8_t> bytes) {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
  std::uint64_t hash = bytes.size() * kMix;
  const auto add = [&](std::uint64_t word) {
    hash = (hash ^ word) * kMix;
    hash ^= hash >> 32;
  };
  std::size_t at = 0;
  for (; bytes.size() - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    add(word);
  }
  std::uint64_t rest = 0;
  if (at < bytes.size()) std::memcpy(&rest, bytes.data() + at, bytes.size() - at);
  add(rest);
  return hash;
}

std::shared_ptr<const Tree> Cache::tree_of(std::span<const std::uint8_t> bytes) {
  const std::uint64_t hash = hash_of(bytes);
  Slot& slot = slots_[hash % kSlots];
  if (slot.tree && slot.hash == hash && std::ranges::equal(slot.tree->bytes(), bytes)) return slot.tree;
  if (size_ > kMostMemory) {
    for (Slot& s : slots_) s.tree.reset();
    size_ = 0;
  }
  auto tree = std::make_shared<Tree>(format_);
  (void)tree->parse(bytes);
  size_ += tree->bytes().size() + tree->size() * sizeof(Node);
  slot.hash = hash;
  slot.tree = std::move(tree);
  return slot.tree;
}

}  // namespace sluice::mutate
