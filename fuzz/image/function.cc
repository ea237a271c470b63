#include "fuzz/image/function.h"

#include <algorithm>
#include <unordered_map>

namespace sluice::image {

namespace {

// Decodes what the function's begin leads to.
class FunctionReader {
 public:
  FunctionReader(const Code& code, std::size_t limit, Function& function)
      : code_(code), limit_(limit), function_(function) {}

  void read() {
    add(function_.offset);
    while (!pending_.empty()) {
      const std::uint32_t offset = pending_.back();
      pending_.pop_back();
      follow(offset);
    }
    std::ranges::sort(function_.operations, {}, &Operation::offset);
    make_blocks();
    connect();
  }

 private:
  [[nodiscard]] bool is_ours(std::uint64_t offset) const {
    if (offset >= code_.bytes.size() || !(*code_.is_code)[offset]) return false;
    return offset == function_.offset || !(*code_.is_function)[offset];
  }

  void add(std::uint64_t offset) {
    if (!is_ours(offset)) return;
    const auto narrow = static_cast<std::uint32_t>(offset);
    if (leaders_.insert(narrow).second) pending_.push_back(narrow);
  }

  void follow(std::uint32_t offset) {
    while (is_ours(offset) && !known_.contains(offset)) {
      if (function_.operations.size() >= limit_) {
        function_.is_cut = true;
        return;
      }
      Operation operation;
      if (!code_.processor->read(rest_from(offset), offset, operation)) return;
      const std::uint32_t next = offset + operation.length;
      const bool is_resumed = next < code_.bytes.size() && (*code_.is_resumed)[next];
      if (operation.flow == Flow::stop && is_resumed) operation.flow = Flow::next;
      known_.insert(offset);
      function_.operations.push_back(operation);
      if (operation.flow == Flow::jump && operation.is_indirect) {
        follow_table(operation);
        return;
      }
      if (operation.flow == Flow::jump || operation.flow == Flow::branch) add(operation.target);
      if (operation.flow == Flow::branch) add(next);
      if (operation.flow == Flow::call && operation.is_indirect) ++function_.num_unknown_calls;
      if (operation.flow != Flow::next && operation.flow != Flow::call) return;
      offset = next;
    }
  }

  [[nodiscard]] std::span<const std::uint8_t> rest_from(std::uint32_t offset) const {
    return code_.bytes.subspan(offset, std::min<std::size_t>(16, code_.bytes.size() - offset));
  }

  // In front of the jump is what was read before it, also of another block: compilers put the bound and the table's
  // address there.
  void follow_table(const Operation& jump) {
    constexpr std::size_t kMany = 48;
    constexpr std::size_t kMostTargets = 1u << 16;  // of a function
    const std::span<const Operation> all(function_.operations);
    const std::span before = all.first(all.size() - 1).last(std::min(kMany, all.size() - 1));
    std::vector<std::uint32_t> targets;
    if (num_targets_ < kMostTargets) targets = read_jump_table(code_, before, jump);
    if (targets.empty()) ++function_.num_unknown_jumps;
    for (const std::uint32_t target : targets) add(target);
    num_targets_ += targets.size();
    if (!targets.empty()) tables_[jump.offset] = std::move(targets);
  }

  void make_blocks() {
    auto& operations = function_.operations;
    for (std::uint32_t i = 0; i < operations.size(); ++i) {
      const bool follows = i > 0 && operations[i - 1].offset + operations[i - 1].length == operations[i].offset;
      const bool ends_before = i > 0 && operations[i - 1].flow != Flow::next && operations[i - 1].flow != Flow::call;
      if (i == 0 || !follows || ends_before || leaders_.contains(operations[i].offset)) {
        function_.blocks.push_back({.first = i});
        block_at_[operations[i].offset] = static_cast<std::uint32_t>(function_.blocks.size() - 1);
      }
      ++function_.blocks.back().size;
    }
    function_.first_block = block_of(function_.offset);
  }

  [[nodiscard]] std::uint32_t block_of(std::uint64_t offset) const {
    if (offset >= code_.bytes.size()) return kNoBlock;
    const auto found = block_at_.find(static_cast<std::uint32_t>(offset));
    return found == block_at_.end() ? kNoBlock : found->second;
  }

  void connect() {
    for (std::uint32_t i = 0; i < function_.blocks.size(); ++i) {
      FlowBlock& block = function_.blocks[i];
      const Operation& last = function_.last(block);
      if (last.flow == Flow::jump || last.flow == Flow::branch) block.taken = block_of(last.target);
      if (last.flow != Flow::jump && last.flow != Flow::stop) block.next = block_of(last.offset + last.length);
      if (const auto table = tables_.find(last.offset); table != tables_.end()) {
        for (const std::uint32_t target : table->second) {
          if (block_of(target) != kNoBlock) block.others.push_back(block_of(target));
        }
      }
      lead(i, block.taken);
      if (block.next != block.taken) lead(i, block.next);
      for (const std::uint32_t other : block.others) lead(i, other);
    }
  }

  void lead(std::uint32_t from, std::uint32_t to) {
    if (to != kNoBlock) function_.blocks[to].before.push_back(from);
  }

  const Code& code_;
  std::size_t limit_;
  Function& function_;
  std::vector<std::uint32_t> pending_;
  std::size_t num_targets_ = 0;
  std::unordered_set<std::uint32_t> known_;
  std::unordered_set<std::uint32_t> leaders_;
  std::unordered_map<std::uint32_t, std::uint32_t> block_at_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> tables_;  // targets of jumps, each once
};

}  // namespace

Function read_function(const Code& code, std::uint32_t offset, std::size_t limit) {
  Function function{.offset = offset};
  FunctionReader(code, limit, function).read();
  find_dominators(function);
  return function;
}

}  // namespace sluice::image
