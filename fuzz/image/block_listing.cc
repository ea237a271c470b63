#include "fuzz/image/block_listing.h"

#include "fuzz/image/reach.h"

namespace sluice::image {

namespace {

std::uint64_t address_of(const ImageFile& image, std::uint32_t offset) {
  const Section* section = section_at(image, offset);
  if (section == nullptr || (image.format == Format::elf && section->name != ".text")) return kNoAddress;
  return section->file_address + (offset - section->offset);
}

}  // namespace

BlockListing list_blocks(const ImageFile& image, std::span<const std::uint32_t> hit) {
  BlockListing listing;
  if (image.machine != Machine::x86_64) return listing;
  Reach reach(image);
  std::vector<bool> is_hit(image.size);
  for (const std::uint32_t offset : hit) {
    if (reach.enter(offset)) is_hit[offset] = true;
  }
  for (const Block& block : reach.blocks()) {
    listing.blocks.push_back({.offset = block.offset,
                              .size = block.size,
                              .address = address_of(image, block.offset),
                              .is_hit = is_hit[block.offset],
                              .is_reachable = reach.is_reachable(block)});
    for (std::uint32_t at = block.offset; at < block.offset + block.size; at += reach.length_at(at)) {
      listing.instructions.push_back(reach.length_at(at));
    }
  }
  return listing;
}

}  // namespace sluice::image
