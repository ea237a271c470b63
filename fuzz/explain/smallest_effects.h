// The effects of the fields of a shrunk input, with the help of those that it was shrunk from.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/explain/effects.h"

namespace sluice::explain {

// Where only taking parts away cures the smallest file, its fields have no other value that the driver takes, for what
// they would refer to is gone. Then the first of `larger` that shows the fault and has a guilty field of another sort
// is believed, if the smallest file has that field with the same value.
[[nodiscard]] Effects find_smallest_effects(const mutate::Format& format, std::span<const std::uint8_t> smallest,
                                            std::span<const std::vector<std::uint8_t>> larger, std::uint64_t place,
                                            engine::Oracle& oracle);

}  // namespace sluice::explain
