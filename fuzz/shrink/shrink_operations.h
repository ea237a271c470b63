// The parts of an input, and fewer of them.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "fuzz/engine/input.h"
#include "fuzz/shrink/asker.h"

namespace sluice::shrink {

struct Parts {
  std::vector<std::uint8_t> content;
  std::vector<std::uint8_t> second;
  std::vector<engine::Operation> operations;  // none: it is plain content
};

[[nodiscard]] Parts read_parts(std::span<const std::uint8_t> input);
[[nodiscard]] std::vector<std::uint8_t> write_parts(const Parts& parts);

// Plain content, no second content, fewer operations, fewer and shorter inputs, as far as it still shows it. Returns
// whether anything went.
bool shrink_operations(Parts& parts, Asker& asker);

}  // namespace sluice::shrink
