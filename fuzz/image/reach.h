// What of an image could have run, by what did: that itself, and what direct jumps and calls lead to from there. A
// lower bound, as other jumps and calls are not followed; it grows with what runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/image/blocks.h"
#include "fuzz/image/code_walk.h"

namespace sluice::image {

class Reach {
 public:
  // `image` is of x86-64 and must outlive this.
  explicit Reach(const ImageFile& image);
  Reach(const Reach&) = delete;
  Reach& operator=(const Reach&) = delete;

  // A block that ran. False: no block of the image begins there, and that says nothing.
  bool enter(std::uint32_t offset);

  // Those of find_blocks() without other entries, in its order.
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
  [[nodiscard]] bool is_reachable(const Block& block) const { return reached_.is_instruction(block.offset); }
  [[nodiscard]] std::size_t num_reachable() const;
  // Of the instruction of a block that begins there.
  [[nodiscard]] std::uint8_t length_at(std::uint32_t offset) const { return whole_.length_at(offset); }

 private:
  const std::vector<std::uint8_t> bytes_;
  CodeWalk whole_;
  CodeWalk reached_;
  std::vector<Block> blocks_;
};

}  // namespace sluice::image
