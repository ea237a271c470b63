// The schemas that harnesses walk by, named by two bytes and compiled once.
#pragma once

#include <cstdint>
#include <string>

#include "validator/program/program.h"

namespace sluice::harness {

// Two bytes that name the same schema come to the same number, below kSmallSchemas.
inline constexpr std::uint32_t kSmallSchemas = 0x10000;
[[nodiscard]] std::uint32_t small_schema_number(std::uint8_t first, std::uint8_t second);

// The schema's text; empty if there is no such schema.
[[nodiscard]] std::string small_schema_text(std::uint32_t number);

// An even `first`: the two fields of the vocabulary (tests/agree/vocabulary.h) that `first / 2` and `second` name. An
// odd one: a random schema (tests/agree/random_schema.h) with the seed that the other bits make. Null if there is no
// such schema. The program is owned by a cache that lives as long as the process.
[[nodiscard]] const program::Program* small_schema(std::uint8_t first, std::uint8_t second);

}  // namespace sluice::harness
