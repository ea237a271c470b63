#include "fuzz/image/compared.h"

#include <algorithm>
#include <optional>

namespace sluice::image {

namespace {

constexpr std::int64_t kMostCases = 64;

class Collector {
 public:
  Collector(const Function& function, Values& values, std::size_t limit, std::set<Constant>& constants)
      : function_(function), values_(values), limit_(limit), constants_(constants) {}

  void collect() {
    for (const std::uint32_t block : function_.order) {
      values_.enter(block);
      for (const Operation& operation : function_.of(function_.blocks[block])) {
        if (operation.comparison.is_there) compare(block, operation);
        values_.step(operation);
      }
    }
  }

 private:
  void compare(std::uint32_t block, const Operation& operation) {
    const Comparison& comparison = operation.comparison;
    const Value left = values_.of(comparison.left, operation.offset);
    const Value right = values_.of(comparison.right, operation.offset);
    const auto left_number = values_.number(left);
    const auto right_number = values_.number(right);
    if (left_number.has_value() == right_number.has_value()) return;
    const Value& value = right_number ? left : right;
    if (!is_input(value) || is_counter(block, value)) return;
    const std::int64_t number = right_number ? *right_number : *left_number;
    const std::uint8_t size = size_of(value, comparison.size);
    const std::int64_t addend = value.is_exact ? value.addend : 0;
    if (is_table(block, number)) {
      for (std::int64_t i = 0; i <= number; ++i) add(i, addend, size);
    } else {
      add(number, addend, size);
      if (addend != 0) add(0, addend, size);  // x - 'A' <= 25
    }
  }

  [[nodiscard]] bool is_input(const Value& value) const {
    switch (values_.root(value).kind) {
      case Root::Kind::argument:
      case Root::Kind::loaded:
      case Root::Kind::merged:
      case Root::Kind::masked:
      case Root::Kind::defined: return value.root != 0;
      default: return false;
    }
  }

  // Compared where a loop ends, and merged where it begins.
  [[nodiscard]] bool is_counter(std::uint32_t index, const Value& value) const {
    const Root& root = values_.root(value);
    const FlowBlock& block = function_.blocks[index];
    return root.kind == Root::Kind::merged && (block.taken == root.a || block.next == root.a);
  }

  // Of what was read, where that is known: a byte is extended before it is compared.
  [[nodiscard]] std::uint8_t size_of(const Value& value, std::uint8_t compared) const {
    if (value.read_at == 0) return compared;
    const auto at = std::ranges::lower_bound(function_.operations, value.read_at, {}, &Operation::offset);
    if (at == function_.operations.end() || at->offset != value.read_at) return compared;
    for (std::size_t i = 0; i < at->num_effects; ++i) {
      if (at->effects[i].kind == Effect::Kind::load) return std::min(at->effects[i].place.size, compared);
    }
    return compared;
  }

  // Whether the block, or one that it leads to, jumps by a table: the number is that of the last case.
  [[nodiscard]] bool is_table(std::uint32_t index, std::int64_t number) const {
    if (number < 0 || number > kMostCases) return false;
    const FlowBlock& block = function_.blocks[index];
    const auto has_table = [&](std::uint32_t one) { return one != kNoBlock && !function_.blocks[one].others.empty(); };
    return has_table(index) || has_table(block.taken) || has_table(block.next);
  }

  void add(std::int64_t number, std::int64_t addend, std::uint8_t size) {
    if (constants_.size() >= limit_) return;
    if (size != 1 && size != 2 && size != 4 && size != 8) return;
    std::uint64_t value = static_cast<std::uint64_t>(number) - static_cast<std::uint64_t>(addend);
    const unsigned bits = size * 8u;
    const std::uint64_t mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
    // A number that what was read cannot be: the comparison is of something else.
    const std::uint64_t high = value & ~mask;
    if (high != 0 && high != ~mask) return;
    constants_.insert({.value = value & mask, .size = size});
  }

  const Function& function_;
  Values& values_;
  std::size_t limit_;
  std::set<Constant>& constants_;
};

}  // namespace

void collect_constants(const Function& function, Values& values, std::size_t limit, std::set<Constant>& constants) {
  Collector(function, values, limit, constants).collect();
}

}  // namespace sluice::image
