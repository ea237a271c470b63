// The digest that content, results and releases are known by.
#pragma once

#include <string>
#include <string_view>

#include "validator/bytes/reader.h"

namespace sluice::bytes {

// The 32 bytes.
[[nodiscard]] std::string sha256(View bytes);
[[nodiscard]] std::string sha256(std::string_view bytes);

// `00ff`: lower-case hexadecimal, two digits a byte.
[[nodiscard]] std::string hex(std::string_view bytes);

}  // namespace sluice::bytes
