// Each kind of rule: one content that it accepts and one that it does not.
#include <catch2/catch.hpp>

#include "tests/rules/judge.h"

namespace sluice::rules {
namespace {

// A list of (key, value) pairs.
const std::string kPairs = R"(meta: { id: pairs }
seq:
  - { id: count, type: u1 }
  - { id: pairs, type: pair, repeat: expr, repeat-expr: count }
types:
  pair:
    seq:
      - { id: key, type: u1 }
      - { id: value, type: u1 }
)";

std::string pairs(const std::string& rule, const std::string& bytes) {
  return judge({.schema = kPairs, .rules = "rules:\n  - id: it\n    " + rule + "\n", .bytes = bytes});
}

TEST_CASE("require: a condition over each element, with its numbers") {
  CHECK(pairs("each: pairs\n    require: _.key < _.value", "02  01 02  03 04").empty());
  CHECK(pairs("each: pairs\n    require: _.key < _.value", "02  01 02  04 03") ==
        "pairs/it pairs[1] @3..5: _.key < _.value: 4, 3\n");
}

TEST_CASE("require: once a file, over its root") {
  CHECK(pairs("require: count == 2", "02  01 02  03 04").empty());
  CHECK(pairs("require: count == 1", "02  01 02  03 04") == "pairs/it @0..5: count == 1: 2, 1\n");
}

TEST_CASE("where: only these elements; let: names for later; message: an author's words") {
  const std::string rule =
      "each: pairs\n    where: _.key != 0\n    let: { sum: _.key + _.value, twice: sum * 2 }\n"
      "    require: twice < 20\n    message: \"pair {_index} has {sum} of {{key}}\"";
  CHECK(pairs(rule, "03  00 ff  04 05  01 02").empty());
  CHECK(pairs(rule, "02  00 ff  05 06") == "pairs/it pairs[1] @3..5: pair 1 has 11 of {key}\n");
}

TEST_CASE("unique: the second of two says where the first is") {
  CHECK(pairs("each: pairs\n    unique: _.key", "02  01 02  03 02").empty());
  CHECK(pairs("each: pairs\n    unique: _.key", "03  01 02  03 02  01 07") ==
        "pairs/it pairs[2] @5..7: 1 is there twice: first at 0x0001\n");
}

TEST_CASE("sorted: in both directions, strictly or not") {
  CHECK(pairs("each: pairs\n    sorted: _.key", "03  01 00  02 00  02 00").empty());
  CHECK(pairs("each: pairs\n    sorted: _.key", "03  01 00  03 00  02 00") ==
        "pairs/it pairs[2] @5..7: 2 comes after 3\n");
  CHECK(pairs("each: pairs\n    sorted: { by: _.key, strict: true }", "02  01 00  01 00") ==
        "pairs/it pairs[1] @3..5: 1 comes after 1\n");
  CHECK(pairs("each: pairs\n    sorted: { by: _.key, order: descending }", "03  03 00  02 00  02 00").empty());
  CHECK(pairs("each: pairs\n    sorted: { by: _.key, order: descending }", "02  01 00  02 00") ==
        "pairs/it pairs[1] @3..5: 2 comes after 1\n");
}

TEST_CASE("disjoint: ranges that touch do not overlap, ranges of nothing never do") {
  const std::string rule = "each: pairs\n    disjoint: { from: _.key, size: _.value }";
  CHECK(pairs(rule, "04  00 04  04 04  10 01  02 00").empty());
  CHECK(pairs(rule, "03  00 04  10 04  03 01") == "pairs/it pairs[2] @5..7: 3..4 overlaps 0..4 (at 0x0001)\n");
  CHECK(pairs(rule, "02  04 04  03 02") == "pairs/it pairs[1] @3..5: 3..5 overlaps 4..8 (at 0x0001)\n");
}

TEST_CASE("inside: by subtraction, at every edge") {
  const std::string rule = "each: pairs\n    inside: { from: _.key, size: _.value, region: { from: 16, size: 16 } }";
  CHECK(pairs(rule, "05  10 10  10 00  20 00  1f 01  18 08").empty());
  CHECK(pairs(rule, "01  10 11") == "pairs/it pairs[0] @1..3: from, size inside region from, size: 16, 17, 16, 16\n");
  CHECK(pairs(rule, "01  0f 01").find("15, 1, 16, 16") != std::string::npos);
  CHECK(pairs(rule, "01  21 00").find("33, 0, 16, 16") != std::string::npos);
}

TEST_CASE("inside: sizes of 2^64 - 1 do not wrap") {
  const std::string schema =
      "meta: { id: big, endian: le }\nseq:\n  - { id: from, type: u8 }\n  - { id: len, type: u8 }\n";
  const std::string rules =
      "rules:\n  - id: in\n    inside: { from: from, size: len, region: { from: 0, size: _io.size } }\n";
  const auto bytes = [&](const std::string& text) { return judge({.schema = schema, .rules = rules, .bytes = text}); };
  CHECK(bytes("00 00 00 00 00 00 00 00  10 00 00 00 00 00 00 00").empty());
  CHECK(bytes("01 00 00 00 00 00 00 00  ff ff ff ff ff ff ff ff").find("big/in") == 0);
  CHECK(bytes("ff ff ff ff ff ff ff ff  ff ff ff ff ff ff ff ff").find("big/in") == 0);
  CHECK(bytes("10 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00").empty());
  CHECK(bytes("11 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00").find("big/in") == 0);
}

TEST_CASE("acyclic: the cycle is told") {
  const std::string rule = "each: pairs\n    acyclic: { node: _.key, to: _.value }";
  CHECK(pairs(rule, "03  01 02  02 03  01 03").empty());
  CHECK(pairs(rule, "03  01 02  02 03  03 01") == "pairs/it @0..7: the references form a cycle: 1 -> 2 -> 3 -> 1\n");
  CHECK(pairs(rule, "01  05 05") == "pairs/it @0..3: the references form a cycle: 5 -> 5\n");
}

TEST_CASE("closed: what opens is closed in its own sequence; in between it opens nothing") {
  const std::string rule = "each: pairs\n    closed: { open: _.key == 1, close: _.key == 2 }";
  CHECK(pairs(rule, "04  01 00  01 00  02 00  02 00").empty());
  CHECK(pairs(rule, "04  01 00  02 00  03 00  01 00") == "pairs/it @0..9: what opens at 0x0007 is not closed\n");
  const std::string quote = "each: pairs\n    closed: { open: _.key == 1, close: _.key == 1 }";
  CHECK(pairs(quote, "02  01 00  01 00").empty());
  CHECK(pairs(quote, "03  01 00  01 00  01 00") == "pairs/it @0..7: what opens at 0x0005 is not closed\n");
}

TEST_CASE("closed: nothing is said of a sequence that was cut short or has an element that cannot be judged") {
  const std::string schema = R"(meta: { id: cut, endian: le }
seq:
  - { id: count, type: u1 }
  - { id: rows, type: row, repeat: expr, repeat-expr: count }
types:
  row:
    seq:
      - { id: len, type: u1 }
      - { id: body, type: body, size: len }
  body:
    seq:
      - { id: codes, type: u2, repeat: eos }
)";
  const auto said = [&](const std::string& rule, const std::string& bytes) {
    return judge({.schema = schema, .rules = "rules:\n  - { id: r, " + rule + " }\n", .bytes = bytes});
  };
  const std::string codes = "each: rows.body.codes, closed: { open: _ == 1, close: _ == 2 }";
  CHECK(said(codes, "02  05 01 00 00 00 00  04 01 00 02 00").find("cut/r") == std::string::npos);
  CHECK(said(codes, "02  05 01 00 00 00 00  04 01 00 01 00").find("what opens at 0x0008 is not closed") !=
        std::string::npos);
  const std::string rows = "each: rows, closed: { open: '_.body.codes[0] == 1', close: '_.body.codes[0] == 2' }";
  CHECK(said(rows, "03  02 01 00  00  02 03 00").find("cut/r @") == std::string::npos);
  const std::string joined =
      "each: rows, join: { row: { in: rows, key: len, equals: '_.len' } }, "
      "closed: { open: 'row.len == 2', close: 'row.len == 4' }";
  CHECK(said(joined, "03  02 03 00  04 03 00 03 00  04 03 00 03 00").find("cut/r @") == std::string::npos);
  CHECK(said(rows, "03  02 01 00  02 02 00  02 01 00").find("cut/r @0..10: what opens at 0x0007") == 0);
}

