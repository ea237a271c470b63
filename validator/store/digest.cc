#include "validator/store/digest.h"

#include "validator/bytes/sha256.h"

namespace sluice::store {

Digest& Digest::add(std::string_view name, std::string_view value) {
  inputs_.text(name).text(value);
  return *this;
}

Digest& Digest::add(std::string_view name, std::uint64_t value) { return add(name, std::to_string(value)); }

std::string Digest::hex() const { return bytes::hex(bytes::sha256(inputs_.packed())); }

}  // namespace sluice::store
