#include "validator/bytes/digest.h"

#include <openssl/evp.h>

#include <array>
#include <cstdlib>

namespace sluice::bytes {

std::string sha256(View bytes) {
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) std::abort();
  return {digest.begin(), digest.end()};
}

std::string sha256_hex(View bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : sha256(bytes)) {
    const auto byte = static_cast<std::uint8_t>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

}  // namespace sluice::bytes