TEST_CASE("closed, nested: as parentheses") {
  const std::string rule = "each: pairs\n    closed: { open: _.key == 1, close: _.key == 2, nested: true }";
  CHECK(pairs(rule, "04  01 00  01 00  02 00  02 00").empty());
  CHECK(pairs(rule, "03  01 00  01 00  02 00") == "pairs/it @0..7: what opens at 0x0001 is not closed\n");
  CHECK(pairs(rule, "03  01 00  02 00  02 00") == "pairs/it @0..7: what closes at 0x0005 was not open\n");
}

TEST_CASE("limit: counts, sums and chains of references") {
  CHECK(pairs("each: pairs\n    limit: { count: 2 }", "02  01 02  03 04").empty());
  CHECK(pairs("each: pairs\n    limit: { count: 1 }", "02  01 02  03 04") ==
        "pairs/it @0..5: there are 2, at most 1 is allowed\n");
  CHECK(pairs("each: pairs\n    limit: { sum: _.value, at_most: 6 }", "02  01 02  03 04").empty());
  CHECK(pairs("each: pairs\n    limit: { sum: _.value, at_most: count }", "02  01 02  03 04") ==
        "pairs/it @0..5: the sum is 6, at most 2 are allowed\n");
  const std::string depth = "each: pairs\n    limit: { depth: { node: _.key, to: _.value }, at_most: 2 }";
  CHECK(pairs(depth, "02  01 02  02 03").empty());
  CHECK(pairs(depth, "03  02 03  01 02  03 04") ==
        "pairs/it @0..7: the longest chain has 3 references, at most 2 are allowed\n");
}

