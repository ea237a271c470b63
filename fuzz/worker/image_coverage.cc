// Which blocks of an image run: counted in memory that outlives a child that faults.
#include <algorithm>

#include "fuzz/image/block_listing.h"
#include "fuzz/image/blocks.h"
#include "fuzz/image/layout.h"
#include "fuzz/worker/fault.h"
#include "fuzz/worker/image.h"

namespace sluice::worker {

void Image::count_blocks() {
  const std::vector<std::uint8_t> bytes = image::lay_out(*file_);
  coverage_ = std::make_unique<image::Coverage>(*mapped_, image::find_blocks(*file_, bytes, {}), shared->block_hits);
  const std::span<const image::Block> blocks = coverage_->blocks();
  const std::size_t count = std::min(blocks.size(), kMaxBlocks);
  for (std::size_t i = 0; i < count; ++i) shared->block_offsets[i] = blocks[i].offset;
  shared->num_blocks = static_cast<std::uint32_t>(count);
  shared->counts_blocks = 1;
}

void Image::begin_counting() {
  if (coverage_ == nullptr) return;
  if (is_counting_) {
    coverage_->rearm_hit();
  } else {
    coverage_->forget_hits();
    coverage_->arm();
  }
  is_counting_ = true;
}

void Image::stop_counting() {
  if (is_counting_) coverage_->disarm();
  is_counting_ = false;
}

bool Image::serve_block(ucontext_t& context) const {
  if (!is_counting_) return false;
  greg_t& pc = context.uc_mcontext.gregs[REG_RIP];
  if (!coverage_->on_trap(static_cast<std::uintptr_t>(pc) - 1)) return false;
  --pc;
  return true;
}

void Image::list_blocks(std::span<const std::uint32_t> hit) const {
  shared->num_listed = shared->num_instructions = 0;
  if (coverage_ == nullptr) return;
  const image::BlockListing listing = image::list_blocks(*file_, hit);
  if (listing.blocks.size() > kMaxBlocks || listing.instructions.size() > kMaxInstructions) return;
  for (std::size_t i = 0; i < listing.blocks.size(); ++i) {
    const image::ListedBlock& block = listing.blocks[i];
    shared->listed[i] = {.offset = block.offset,
                         .size = block.size,
                         .address = block.address,
                         .flags = (block.is_hit ? kBlockHit : 0) | (block.is_reachable ? kBlockReachable : 0),
                         .reserved = 0};
  }
  std::ranges::copy(listing.instructions, shared->instructions);
  shared->num_listed = static_cast<std::uint32_t>(listing.blocks.size());
  shared->num_instructions = static_cast<std::uint32_t>(listing.instructions.size());
}

}  // namespace sluice::worker
