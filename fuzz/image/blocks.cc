#include "fuzz/image/blocks.h"

#include "fuzz/image/code_walk.h"

namespace sluice::image {

std::vector<Block> find_blocks(const ImageFile& image, std::span<const std::uint8_t> mapped_bytes,
                               std::span<const std::uint32_t> entries) {
  if (image.machine != Machine::x86_64) return {};
  CodeWalk walk(image, mapped_bytes);
  walk.enter_functions();
  for (const std::uint32_t entry : entries) walk.enter(entry);
  return walk.blocks();
}

}  // namespace sluice::image
