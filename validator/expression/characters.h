// Characters of UTF-8 text that is known to be well-formed (bytes/utf8.h tells). Private to this room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::expression {

[[nodiscard]] std::uint32_t count_characters(std::string_view text);

// At most the first `count` characters.
[[nodiscard]] std::string_view first_characters(std::string_view text, std::uint32_t count);

// `code_point` is at most U+10FFFF and no surrogate.
void append_character(std::string& out, std::uint32_t code_point);

}  // namespace sluice::expression
