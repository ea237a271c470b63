// Bytes changed without knowing what they mean.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fuzz/mutate/random.h"

namespace sluice::mutate {

// Flips, sets, adds to, copies, inserts or removes a few bytes. Returns the new size, at most `max_size`.
std::size_t make_noise(std::uint8_t* data, std::size_t size, std::size_t max_size, Random& random);

}  // namespace sluice::mutate
