// The reversible transformations that `process` names, and the checksums of `-sluice-checksum`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "validator/bytes/reader.h"
#include "validator/bytes/sha256.h"

namespace sluice::program {

// `out` has as many bytes as `in` and may be the same memory. `key` is not empty.
void xor_with(bytes::View in, bytes::View key, std::uint8_t* out);
void rotate_left(bytes::View in, unsigned bits, std::uint8_t* out);  // bits 0..7

// What a zlib stream at the beginning of `in` decodes to, without keeping it. It ends at corrupt data and past `limit`;
// what it cost until then is told all the same.
struct Inflated {
  std::uint64_t consumed = 0;  // bytes of `in`; once it is complete, what follows is not part of it
  std::uint64_t produced = 0;
  bool complete = false;
  std::string reason = {};  // why it is corrupt
};
[[nodiscard]] Inflated measure_inflated(bytes::View in, std::uint64_t limit);
// Decodes into `out`, which has exactly the size that measure_inflated gave.
[[nodiscard]] bool inflate_into(bytes::View in, std::uint8_t* out, std::uint64_t size);

enum class ChecksumAlgorithm : std::uint8_t { none, crc32, adler32, sum8, sum16, sum32, sha256 };
[[nodiscard]] std::string_view name_of(ChecksumAlgorithm algorithm);
// All but sha256, which is no number (bytes/sha256.h).
[[nodiscard]] std::uint64_t checksum(ChecksumAlgorithm algorithm, bytes::View bytes);

}  // namespace sluice::program
