// Measurements kept beyond the end of the program, by build name and template type.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "validator/run/measurements.h"

namespace sluice::run {

// Of one build: by template type.
using StoredSupplies = std::map<std::uint32_t, Measured>;

[[nodiscard]] std::string pack(const StoredSupplies& supplies);
// Nothing: these are not the bytes of `pack`.
[[nodiscard]] std::optional<StoredSupplies> unpack_supplies(std::string_view packed);

}  // namespace sluice::run
