// The smallest subtree that the schema allows, from the schema alone.
#pragma once

#include <cstdint>
#include <vector>

#include "fuzz/mutate/format.h"
#include "fuzz/mutate/node.h"
#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

// A subtree and its bytes, apart from any file. Node numbers and ranges count from 0; the first node's parent is
// kNoNode.
struct Fragment {
  std::vector<Node> nodes;
  std::vector<std::uint8_t> bytes;
  void clear() {
    nodes.clear();
    bytes.clear();
  }
};

// One element of the array at `site`, or the whole member if it does not repeat: each field its least valid value, each
// repeat as few elements as its count may be, nothing of what is conditional but what its fields say. `type` picks the
// structure where the member is switched; kNoType: the first case.
//
// Every node is fresh; fields that are computed from the rest of the file are for `repair` to fill. False: the member
// holds itself without an end, or is larger than any file.
[[nodiscard]] bool build_minimal(const Format& format, SiteId site, schema::TypeId type, Fragment& out);

// A whole file of the least of everything, repaired. Whether `check` accepts it depends on how much of what the schema
// demands is an equation.
[[nodiscard]] Tree minimal(const Format& format);

}  // namespace sluice::mutate
