#include "fuzz/engine/parents.h"

#include "fuzz/engine/hash.h"

namespace sluice::engine {

void Parents::add(std::span<const std::uint8_t> input) {
  if (!hashes_.insert(hash_of_bytes(input)).second) return;
  if (inputs_.size() < kMost) {
    inputs_.emplace_back(input.begin(), input.end());
    next_ = inputs_.size() % kMost;
    return;
  }
  hashes_.erase(hash_of_bytes(inputs_[next_]));
  inputs_[next_].assign(input.begin(), input.end());
  next_ = (next_ + 1) % kMost;
}

std::span<const std::uint8_t> Parents::choose(std::span<const std::uint8_t> input, std::uint32_t seed) const {
  constexpr std::uint32_t kOdds = 8;
  if (inputs_.empty() || seed % kOdds == 0 || hashes_.contains(hash_of_bytes(input))) return input;
  seed /= kOdds;
  // What was new last is where the next step leads on from: every other time.
  const std::size_t count = inputs_.size();
  if (seed % 2 == 0 || count <= kLatest) return inputs_[seed / 2 % count];
  return inputs_[(next_ + count - 1 - seed / 2 % kLatest) % count];
}

}  // namespace sluice::engine
