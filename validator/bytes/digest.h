// SHA-256: what content is known by.
#pragma once

#include <string>

#include "validator/bytes/reader.h"

namespace sluice::bytes {

[[nodiscard]] std::string sha256(View bytes);      // 32 bytes
[[nodiscard]] std::string sha256_hex(View bytes);  // in lower case

}  // namespace sluice::bytes
