// The digest of a set of named inputs: what a result depends on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "validator/bytes/packed.h"

namespace sluice::store {

// The same names with the same values in the same order have the same digest, and nothing else has.
class Digest {
 public:
  Digest& add(std::string_view name, std::string_view value);
  Digest& add(std::string_view name, std::uint64_t value);

  // 64 digits, lower case.
  [[nodiscard]] std::string hex() const;

 private:
  bytes::Packer inputs_;
};

}  // namespace sluice::store
