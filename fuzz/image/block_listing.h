// All blocks of an image for a report: where symbolizers know them, what they are made of, and which ones could have
// run.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/image/image_file.h"

namespace sluice::image {

// In a section of an ELF module that is not .text: all of its sections begin at 0.
inline constexpr std::uint64_t kNoAddress = UINT64_MAX;

struct ListedBlock {
  std::uint32_t offset;
  std::uint32_t size;
  std::uint64_t address;  // what symbolizers know `offset` by, less the image's base; or kNoAddress
  bool is_hit;
  bool is_reachable;
};

struct BlockListing {
  std::vector<ListedBlock> blocks;         // those of find_blocks() without other entries, in its order
  std::vector<std::uint8_t> instructions;  // their lengths, block after block: those of one add up to its size
};

// `hit` are offsets of blocks that ran, in any order; what is no block's begin says nothing. Reachable: by reach.h.
BlockListing list_blocks(const ImageFile& image, std::span<const std::uint32_t> hit);

}  // namespace sluice::image
