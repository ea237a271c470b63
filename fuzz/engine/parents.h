// What to mutate: mostly what the driver accepted. libFuzzer likes inputs that came to rare blocks, and most blocks
// that refuse content are rare; a mutation of what is wrong is wrong again.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

namespace sluice::engine {

class Parents {
 public:
  // An input that was accepted, and had something in it that none before had.
  void add(std::span<const std::uint8_t> input);

  // In the order in which they came, as long as they are few.
  [[nodiscard]] const std::vector<std::vector<std::uint8_t>>& all() const { return inputs_; }

  // The input itself where it was accepted; else, seven times out of eight, one that was, the latest more often.
  [[nodiscard]] std::span<const std::uint8_t> choose(std::span<const std::uint8_t> input, std::uint32_t seed) const;

 private:
  static constexpr std::size_t kMost = 4096;  // then the oldest are replaced
  static constexpr std::size_t kLatest = 64;

  std::vector<std::vector<std::uint8_t>> inputs_;
  std::unordered_set<std::size_t> hashes_;
  std::size_t next_ = 0;
};

}  // namespace sluice::engine
