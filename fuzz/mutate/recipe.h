// What a mutation did, to be done again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/mutate/node.h"
#include "validator/expression/integer.h"

namespace sluice::mutate {

enum class Verb : std::uint8_t {
  set_field,
  grow_count,
  duplicate,
  erase,  // `delete`
  swap_siblings,
  splice,
  retype,
  point_past_end,
  overlap,
  make_cycle,
  truncate_at_field,
  zero_sector,
  use_unused_field,
  insert_new,
  change_bytes,
  lengthen,
  insert_text,
};
inline constexpr std::size_t kVerbs = 17;
[[nodiscard]] std::string_view name_of(Verb verb);

// A verb with all its numbers drawn. Node numbers are of the tree that it is applied to: as the steps before left it.
struct Step {
  Verb verb = Verb::set_field;
  NodeId node = kNoNode;
  NodeId other = kNoNode;  // the second of two
  std::uint64_t seed = 0;  // for what repair may choose; splice: which file the other node is of
  Integer value = 0;       // of a field; how many; an offset
  bool keeps = false;      // the value stays though it is not valid; make_cycle: a chain, no circle
  std::uint32_t from = 0;  // change_bytes, insert_text: the new bytes, in Recipe::payload
  std::uint32_t size = 0;
};

enum class RepairMode : std::uint8_t { all, sums, none, but_one };

struct Recipe {
  std::vector<Step> steps;
  std::vector<std::uint8_t> payload;
  RepairMode repair = RepairMode::all;
  std::uint32_t left_wrong = 0;  // but_one: which tie
  std::uint64_t seed = 0;        // of the repair
  // The content could not be read, or was not worth it: `payload` is what became of it.
  bool is_replaced = false;

  void clear();
};

// One line a step, and one for the repair. `parse_recipe` reads it back; empty: it is not such a text.
[[nodiscard]] std::string print(const Recipe& recipe);
[[nodiscard]] std::optional<Recipe> parse_recipe(std::string_view text);

}  // namespace sluice::mutate
