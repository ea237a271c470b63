// The checksums that schemas name, as fast as a mutation needs them.
#pragma once

#include <cstdint>
#include <span>

#include "validator/program/transform.h"

namespace sluice::mutate {

// What program::checksum computes.
[[nodiscard]] std::uint64_t sum_of(program::ChecksumAlgorithm algorithm, std::span<const std::uint8_t> bytes);

}  // namespace sluice::mutate
