// The basic blocks of an image as a worker lists them, checked (docs/worker-protocol.md, "Blocks").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::run {

inline constexpr std::uint32_t kLargestImage = 64u << 20;

struct CodeBlock {
  std::uint32_t offset = 0;  // rising from block to block, without overlap
  std::uint32_t size = 0;
  std::optional<std::uint64_t> address = {};  // what symbolizers know the offset by
  bool is_hit = false;
  bool is_reachable = false;
  std::size_t first = 0;  // of its instructions, an index of BlockList::lengths
};

struct BlockList {
  std::vector<CodeBlock> blocks;
  std::vector<std::uint8_t> lengths;  // of instructions, block after block

  // The addresses of a block's instructions; none where the block has none.
  [[nodiscard]] std::vector<std::uint64_t> instructions(const CodeBlock& block) const;
};

struct BlocksAnswer {
  std::optional<BlockList> list;  // none: the worker counts no blocks of this target
};

// Empty, with `problem` filled, where the worker could not list them, or the answer is not what the protocol allows.
[[nodiscard]] std::optional<BlocksAnswer> read_blocks_answer(std::string_view json, std::string_view blob,
                                                             std::uint64_t id, std::string& problem);

}  // namespace sluice::run
