// The two formats behind parse_image(), and what both count with.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "fuzz/image/image_file.h"

namespace sluice::image {

// `bytes` begin as the format does; for the rest see ImageFile.
Parsed<ImageFile> parse_pe(std::span<const std::uint8_t> bytes, std::string_view name);
Parsed<ImageFile> parse_elf(std::span<const std::uint8_t> bytes, std::string_view name);

// Whether `size` bytes from `offset` on lie in what has `total`.
constexpr bool is_within(std::uint64_t offset, std::uint64_t size, std::uint64_t total) {
  return offset <= total && size <= total - offset;
}

// `Plain` is a struct of the format, without padding. Nothing where it does not lie in `bytes`.
template <typename Plain>
bool read_plain(std::span<const std::uint8_t> bytes, std::uint64_t offset, Plain& plain) {
  if (!is_within(offset, sizeof plain, bytes.size())) return false;
  std::memcpy(&plain, bytes.data() + offset, sizeof plain);
  return true;
}

// By offset; of those at the same place a function first, then by name; each once.
void sort_symbols(ImageFile& image);

}  // namespace sluice::image
