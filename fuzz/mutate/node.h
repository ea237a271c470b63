// One part of a content file, in the schema's words.
#pragma once

#include <cstdint>

#include "fuzz/mutate/format.h"
#include "validator/expression/integer.h"

namespace sluice::mutate {

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = 0xFFFFFFFF;

enum class NodeKind : std::uint8_t {
  structure,  // its seq members, then the instances that are read
  array,      // its elements
  integer,    // width 1 2 4 8
  bits,       // width 1..64 bits, beginning `shift` bits into its first byte
  text,       // a string
  bytes,      // all else: bytes, contents, numbers with a point, what `process` decodes
};

namespace node_flag {
inline constexpr std::uint16_t is_signed = 1;
inline constexpr std::uint16_t big_endian = 2;
inline constexpr std::uint16_t element = 4;  // of an array, by `index`
inline constexpr std::uint16_t placed = 8;   // an instance: lies at a position, mostly inside another node
inline constexpr std::uint16_t cut = 16;     // not told to its end: unreadable, or told where it was met first
inline constexpr std::uint16_t fresh = 32;   // made by a mutation, and nothing holds of it yet
inline constexpr std::uint16_t pinned = 64;  // its value is wanted so: repair goes by it
inline constexpr std::uint16_t grows = 128;  // while bytes are put in: it reaches over them
}  // namespace node_flag

// Nodes stand in pre-order; the subtree of node n is [n, end). The first child of a node is the next one, its next
// sibling stands at its `end`.
struct Node {
  NodeId parent = kNoNode;
  NodeId end = 0;
  std::uint32_t from = 0;  // bytes [from, to) of the file; of a structure: of its seq
  std::uint32_t to = 0;
  SiteId site = kNoSite;                     // an element has its array's
  schema::TypeId type = schema::kNoType;     // structure: which
  schema::EnumId enum_id = schema::kNoEnum;  // integer, bits
  std::uint32_t index = 0;                   // element: which
  NodeKind kind = NodeKind::bytes;
  std::uint8_t width = 0;
  std::uint8_t shift = 0;
  std::uint16_t flags = 0;

  [[nodiscard]] bool is(std::uint16_t flag) const { return (flags & flag) != 0; }
  [[nodiscard]] bool is_number() const { return kind == NodeKind::integer || kind == NodeKind::bits; }
  [[nodiscard]] bool is_leaf() const { return kind != NodeKind::structure && kind != NodeKind::array; }
  [[nodiscard]] std::uint32_t size() const { return to - from; }
};
static_assert(sizeof(Node) == 40);

// What a leaf of this type can hold, both ends included.
[[nodiscard]] Integer least_of(const Node& node);
[[nodiscard]] Integer most_of(const Node& node);
// Whether it is between them.
[[nodiscard]] inline bool fits(const Node& node, Integer value) {
  const unsigned bits = node.kind == NodeKind::bits ? node.width : node.width * 8u;
  const Integer rest = node.is(node_flag::is_signed) ? (value ^ (value >> 127)) >> (bits - 1) : value >> bits;
  return rest == 0;
}

}  // namespace sluice::mutate
