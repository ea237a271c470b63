// The basic blocks of an x86-64 image, found by following the code from where it can be entered.
#pragma once

#include <cstdint>
#include <vector>

#include "fuzz/image/image_file.h"

namespace sluice::image {

struct Block {
  std::uint32_t offset;
  std::uint32_t size;
};

// From the functions of `image` (entry, symbols, .pdata) and from `entries`; sorted, without overlap. Every block
// begins at an instruction that a jump, a call or the block before leads to; what cannot be decoded ends one. At most a
// million.
std::vector<Block> find_blocks(const ImageFile& image, std::span<const std::uint8_t> mapped_bytes,
                               std::span<const std::uint32_t> entries);

}  // namespace sluice::image
