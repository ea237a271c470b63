// What .pdata says of a frame on x86-64.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fuzz/image/image_file.h"
#include "fuzz/image/unwind_format.h"

namespace sluice::image {

// The rows whose function begins before it ends; sorted. `bytes` are the image, laid out. None of another processor's.
std::vector<UnwindEntry> read_unwind_entries(const ImageFile& image, std::span<const std::uint8_t> bytes);

// A part of another function, which goes on there with the other's frame.
bool is_chained(std::span<const std::uint8_t> bytes, const UnwindEntry& entry);

// What the function's prologue takes from the stack: pushes and allocations. Nothing where the codes make no sense.
std::optional<std::uint32_t> frame_size(std::span<const std::uint8_t> bytes, const UnwindEntry& entry);

}  // namespace sluice::image
