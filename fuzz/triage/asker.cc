#include "fuzz/triage/asker.h"

#include "fuzz/mutate/cache.h"

namespace sluice::triage {

Asker::Asker(const Shows& shows, const ShrinkLimits& limits)
    : shows_(shows), limits_(limits), end_(std::chrono::steady_clock::now() + limits.time) {}

bool Asker::is_over() const { return tries_ >= limits_.tries || std::chrono::steady_clock::now() >= end_; }

bool Asker::shows(std::span<const std::uint8_t> input) {
  const std::uint64_t hash = mutate::hash_of(input);
  if (const auto known = answers_.find(hash); known != answers_.end()) return known->second;
  if (is_over()) return false;
  ++tries_;
  return answers_[hash] = shows_(input);
}

std::optional<bool> Asker::answer(std::span<const std::uint8_t> input) const {
  const auto known = answers_.find(mutate::hash_of(input));
  return known == answers_.end() ? std::nullopt : std::optional(known->second);
}

}  // namespace sluice::triage
