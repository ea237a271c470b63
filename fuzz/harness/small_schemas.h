// The schemas that harnesses walk by, named by two bytes and compiled once.
#pragma once

#include <cstdint>

#include "validator/program/program.h"

namespace sluice::harness {

// An even `first`: the two fields of the vocabulary (tests/agree/vocabulary.h) that `first / 2` and `second` name. An
// odd one: a random schema (tests/agree/random_schema.h) with the seed that the other bits make. Null if there is no
// such schema. The program is owned by a cache that lives as long as the process.
[[nodiscard]] const program::Program* small_schema(std::uint8_t first, std::uint8_t second);

}  // namespace sluice::harness
