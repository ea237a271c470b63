// What a schema lets a field be, over the file at hand.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

struct Bounds {
  Integer min = 0;
  Integer max = 0;
};

// Of a number: by its `valid` as far as that has bounds, else what its type can hold. A bound that is not a constant
// is computed from the file; what cannot be computed does not bound.
[[nodiscard]] Bounds bounds_of(const Tree& tree, NodeId node);

// The same for all numbers of a member; empty: they are not the same in every file.
[[nodiscard]] std::optional<Bounds> constant_bounds(const schema::Member& member);

// Of a byte: whether it can be both a digit and a letter. One of fewer values is a number, whose bounds say more of it.
[[nodiscard]] bool is_character(const schema::Member& member);

// Values that the schema names for a number: its bounds, what `valid` lists, the members of its enum. Each once, in the
// order of the schema, and no more than `most` of what is listed.
[[nodiscard]] std::vector<Integer> named_values(const Tree& tree, NodeId node, std::size_t most = SIZE_MAX);

// Which case of its switch a node was made by; empty: none, or it is not switched.
[[nodiscard]] std::optional<std::size_t> case_of(const Tree& tree, NodeId node);

}  // namespace sluice::mutate
