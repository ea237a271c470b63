// Changes what is done with content: loads, events and their values, unloads.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "fuzz/engine/input.h"

namespace sluice::engine {

class OperationMutation {
 public:
  // Both are aliased. Values are taken from `content`, too: what a criterion looks for is there.
  OperationMutation(const std::vector<DescribedType>& types, std::span<const std::uint8_t> content, std::uint32_t seed)
      : types_(types), content_(content), random_(seed) {}

  // Changes one thing; of none it makes a load, a few events and an unload.
  void mutate(std::vector<Operation>& operations);

 private:
  [[nodiscard]] std::size_t below(std::size_t bound);
  void make(std::vector<Operation>& operations);
  [[nodiscard]] Event make_event();
  [[nodiscard]] Value make_value(std::uint32_t kind);
  [[nodiscard]] std::string piece(std::size_t size);

  const std::vector<DescribedType>& types_;
  std::span<const std::uint8_t> content_;
  std::minstd_rand random_;
};

}  // namespace sluice::engine
