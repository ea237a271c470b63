// A function's control flow: its blocks, what leads to what, which block every way to another goes through.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "fuzz/image/operation.h"

namespace sluice::image {

inline constexpr std::uint32_t kNoBlock = UINT32_MAX;

struct FlowBlock {
  std::uint32_t first = 0;  // operation, and their number
  std::uint32_t size = 0;
  std::uint32_t taken = kNoBlock;       // where the last operation jumps or branches to
  std::uint32_t next = kNoBlock;        // where it goes on
  std::vector<std::uint32_t> others{};  // of a jump by a table
  std::vector<std::uint32_t> before{};  // what leads here; each once

  std::uint32_t dominator = kNoBlock;  // the nearest other; of the first block and what cannot be reached none
  std::uint32_t enter = 0;             // when a walk of the dominators' tree comes to it and leaves it
  std::uint32_t leave = 0;
};

struct Function {
  std::uint32_t offset = 0;
  bool is_cut = false;                  // there is more than was read
  std::uint32_t num_unknown_jumps = 0;  // that lead where nothing says
  std::uint32_t num_unknown_calls = 0;  // by a register or by memory
  std::vector<Operation> operations{};  // by offset
  std::vector<FlowBlock> blocks{};      // by offset
  std::uint32_t first_block = kNoBlock;
  std::vector<std::uint32_t> order{};  // the blocks that are reached, each before what it leads to, loops aside

  [[nodiscard]] const Operation& last(const FlowBlock& block) const { return operations[block.first + block.size - 1]; }
  [[nodiscard]] std::span<const Operation> of(const FlowBlock& block) const {
    return std::span(operations).subspan(block.first, block.size);
  }
  // Whether every way from the function's begin to `other` goes through `block`.
  [[nodiscard]] bool dominates(std::uint32_t block, std::uint32_t other) const {
    return blocks[block].enter <= blocks[other].enter && blocks[other].leave <= blocks[block].leave;
  }
};

// What a function is read from.
struct Code {
  const ImageFile* image = nullptr;
  std::span<const std::uint8_t> bytes{};           // as lay_out() makes them
  const std::vector<bool>* is_code = nullptr;      // by offset
  const std::vector<bool>* is_function = nullptr;  // by offset: begins one
  const std::vector<bool>* is_resumed = nullptr;   // by offset: runs on behind what otherwise ends
  Processor* processor = nullptr;
};

// From `offset` on, which lies in code; at most `limit` operations. What jumps to another function leaves this one, and
// so does what would run into it.
Function read_function(const Code& code, std::uint32_t offset, std::size_t limit);

// Sets the blocks' dominators, in time that grows almost as they do (Lengauer and Tarjan's way, without balancing).
void find_dominators(Function& function);

// Where a jump by a table leads to, if it is of a shape that compilers write; otherwise nothing. `before` are the
// operations in front of it.
std::vector<std::uint32_t> read_jump_table(const Code& code, std::span<const Operation> before, const Operation& jump);

}  // namespace sluice::image
