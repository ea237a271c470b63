#include "fuzz/mutate/settle.h"

#include <catch2/catch.hpp>

#include "fuzz/mutate/meaning.h"
#include "tests/generate/formats.h"

using namespace sluice;
using namespace sluice::mutate;

namespace {

// Ids in order, each reference with its row, and a region that is read whole.
constexpr const char* kSchema = R"(
meta: {id: small, endian: le, encoding: ASCII}
seq:
  - {id: num_kinds, type: u1}
  - {id: num_items, type: u1}
  - {id: len_data, type: u1}
  - {id: kinds, type: kind, repeat: expr, repeat-expr: num_kinds}
  - {id: items, type: item, repeat: expr, repeat-expr: num_items}
  - {id: data, type: data, size: len_data}
types:
  kind: {seq: [{id: id, type: u1}, {id: sort, type: u1, valid: {min: 1, max: 3}}]}
  item:
    seq:
      - {id: id, type: u1}
      - {id: kind_id, type: u1}
      - {id: sort, type: u1}
      - {id: pos, type: u1}
      - {id: len, type: u1, valid: {min: 1}}
    instances:
      text: {io: _root.data._io, pos: pos, size: len, type: str}
  data: {-sluice-allow: [trailing-bytes]}
)";
constexpr const char* kRules = R"(
format: small
rules:
  - {id: sorted, each: items, sorted: _.id}
  - {id: once, each: items, unique: _.id}
  - id: same-sort
    each: items
    join: {kind: {in: kinds, key: id, equals: _.kind_id}}
    require: kind.sort == _.sort
  - {id: all, covers: true}
)";

}  // namespace

TEST_CASE("content that is nearly valid becomes valid") {
  const auto format = make_format(kSchema, kRules);
  const std::vector<std::vector<std::uint8_t>> broken = {
      {1, 1, 1, 5, 2, 1, 5, 1, 0, 1, 'x'},                 // another sort than its kind
      {1, 1, 1, 5, 2, 1, 9, 2, 0, 1, 'x'},                 // a kind that is not there
      {1, 2, 1, 5, 2, 7, 5, 2, 0, 1, 3, 5, 2, 0, 1, 'x'},  // out of order
      {1, 2, 1, 5, 2, 7, 5, 2, 0, 1, 7, 5, 2, 0, 1, 'x'},  // one id twice
      {1, 1, 4, 5, 2, 1, 5, 2, 0, 1, 'x', 'y', 'y', 'y'},  // bytes that nobody reads
      {1, 1, 1, 5, 2, 1, 5, 2, 9, 1, 'x'},                 // a text outside of the data
      {1, 1, 1, 5, 2, 1, 5, 2, 0, 0, 'x'},                 // a text of no length
      {1, 1, 1, 5, 9, 1, 5, 9, 0, 1, 'x'},                 // a sort that is none
  };
  for (std::size_t i = 0; i < broken.size(); ++i) {
    INFO("content " << i);
    REQUIRE(!format->accepts(broken[i]));
    Tree tree(*format);
    (void)tree.parse(broken[i]);
    Random random(1);
    Settler settler(*format, random);
    CHECK(settler.settle_everything(tree));
    CHECK(format->accepts(tree.bytes()));
    CHECK(settler.left().empty());
  }
}

TEST_CASE("what is to be kept is kept") {
  const auto format = make_format(kSchema, kRules);
  // The item's kind is to stay 9: so a row must come, and not the reference go.
  const std::vector<std::uint8_t> bytes = {1, 1, 1, 5, 2, 1, 9, 2, 0, 1, 'x'};
  Tree tree(*format);
  REQUIRE(tree.parse(bytes));
  const auto keeps = [](const Tree& t) {
    std::string_view rest;
    const NodeId node = find_path(t, "items[0].kind_id", rest);
    return rest.empty() && node != kNoNode && t.integer(node) == 9;
  };
  Random random(1);
  Settler settler(*format, random);
  CHECK(settler.settle_everything(tree, keeps));
  CHECK(format->accepts(tree.bytes()));
  CHECK(keeps(tree));
}

TEST_CASE("what cannot be made valid is told, within the tries that there are") {
  const auto format = make_format("meta: {id: no, endian: le}\nseq: [{id: a, type: u1, valid: {expr: _ > 300}}]\n");
  Tree tree(*format);
  REQUIRE(tree.parse(std::vector<std::uint8_t>{1}));
  Random random(1);
  Settler settler(*format, random, {.tries = 50});
  CHECK(!settler.settle_everything(tree));
  CHECK(settler.tries() <= 50);
  REQUIRE(settler.left().size() == 1);
  CHECK(settler.left()[0].path == "a");
}
