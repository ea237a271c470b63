#include "fuzz/mutate/tree.h"

#include <catch2/catch.hpp>

#include "fuzz/mutate/tie.h"
#include "tests/mutate/samples.h"

namespace sluice::mutate {

namespace {

// What holds of any tree.
void check_shape(const Tree& tree) {
  for (NodeId id = 0; id < tree.size(); ++id) {
    const Node& node = tree[id];
    REQUIRE(node.from <= node.to);
    REQUIRE(node.to <= tree.bytes().size());
    REQUIRE(node.end > id);
    REQUIRE(node.end <= tree.size());
    if (id == 0) continue;
    const Node& up = tree[node.parent];
    REQUIRE(node.parent < id);
    REQUIRE(node.end <= up.end);
    const bool is_inside = node.is(node_flag::placed) || (up.from <= node.from && node.to <= up.to);
    if (!is_inside) FAIL(path_of(tree, id) << "\n" << print(tree));
  }
}

}  // namespace

TEST_CASE("a good channel file is covered by its leaves") {
  for (const char* name : {"good_mixed", "wildcard_only"}) {
    const Bytes bytes = channel_file(name);
    Tree tree(channel());
    REQUIRE(tree.parse(bytes));
    check_shape(tree);
    REQUIRE(tree.stopped_at() == bytes.size());
    std::vector<int> covered(bytes.size());
    for (NodeId id = 0; id < tree.size(); ++id) {
      if (!tree[id].is_leaf()) continue;
      for (std::uint32_t i = tree[id].from; i < tree[id].to; ++i) ++covered[i];
    }
    // Of the data between header and tables, some is there only to align what follows.
    std::size_t missed = 0;
    for (std::size_t i = 0; i < covered.size(); ++i) missed += covered[i] == 0;
    INFO(print(tree));
    CHECK(missed < 4);
  }
}

TEST_CASE("a tree is printed in the schema's words") {
  const auto format = format_of(R"(
meta: {id: small, endian: be}
seq:
  - {id: magic, contents: AB}
  - {id: count, type: u1}
  - {id: parts, type: part, repeat: expr, repeat-expr: count}
types:
  part:
    seq:
      - {id: high, type: b3}
      - {id: low, type: b13}
      - {id: at, type: u1}
    instances:
      there: {pos: at, type: s2}
)");
  Tree tree(*format);
  REQUIRE(tree.parse(from_hex("41 42 02  e0 01 00  20 02 03")));
  CHECK(print(tree) == R"(0x0000..0x0009 (root) {small}
0x0000..0x0002 magic = 41 42
0x0002..0x0003 count = 2
0x0003..0x0009 parts [2]
0x0003..0x0006 parts[0] {part}
0x0003..0x0004 parts[0].high = 7
0x0003..0x0005 parts[0].low = 1
0x0005..0x0006 parts[0].at = 0
0x0000..0x0002 parts[0].there = 16706 (placed)
0x0006..0x0009 parts[1] {part}
0x0006..0x0007 parts[1].high = 1
0x0006..0x0008 parts[1].low = 2
0x0008..0x0009 parts[1].at = 3
0x0003..0x0005 parts[1].there = -8191 (placed)
)");
}

TEST_CASE("values are read and written in place") {
  const auto format = format_of(R"(
meta: {id: small, endian: le, bit-endian: le}
seq:
  - {id: a, type: u2}
  - {id: b, type: s4be}
  - {id: c, type: b5}
  - {id: d, type: b11}
)");
  Tree tree(*format);
  REQUIRE(tree.parse(from_hex("01 02 ff ff ff fe ff 00")));
  CHECK(tree.integer(1) == 0x201);
  CHECK(tree.integer(2) == -2);
  CHECK(tree.integer(3) == 31);
  CHECK(tree.integer(4) == 7);
  CHECK(tree.set_integer(1, 0x0304));
  CHECK(tree.set_integer(2, 5));
  CHECK(tree.set_integer(4, 0x401));
  CHECK_FALSE(tree.set_integer(3, 32));
  CHECK(to_hex(tree.bytes()) == "04 03 00 00 00 05 20 80");
  CHECK(least_of(tree[2]) == -(Integer{1} << 31));
  CHECK(most_of(tree[4]) == 2047);
}

TEST_CASE("what is wrong or cut short is read as far as it goes") {
  for (const std::string& name : channel_names()) {
    Tree tree(channel());
    (void)tree.parse(channel_file(name));
    INFO(name);
    REQUIRE(tree.size() > 20);
    check_shape(tree);
  }
  const Bytes good = channel_file("good_mixed");
  Tree tree(channel());
  std::size_t most = 0;
  for (std::size_t size = 0; size < good.size(); size += 7) {
    (void)tree.parse(std::span(good).first(size));
    check_shape(tree);
    CHECK(tree.size() + 40 >= most);
    most = std::max(most, tree.size());
  }
}

// Who looks for what may be out of order leaves out structures that cannot hold it.
TEST_CASE("types hold what stands in their structures, and not everything") {
  const Ties& ties = channel().ties();
  for (const std::string& name : channel_names()) {
    Tree tree(channel());
    (void)tree.parse(channel_file(name));
    for (NodeId id = 0; id < tree.size(); ++id) {
      if (tree[id].kind != NodeKind::structure) continue;
      for (NodeId up = id; up != kNoNode; up = tree.container_of(up)) REQUIRE(ties.holds(tree[up].type, tree[id].type));
    }
  }
  const auto type_of = [](std::string_view type) {
    for (const auto& t : channel().schema().types) {
      if (t->name == type) return t->id;
    }
    return schema::kNoType;
  };
  CHECK(ties.holds(type_of("template_instance"), type_of("comparand")));
  CHECK_FALSE(ties.holds(type_of("comparand"), type_of("template_instance")));
  CHECK_FALSE(ties.holds(type_of("group"), type_of("criterion")));
}

}  // namespace sluice::mutate
