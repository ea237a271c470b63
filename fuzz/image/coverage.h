// Which blocks of an image run, told by the image as it is: a trap at the begin of each block that goes away when it is
// hit. What has run once runs at full speed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/image/blocks.h"
#include "fuzz/image/mapped.h"

namespace sluice::image {

// Block i of blocks() counts in counters[i % their number] and in hits()[i]. One thread runs the image.
//
// A block may begin where Breakpoints has a trap, if that was set before arm(): the first time both serve it, the
// handler asks on_trap() first, and the trap that is met again is the breakpoint's.
class Coverage {
 public:
  // Blocks that are not code of the image are left out, those that are there twice are one. Both `mapped` and
  // `counters` must outlive this. Nothing is armed yet.
  Coverage(const Mapped& mapped, std::vector<Block> blocks, std::span<volatile std::uint8_t> counters);

  // Counts there from now on; before arm().
  void count_in(std::span<volatile std::uint8_t> counters) { counters_ = counters; }

  // Sets the traps that are not set; from what was hit, too.
  void arm();
  // Takes all of them away: the image is as it was before arm().
  void disarm();

  // Whether the trap at `address`, that of the int3, is one of these: then it is gone, the block counted, and the
  // handler sets the program counter back to `address`. Signal-safe.
  bool on_trap(std::uintptr_t address);

  // Begins another input: sets the traps of the blocks that the last one hit, and forgets the hits. What a mode that
  // records every block of each input calls between them.
  void rearm_hit();
  // Begins another input, for which only blocks count that no input has hit.
  void forget_hits();

  // What was known first after `num_known` blocks is not known any more, and traps again.
  void forget_known(std::size_t num_known);

  // Begins a run of which every block counts, whatever has hit it before; end_trace() takes away again what only that
  // run had to have.
  void begin_trace();
  void end_trace();

  // Blocks that the input has hit, and those that any input has.
  [[nodiscard]] std::size_t num_hit() const { return num_hit_; }
  [[nodiscard]] std::size_t num_known() const { return num_known_; }
  // The latter as indices of blocks(), in the order in which they were hit first.
  [[nodiscard]] std::span<const std::uint32_t> known() const { return std::span(known_).first(num_known_); }
  [[nodiscard]] std::span<const std::uint8_t> hits() const { return hits_; }
  [[nodiscard]] std::span<const Block> blocks() const { return blocks_; }

 private:
  void set_trap(std::size_t index);
  template <typename Change>
  void change_code(Change change);

  const Mapped* mapped_;
  std::vector<Block> blocks_;  // sorted
  std::span<volatile std::uint8_t> counters_;
  std::vector<std::uint8_t> replaced_;  // the bytes that traps stand on
  std::vector<std::uint8_t> is_armed_;
  std::vector<std::uint8_t> hits_;         // 0 or 1
  std::vector<std::uint32_t> hit_blocks_;  // of which the first num_hit_ are indices of hits
  std::size_t num_hit_ = 0;
  std::vector<std::uint8_t> is_known_;  // hit by any input
  std::vector<std::uint32_t> known_;    // of which the first num_known_ are
  std::size_t num_known_ = 0;
};

}  // namespace sluice::image
