// UTF-8, one code point at a time.
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice::bytes {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;  // bytes it takes; 0: these bytes are not UTF-8, or there are none
};

// The first code point of `text`. Overlong forms, surrogates and values above U+10FFFF are not UTF-8.
[[nodiscard]] CodePoint first_code_point(std::string_view text);

// The length of the longest prefix of `text` that is UTF-8; `text.size()` if all of it is.
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view text);

}  // namespace sluice::bytes
