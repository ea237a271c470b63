// What the gate says of inputs: the other half of an escape.
#pragma once

#include <cstdint>
#include <span>

#include "fuzz/mutate/format.h"

namespace sluice::engine {

// Whether `check` accepts all content that the input has.
[[nodiscard]] bool passes_gate(const mutate::Format& format, std::span<const std::uint8_t> input);

}  // namespace sluice::engine