TEST_CASE("covers: bytes that no field reads, even where the schema allows them") {
  const std::string schema =
      "meta: { id: gaps, -sluice-allow: [trailing-bytes] }\nseq:\n  - { id: at, type: u1 }\n"
      "instances:\n  here: { pos: at, type: u1 }\n";
  const std::string rules = "rules:\n  - { id: all, covers: true }\n";
  CHECK(judge({.schema = schema, .rules = rules, .bytes = "01 00"}).empty());
  CHECK(judge({.schema = schema, .rules = rules, .bytes = "02 00 00 00"}) ==
        "gaps/all @1..2: 2 bytes that no field reads, these first\n");
}

TEST_CASE("an expression that cannot be computed is a finding and never wraps") {
  CHECK(pairs("each: pairs\n    require: 10 / _.key > 1", "02  00 02  01 02").find("division_by_zero pairs[0]") == 0);
  CHECK(pairs("each: pairs\n    require: 18446744073709551615 + _.key > 1", "01  01 02")
            .find("arithmetic_overflow pairs[0]") == 0);
}

TEST_CASE("a violation is told where its message cannot be formed") {
  const auto ask = [](const std::string& kind) {
    return pairs("each: pairs\n    " + kind + "\n    message: \"{10 / _.key} and {_.value}\"", "02  00 09  00 08");
  };
  const std::string first = "division_by_zero pairs[0] @1..3: the divisor of 10 / _.key is 0\n";
  const std::string second = "division_by_zero pairs[1] @3..5: the divisor of 10 / _.key is 0\n";
  CHECK(ask("require: _.value > 8") == second + "pairs/it pairs[1] @3..5: (unknown) and 8\n");
  CHECK(ask("unique: _.key") == second + "pairs/it pairs[1] @3..5: (unknown) and 8\n");
  CHECK(ask("inside: { from: _.key, size: _.value, region: { from: 1, size: 9 } }") ==
        first + "pairs/it pairs[0] @1..3: (unknown) and 9\n" + second + "pairs/it pairs[1] @3..5: (unknown) and 8\n");
  CHECK(pairs("each: pairs\n    limit: { count: 1 }\n    message: \"{count} of {10 / (count - 2)}\"",
              "02  00 09  00 08") ==
        "division_by_zero @0..5: the divisor of 10 / (count - 2) is 0\npairs/it @0..5: 2 of (unknown)\n");
}

}  // namespace
}  // namespace sluice::rules
