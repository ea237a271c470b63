// The integers of the expression language.
//
// Kaitai leaves their width to the target language, so one schema means different things in C++, Java and
// JavaScript. Here there is one meaning: every value lies in [-2^63, 2^64 - 1], and an operation whose result does
// not is an error at the expression, never a wrap. Intermediates are 128 bits wide so that the check is exact.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

__extension__ typedef __int128 Integer;
__extension__ typedef unsigned __int128 UnsignedInteger;

inline constexpr Integer kIntegerMin = std::numeric_limits<std::int64_t>::min();
inline constexpr Integer kIntegerMax = std::numeric_limits<std::uint64_t>::max();

[[nodiscard]] constexpr bool in_range(Integer value) { return kIntegerMin <= value && value <= kIntegerMax; }

[[nodiscard]] std::string to_string(Integer value);

// Parses a literal as the language writes it: decimal, 0x, 0b or 0o digits with `_` among them. A sign, a leading
// zero and a value above 2^64 - 1 are refused.
[[nodiscard]] std::optional<Integer> parse_integer_literal(std::string_view text);

}  // namespace sluice
