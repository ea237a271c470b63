// Words for fuzzers that know nothing of the format: what the schema and its rules compare fields with, written as the
// fields are.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "validator/schema/schema.h"

namespace sluice::mutate {

// At least one byte and at most kLongestWord: libFuzzer passes over longer ones.
struct Word {
  std::string name;  // [A-Za-z0-9_]; for people, and not unique
  std::vector<std::uint8_t> bytes;
};
inline constexpr std::size_t kLongestWord = 64;
inline constexpr std::size_t kMostWords = 8192;

// Contents, members of enums, the bounds that are numbers and what lies just outside of them, and the constants that
// expressions and rules compare with: each in the width and byte order of the fields that it belongs to. Each sequence
// of bytes once, in the order of the schema. What comes after the first kMostWords is left out.
[[nodiscard]] std::vector<Word> words_of(const schema::Schema& schema);

// As libFuzzer (-dict) and AFL++ (-x) read it.
[[nodiscard]] std::string as_dictionary(std::span<const Word> words);

}  // namespace sluice::mutate
