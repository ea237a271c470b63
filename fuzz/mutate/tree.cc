#include "fuzz/mutate/tree.h"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::mutate {

NodeId Tree::element_of(NodeId array, std::uint64_t n) const {
  const NodeId end = nodes_[array].end;
  // Elements without children stand at their index.
  if (n < end - array && array + 1 + n < end && nodes_[array + 1 + n].parent == array &&
      nodes_[array + 1 + n].index == n) {
    return static_cast<NodeId>(array + 1 + n);
  }
  // Elements of one shape stand at equal distances.
  if (n < end - array && array + 1 < end) {
    const std::uint64_t guess = array + 1 + n * (nodes_[array + 1].end - array - 1);
    if (guess < end && nodes_[guess].parent == array && nodes_[guess].index == n) return static_cast<NodeId>(guess);
  }
  for (NodeId c = array + 1; c < end; c = nodes_[c].end) {
    if (nodes_[c].index == n) return c;
  }
  return kNoNode;
}

std::uint32_t Tree::count_of(NodeId array) const {
  const NodeId end = nodes_[array].end;
  if (end == array + 1) return 0;
  // Elements are numbered, unless some could not be read.
  if (!nodes_[array].is(node_flag::cut)) {
    NodeId last = end - 1;
    while (nodes_[last].parent != array) last = nodes_[last].parent;
    return nodes_[last].index + 1;
  }
  std::uint32_t count = 0;
  for (NodeId c = array + 1; c < end; c = nodes_[c].end) ++count;
  return count;
}

NodeId Tree::container_of(NodeId id) const {
  NodeId up = nodes_[id].parent;
  while (up != kNoNode && nodes_[up].kind != NodeKind::structure) up = nodes_[up].parent;
  return up;
}

namespace {

// Which bit of the file, counted from the most significant of its first byte, is bit `i` of the number.
struct BitPlace {
  std::uint32_t byte;
  unsigned bit;
};
BitPlace place_of_bit(const Node& node, unsigned i) {
  if (node.is(node_flag::big_endian)) {
    const unsigned at = node.shift + (node.width - 1u - i);
    return {node.from + at / 8, 7 - at % 8};
  }
  const unsigned at = node.shift + i;
  return {node.from + at / 8, at % 8};
}

}  // namespace

Integer least_of(const Node& node) {
  if (!node.is(node_flag::is_signed)) return 0;
  return -(Integer{1} << (node.width * 8 - 1));
}

Integer most_of(const Node& node) {
  if (node.kind == NodeKind::bits) return (Integer{1} << node.width) - 1;
  return (Integer{1} << (node.is(node_flag::is_signed) ? node.width * 8 - 1 : node.width * 8)) - 1;
}

std::uint64_t Tree::bits_of(NodeId id) const {
  const Node& node = nodes_[id];
  std::uint64_t value = 0;
  if (node.kind == NodeKind::bits) {
    for (unsigned i = 0; i < node.width; ++i) {
      const BitPlace p = place_of_bit(node, i);
      value |= static_cast<std::uint64_t>(bytes_[p.byte] >> p.bit & 1) << i;
    }
    return value;
  }
  const std::uint8_t* at = bytes_.data() + node.from;
  if (node.width == 1) {
    value = *at;
  } else if (node.is(node_flag::big_endian)) {
    for (unsigned i = 0; i < node.width; ++i) value = value << 8 | at[i];
  } else if (node.width == 4) {
    value = at[0] | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[3]} << 24;
  } else {
    for (unsigned i = node.width; i-- > 0;) value = value << 8 | at[i];
  }
  const unsigned rest = 64u - node.width * 8u;
  if (node.is(node_flag::is_signed))
    value = static_cast<std::uint64_t>(static_cast<std::int64_t>(value << rest) >> rest);
  return value;
}

Integer Tree::integer(NodeId id) const {
  const std::uint64_t value = bits_of(id);
  return nodes_[id].is(node_flag::is_signed) ? Integer{static_cast<std::int64_t>(value)} : static_cast<Integer>(value);
}

bool Tree::set_integer(NodeId id, Integer value) {
  const Node& node = nodes_[id];
  const auto bits = static_cast<std::uint64_t>(value);
  if (node.kind == NodeKind::bits) {
    for (unsigned i = 0; i < node.width; ++i) {
      const BitPlace p = place_of_bit(node, i);
      const auto mask = static_cast<std::uint8_t>(1u << p.bit);
      bytes_[p.byte] = static_cast<std::uint8_t>((bits >> i & 1) != 0 ? bytes_[p.byte] | mask : bytes_[p.byte] & ~mask);
    }
  } else {
    std::uint8_t* at = bytes_.data() + node.from;
    for (unsigned i = 0; i < node.width; ++i) {
      const unsigned byte = node.is(node_flag::big_endian) ? node.width - 1u - i : i;
      at[byte] = static_cast<std::uint8_t>(bits >> 8 * i);
    }
  }
  return fits(node, value);
}

std::string path_of(const Tree& tree, NodeId id) {
  std::vector<NodeId> way;
  for (; id != kNoNode; id = tree[id].parent) way.push_back(id);
  std::string path;
  for (std::size_t i = way.size(); i-- > 0;) {
    const Node& node = tree[way[i]];
    if (node.is(node_flag::element)) {
      path += fmt::format("[{}]", node.index);
    } else if (node.site != kNoSite) {
      if (!path.empty()) path += '.';
      path += tree.format().site(node.site).member->id;
    }
  }
  return path;
}

std::string print(const Tree& tree) {
  std::string out;
  for (NodeId id = 0; id < tree.size(); ++id) {
    const Node& node = tree[id];
    out += fmt::format("{:#06x}..{:#06x} {}", node.from, node.to, id == 0 ? "(root)" : path_of(tree, id));
    switch (node.kind) {
      case NodeKind::structure: out += fmt::format(" {{{}}}", tree.format().schema().type(node.type).name); break;
      case NodeKind::array: out += fmt::format(" [{}]", tree.count_of(id)); break;
      case NodeKind::integer:
      case NodeKind::bits: out += fmt::format(" = {}", to_string(tree.integer(id))); break;
      case NodeKind::text:
      case NodeKind::bytes:
        out += " =";
        for (std::uint32_t i = node.from; i < std::min(node.to, node.from + 16); ++i) {
          out += fmt::format(" {:02x}", tree.bytes()[i]);
        }
        if (node.size() > 16) out += " ..";
        break;
    }
    if (node.is(node_flag::placed)) out += " (placed)";
    if (node.is(node_flag::cut)) out += " (cut)";
    out += '\n';
  }
  return out;
}

}  // namespace sluice::mutate
