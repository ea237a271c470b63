#include "fuzz/engine/parents.h"

#include <functional>
#include <string_view>

namespace sluice::engine {

namespace {

std::size_t hash_of(std::span<const std::uint8_t> bytes) {
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

void Parents::add(std::span<const std::uint8_t> input) {
  if (!hashes_.insert(hash_of(input)).second) return;
  if (inputs_.size() < kMost) {
    inputs_.emplace_back(input.begin(), input.end());
    return;
  }
  hashes_.erase(hash_of(inputs_[next_]));
  inputs_[next_].assign(input.begin(), input.end());
  next_ = (next_ + 1) % kMost;
}

std::span<const std::uint8_t> Parents::choose(std::span<const std::uint8_t> input, std::uint32_t seed) const {
  constexpr std::uint32_t kOdds = 8;
  if (inputs_.empty() || seed % kOdds == 0 || hashes_.contains(hash_of(input))) return input;
  return inputs_[seed / kOdds % inputs_.size()];
}

}  // namespace sluice::engine
