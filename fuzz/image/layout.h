// An image as bytes to be read and not run: laid out as it would be mapped at 0, its imports behind it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "fuzz/image/image_file.h"

namespace sluice::image {

// Where import i is said to lie: behind the image, so that it is taken for none of its places.
constexpr std::uint64_t import_address(const ImageFile& image, std::uint32_t import) {
  return std::uint64_t{image.size} + std::uint64_t{import} * 16;
}
// The index of the import that lies there; nothing where none does.
std::optional<std::uint32_t> import_at(const ImageFile& image, std::uint64_t address);

// Of image.size bytes, with the fixups done. A value that does not fit its place is cut.
std::vector<std::uint8_t> lay_out(const ImageFile& image);

}  // namespace sluice::image
