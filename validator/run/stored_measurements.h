// What was measured of a build, kept beyond the end of the program.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "validator/run/measurements.h"

namespace sluice::run {

[[nodiscard]] std::string pack(const Supplies& supplies);
// Nothing: these are not the bytes of `pack`.
[[nodiscard]] std::optional<Supplies> unpack_supplies(std::string_view packed);

}  // namespace sluice::run
