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
  // What it has, `times` times, one behind the other.
  void repeat(std::uint32_t times);
};

// More nodes than this are not built.
inline constexpr std::size_t kMostFragmentNodes = 20'000;

// Appends to `out` the member at `site`: an array with as few elements as its count may be, or the value. Each field
// has its least valid value, as far as that is a constant. What is conditional, switched or placed is left out: whoever
// puts the fragment into a file lets `repair` add what its fields say is there. All nodes are fresh.
//
// False: the member holds itself without an end, or is too large to be worth it; `out` is then not to be used.
[[nodiscard]] bool build_member(const Format& format, SiteId site, Fragment& out);
// The same for one value of it, or one element of its array. `data` is that of the member, or one of its cases.
[[nodiscard]] bool build_value(const Format& format, SiteId site, const schema::DataType& data, Fragment& out);

// The root structure, as a whole file that nobody has repaired.
[[nodiscard]] bool build_root(const Format& format, Fragment& out);

// A whole file of the least of everything, repaired; empty if there is none without an end. Whether `check` accepts it
// depends on how much of what the schema demands can be computed backwards.
[[nodiscard]] std::vector<std::uint8_t> minimal(const Format& format);

}  // namespace sluice::mutate
