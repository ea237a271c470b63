// Follows the code of an x86-64 image from where it can be entered: which bytes are instructions, and where blocks
// begin. Indirect jumps are not followed: what a jump table leads to is found where symbols or .pdata name it, or an
// entry. Each byte belongs to one instruction, the one that was found first; so the work grows with the image alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/image/blocks.h"
#include "fuzz/image/image_file.h"

namespace sluice::image {

struct Instruction;

class CodeWalk {
 public:
  // Both must outlive this. Beyond the end of `mapped_bytes` nothing is read.
  CodeWalk(const ImageFile& image, std::span<const std::uint8_t> mapped_bytes);

  // Functions of the image: its entry, symbols, .pdata. Then walks.
  void enter_functions();
  // Walks from there, and from all that follows. A place in the middle of a known instruction is passed over: a trap
  // written there would change that instruction.
  void enter(std::uint32_t offset);
  // Functions of the image are where nothing runs across, and are not walked.
  void end_at_functions();

  [[nodiscard]] std::vector<Block> blocks() const;
  // Whether one of blocks() begins there.
  [[nodiscard]] bool is_leader(std::uint32_t offset) const;
  // Whether an instruction that was walked begins there; of these the length, of others 0.
  [[nodiscard]] bool is_instruction(std::uint32_t offset) const { return length_at(offset) != 0; }
  [[nodiscard]] std::uint8_t length_at(std::uint32_t offset) const;

 private:
  static constexpr std::uint8_t kInside = 0xFF;  // not the first byte of its instruction

  // Those of .pdata, their ends noted.
  [[nodiscard]] std::vector<std::uint32_t> unwound_functions();
  void add(std::uint64_t offset);
  void follow_all();
  void follow(std::uint32_t offset);
  // The length of the instruction, which is then known; 0 where there is none, or where it would overlap another.
  std::uint32_t claim(std::uint32_t offset, Instruction& instruction);
  [[nodiscard]] bool is_code(std::uint64_t offset) const;

  const ImageFile* image_;
  std::span<const std::uint8_t> bytes_;
  std::vector<std::uint8_t> lengths_;  // by offset: of the instruction that begins there; 0: not known
  std::vector<bool> is_code_;
  std::vector<bool> is_leader_;
  std::vector<bool> is_end_;      // of a function: nothing runs across
  std::vector<bool> is_resumed_;  // behind a ud2 that the kernel goes on behind
  std::vector<std::uint32_t> pending_;
  std::size_t num_leaders_ = 0;
};

}  // namespace sluice::image
