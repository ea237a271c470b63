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

const Cache::Known& Cache::find(std::span<const std::uint8_t> bytes) {
  const auto is_of_bytes = [&](const Known& known) {
    return known.tree && std::ranges::equal(known.tree->bytes(), bytes);
  };
  if (last_ != nullptr && is_of_bytes(*last_)) return *last_;
  const std::uint64_t hash = hash_of(bytes);
  Known& slot = slots_[hash % kSlots];
  last_ = &slot;
  if (slot.hash == hash && is_of_bytes(slot)) return slot;
  if (size_ > kMostMemory) {
    std::ranges::fill(slots_, Known{});
    size_ = 0;
  }
  auto tree = std::make_shared<Tree>(format_);
  (void)tree->parse(bytes);
  size_ += tree->bytes().size() + tree->size() * (sizeof(Node) + sizeof(NodeId));
  slot = {hash, tree, std::make_shared<const SiteIndex>(*tree)};
  return slot;
}

}  // namespace sluice::mutate
