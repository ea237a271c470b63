// Counters that libFuzzer takes for a program's coverage, for Coverage to count in. Only for programs that link it.
#pragma once

#include <cstdint>
#include <span>

namespace sluice::image {

std::span<volatile std::uint8_t> extra_counters();

}  // namespace sluice::image
