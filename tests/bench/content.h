// Content to measure with: the same bytes on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sluice::bench {

using Bytes = std::vector<std::uint8_t>;

// A content channel (schemas.h), right in every field, at least `size` bytes and a record more at the most: 1 template
// type for 64 KiB of file, 1 to 7 criteria an instance, values of 0 to 24 bytes.
[[nodiscard]] Bytes channel_content(std::size_t size);

// A table of 16-byte records (schemas.h), right in every field; `size` is a multiple of 16.
[[nodiscard]] Bytes records_content(std::size_t size);

void write_file(const std::string& path, const Bytes& bytes);
[[nodiscard]] Bytes read_file(const std::string& path);

}  // namespace sluice::bench
