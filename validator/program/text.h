// Text encodings: what is valid, and what it is in UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "validator/bytes/reader.h"

namespace sluice::program {

// The position of the first byte that is not valid, or empty.
[[nodiscard]] std::optional<std::uint64_t> first_invalid_ascii(bytes::View bytes);
[[nodiscard]] std::optional<std::uint64_t> first_invalid_utf8(bytes::View bytes);

// Whether `encoding` (a canonical name) needs no conversion, only a look.
enum class Simple : std::uint8_t { no, ascii, utf8 };
[[nodiscard]] Simple is_simple(std::string_view encoding);

// Decodes to UTF-8, or from it. Returns false and the position of the first byte that cannot be converted; `out` then
// holds what came before. An encoding that the host does not know fails at 0.
[[nodiscard]] bool decode(std::string_view encoding, bytes::View bytes, std::string& out, std::uint64_t& invalid_at);
[[nodiscard]] bool encode(std::string_view encoding, std::string_view utf8, std::string& out);

// Code points of valid UTF-8.
[[nodiscard]] std::uint64_t count_code_points(std::string_view utf8);
// The byte position of code point `index`, at most the size.
[[nodiscard]] std::size_t code_point_position(std::string_view utf8, std::uint64_t index);

}  // namespace sluice::program
