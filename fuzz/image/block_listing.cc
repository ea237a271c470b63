#include "fuzz/image/block_listing.h"

#include "fuzz/image/blocks.h"
#include "fuzz/image/code_walk.h"
#include "fuzz/image/layout.h"

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
  const std::vector<std::uint8_t> bytes = lay_out(image);
  CodeWalk whole(image, bytes);
  whole.enter_functions();
  CodeWalk reached(image, bytes);
  reached.end_at_functions();
  std::vector<bool> is_hit(image.size);
  for (const std::uint32_t offset : hit) {
    // What is no block of the image begins none of another walk either.
    if (!whole.is_leader(offset)) continue;
    is_hit[offset] = true;
    reached.enter(offset);
  }
  for (const Block& block : whole.blocks()) {
    listing.blocks.push_back({.offset = block.offset,
                              .size = block.size,
                              .address = address_of(image, block.offset),
                              .is_hit = is_hit[block.offset],
                              .is_reachable = reached.is_instruction(block.offset)});
    for (std::uint32_t at = block.offset; at < block.offset + block.size; at += whole.length_at(at)) {
      listing.instructions.push_back(whole.length_at(at));
    }
  }
  return listing;
}

}  // namespace sluice::image
