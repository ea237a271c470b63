// Bytes as attestations write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "validator/bytes/reader.h"

namespace sluice::attestation {

[[nodiscard]] inline bytes::View view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Whether it is the SHA-256 of something: 64 digits, in lower case.
[[nodiscard]] bool is_sha256_hex(std::string_view text);

// With the standard alphabet and padding.
[[nodiscard]] std::string to_base64(bytes::View bytes);

// By the standard alphabet or the URL-safe one, not by both at once, padded. A text is refused if to_base64 would not
// have given it: two texts with one meaning are one too many.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace sluice::attestation
