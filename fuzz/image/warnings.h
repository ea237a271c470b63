// Where a Linux module goes on behind a WARN(), which is a ud2 to the processor and ends nothing to the kernel.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/image/image_file.h"

namespace sluice::image {

// A bit for each of `bytes`, the image's. The entries of __bug_table are those that kernel_tables.h says.
std::vector<bool> places_behind_warnings(const ImageFile& image, std::span<const std::uint8_t> bytes);

}  // namespace sluice::image
