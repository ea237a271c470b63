#include "fuzz/shrink/asker.h"

#include "fuzz/mutate/cache.h"

namespace sluice::shrink {

Asker::Asker(const Shows& shows, const ShrinkLimits& limits) : shows_(shows), limits_(limits) {}

bool Asker::is_over() const {
  ShrinkLimits most = limits_;
  if (reserve_ != 0) {
    most.tries -= most.tries / reserve_;
    most.time -= most.time / reserve_;
  }
  return tries_ >= most.tries || std::chrono::steady_clock::now() - begin_ >= most.time;
}

bool Asker::shows(std::span<const std::uint8_t> input) {
  const std::uint64_t hash = mutate::hash_of(input);
  if (const auto known = answers_.find(hash); known != answers_.end()) return known->second;
  if (is_over()) return false;
  ++tries_;
  return answers_[hash] = shows_(input);
}

bool Asker::is_known_not(std::span<const std::uint8_t> input) const {
  const auto known = answers_.find(mutate::hash_of(input));
  return known != answers_.end() && !known->second;
}

}  // namespace sluice::shrink
