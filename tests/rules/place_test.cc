// Where rules are judged: nested sequences, the same type in two places, rows that come later, instances.
#include <catch2/catch.hpp>

#include "tests/rules/judge.h"

namespace sluice::rules {
namespace {

TEST_CASE("a type that is used in two places is judged in the one that the rule names") {
  const std::string schema = R"(meta: { id: twice }
seq:
  - { id: left, type: box }
  - { id: right, type: box }
types:
  box:
    seq:
      - { id: items, type: u1, repeat: expr, repeat-expr: 2 }
)";
  CHECK(judge({.schema = schema,
               .rules = "rules:\n  - { id: small, each: right.items, require: _ < 5 }\n",
               .bytes = "09 09  01 07"}) == "twice/small right.items[1] @3..4: _ < 5: 7, 5\n");
}

TEST_CASE("nested sequences") {
  const std::string schema = R"(meta: { id: nested }
seq:
  - { id: rows, type: row, repeat: eos }
types:
  row:
    seq:
      - { id: count, type: u1 }
      - { id: cells, type: cell, repeat: expr, repeat-expr: count }
  cell:
    seq:
      - { id: value, type: u1 }
)";
  CHECK(judge({.schema = schema,
               .rules = "rules:\n  - { id: once, each: rows.cells, unique: _.value }\n"
                        "  - { id: index, each: rows.cells, require: _.value > _index }\n",
               .bytes = "02 01 02  01 03  02 04 01"}) ==
        "nested/once rows[2].cells[1] @7..8: 1 is there twice: first at 0x0001\n"
        "nested/index rows[2].cells[1] @7..8: _.value > _index: 1, 1\n");
}

TEST_CASE("rows that come after those who look them up") {
  const std::string schema = R"(meta: { id: ahead }
seq:
  - { id: count, type: u1 }
  - { id: uses, type: u1, repeat: expr, repeat-expr: count }
  - { id: rows, type: row, repeat: eos }
types:
  row:
    seq:
      - { id: id, type: u1 }
      - { id: limit, type: u1 }
)";
  CHECK(judge({.schema = schema,
               .rules = "rules:\n  - id: known\n    each: uses\n    join: { row: { in: rows, key: id, equals: _ } }\n"
                        "    require: row.limit > 0\n",
               .bytes = "03  07 08 09   07 01  08 00"}) ==
        "ahead/known uses[1] @2..3: row.limit > 0: 0, 0\n"
        "join_missing uses[2] @3..4: no row of rows has id = 9\n");
}

TEST_CASE("rows of the same sequence") {
  const std::string schema = R"(meta: { id: tree }
seq:
  - { id: nodes, type: node, repeat: eos }
types:
  node:
    seq:
      - { id: id, type: u1 }
      - { id: up, type: u1 }
)";
  CHECK(judge({.schema = schema,
               .rules = "rules:\n  - id: up\n    each: nodes\n    where: _.up != 0\n"
                        "    join: { parent: { in: nodes, key: id, equals: _.up } }\n    require: parent.id < _.id\n",
               .bytes = "01 00  02 01  03 04  04 01"}) == "tree/up nodes[2] @4..6: parent.id < _.id: 4, 3\n");
}

TEST_CASE("elements, fields and sizes that are read later") {
  const std::string schema = R"(meta: { id: later }
seq:
  - { id: nodes, type: node, repeat: expr, repeat-expr: 3 }
  - { id: most, type: u1 }
instances:
  marks: { pos: 0, type: node, repeat: expr, repeat-expr: 2, -sluice-allow: [overlap] }
types:
  node:
    seq:
      - { id: kind, type: u1 }
      - { id: next, type: u1 }
)";
  const auto said = [&](const std::string& rule) {
    return judge(
        {.schema = schema, .rules = "rules:\n  - { id: r, " + rule + " }\n", .bytes = "01 01  01 02  02 00  02"});
  };
  CHECK(said("each: nodes, require: 'nodes[_.next].kind == _.kind'") ==
        "later/r nodes[1] @2..4: nodes[_.next].kind == _.kind: 2, 1\n"
        "later/r nodes[2] @4..6: nodes[_.next].kind == _.kind: 1, 2\n");
  CHECK(said("each: nodes, where: '_.kind < most', require: _.next > 1") ==
        "later/r nodes[0] @0..2: _.next > 1: 1, 1\n");
  CHECK(said("each: nodes, require: nodes.size == 3, message: 'of {nodes.size}'").empty());
  CHECK(said("each: nodes, let: { all: nodes.size }, require: _.next < all - 1") ==
        "later/r nodes[1] @2..4: _.next < all - 1: 2, 2\n");
  CHECK(said("each: marks, require: 'marks[1].next > _.next'") ==
        "later/r marks[1] @2..4: marks[1].next > _.next: 2, 2\n");
  CHECK(said("each: nodes, join: { node: { in: nodes, key: kind * _root.most, equals: '4' } }, require: node.next == 0")
            .empty());
}

TEST_CASE("instances by which rules come to what is read later") {
  const std::string schema = R"(meta: { id: late }
seq:
  - { id: header, type: header }
  - { id: foot, type: u1 }
instances:
  total: { value: header.rows.size }
  last: { value: 'header.rows[header.count - 1].value' }
  placed: { pos: foot, type: u1, -sluice-allow: [overlap] }
  named: { pos: 0, type: named, -sluice-allow: [overlap] }
types:
  header:
    seq:
      - { id: count, type: u1 }
      - { id: rows, type: row, repeat: expr, repeat-expr: count }
  row:
    seq:
      - { id: value, type: u1 }
    instances:
      share: { value: _root.header.rows.size }
  named:
    seq:
      - { id: name, size: _root.foot }
)";
  for (const std::string& right : {"total == 3", "last == 9", "placed == 1", "_.share == 3", "named.name.size == 1",
                                   "_.value <= header.rows[2].value", "_index < header.count"}) {
    CAPTURE(right);
    CHECK(judge({.schema = schema,
                 .rules = "rules:\n  - { id: r, each: header.rows, require: '" + right + "' }\n",
                 .bytes = "03 01 02 09 01"})
              .empty());
  }
  CHECK(judge({.schema = schema,
               .rules = "rules:\n  - { id: r, each: header.rows, require: total <= 2, message: 'x' }\n",
               .bytes = "02 01 02 01"})
            .empty());
  CHECK(judge({.schema = schema,
               .rules = "rules:\n  - { id: r, each: header.rows, where: _index == 0, require: total <= 2 }\n",
               .bytes = "03 01 02 09 01"}) == "late/r header.rows[0] @1..2: total <= 2: 3, 2\n");
}

TEST_CASE("rows of a structure that is there again later") {
  const std::string schema = R"(meta: { id: again }
seq:
  - { id: count, type: u1 }
  - { id: groups, type: group, repeat: expr, repeat-expr: count }
types:
  group:
    seq:
      - { id: head, type: row }
      - { id: reference, type: row }
  row:
    seq:
      - { id: value, type: u1 }
)";
  const std::string rules =
      "rules:\n  - id: r\n    each: groups.reference\n"
      "    join: { head: { in: groups.head, key: value, equals: _.value } }\n    require: head.value != 9\n";
  CHECK(judge({.schema = schema, .rules = rules, .bytes = "02  01 02  02 01"}).empty());
  CHECK(judge({.schema = schema, .rules = rules, .bytes = "03  01 01  02 02  01 02"}) ==
        "join_double groups[0].reference @2..3: 2 rows of groups.head have value = 1\n");
}

TEST_CASE("the cases of a switch, each sequence for itself") {
  const std::string schema = R"(meta: { id: cases }
seq:
  - { id: rows, type: row, repeat: eos }
types:
  row:
    seq:
      - { id: kind, type: u1 }
      - { id: size, type: u1 }
      - { id: body, size: size, type: { switch-on: kind, cases: { 1: text, 2: number, 3: text } } }
  text:
    seq:
      - { id: codes, type: u1, repeat: eos }
      - { id: id, size: 0 }
  number:
    seq:
      - { id: id, type: u1 }
)";
  const auto said = [&](const std::string& rule, const std::string& bytes) {
    return judge({.schema = schema, .rules = "rules:\n  - { id: r, " + rule + " }\n", .bytes = bytes});
  };
  const std::string closed = "each: rows.body.codes, closed: { open: _ == 0x5b, close: _ == 0x5d }";
  CHECK(said(closed, "01 03 5b 61 5d  02 01 5b  03 01 5d").empty());
  CHECK(said(closed, "01 02 5b 61  03 01 5d") == "cases/r @0..7: what opens at 0x0002 is not closed\n");
}

TEST_CASE("sequences at positions that the file chooses") {
  const std::string schema = R"(meta: { id: placed }
seq:
  - { id: at, type: u1 }
  - { id: count, type: u1 }
instances:
  items:
    pos: at
    type: item
    repeat: expr
    repeat-expr: count
types:
  item:
    seq:
      - { id: value, type: u1 }
)";
  CHECK(judge({.schema = schema,
               .rules = "rules:\n  - { id: up, each: items, sorted: _.value }\n",
               .bytes = "02 03  01 05 02"}) == "placed/up items[2] @4..5: 2 comes after 5\n");
}

TEST_CASE("sequences that lie in the same place, one after the other, are sorted each for itself") {
  const std::string decoded = R"(meta: { id: decoded }
seq:
  - { id: rows, type: row, size: 2, process: xor(1), repeat: eos }
types:
  row:
    seq:
      - { id: cells, type: u1, repeat: eos }
)";
  const std::string rules = "rules:\n  - { id: up, each: rows.cells, sorted: _ }\n";
  CHECK(judge({.schema = decoded, .rules = rules, .bytes = "00 05  02 04"}).empty());
  CHECK(judge({.schema = decoded, .rules = rules, .bytes = "00 05  04 02"}).find("rows[1].cells[1]") !=
        std::string::npos);
  const std::string placed = R"(meta: { id: placed }
seq:
  - { id: rows, type: row, repeat: expr, repeat-expr: 2 }
types:
  row:
    seq:
      - { id: from, type: u1 }
      - { id: count, type: u1 }
    instances:
      cells: { pos: 4, type: u1, repeat: expr, repeat-expr: count, -sluice-allow: [overlap] }
)";
  CHECK(judge({.schema = placed, .rules = rules, .bytes = "00 02 00 02  03 04"}).empty());
}

TEST_CASE("an instance that expressions ask for early") {
  const std::string schema = R"(meta: { id: early }
seq:
  - { id: at, type: u1, valid: { expr: items.size == 2 } }
  - { id: pad, size: 1 }
instances:
  items: { pos: 2, type: item, repeat: expr, repeat-expr: 2 }
types:
  item:
    seq:
      - { id: value, type: u1 }
)";
  CHECK(judge({.schema = schema,
               .rules = "rules:\n  - { id: up, each: items, sorted: _.value }\n",
               .bytes = "02 03  05 01"}) == "early/up items[1] @3..4: 1 comes after 5\n");
}

TEST_CASE("uses in an instance that a rule asks for") {
  const std::string schema = R"(meta: { id: early }
seq:
  - { id: at, type: u1, repeat: expr, repeat-expr: 2 }
  - { id: pad, size: 2 }
instances:
  items: { pos: 2, type: item, repeat: expr, repeat-expr: 2 }
types:
  item:
    seq:
      - { id: value, type: u1 }
)";
  CHECK(judge({.schema = schema,
               .rules = "uses: { each: items, type: 1, input: _.value }\n"
                        "rules:\n  - { id: up, each: at, require: \"items[0].value < _\" }\n",
               .bytes = "03 09  05 01",
               .builds = {{.name = "a", .support = "fielded", .supplies = {{1, 9}}, .defines = {}, .caps = {}}}}) ==
        "early/up at[0] @0..1: items[0].value < _: 5, 3\n");
}

TEST_CASE("fields that an `if` skips, and structures that were cut short, are not judged") {
  const std::string schema = R"(meta: { id: maybe }
seq:
  - { id: flag, type: u1 }
  - { id: one, type: item, if: flag == 1 }
  - { id: rest, type: item, repeat: eos }
types:
  item:
    seq:
      - { id: a, type: u1 }
      - { id: b, type: u1 }
)";
  const std::string rules =
      "rules:\n  - { id: one, each: one, require: _.a < _.b }\n"
      "  - { id: rest, each: rest, require: _.a < _.b }\n";
  CHECK(judge({.schema = schema, .rules = rules, .bytes = "00  01 02"}).empty());
  CHECK(judge({.schema = schema, .rules = rules, .bytes = "01  02 01  03 02"}) ==
        "maybe/one one @1..3: _.a < _.b: 2, 1\nmaybe/rest rest[0] @3..5: _.a < _.b: 3, 2\n");
  CHECK(judge({.schema = schema, .rules = rules, .bytes = "00  09"}).find("end_of_stream") == 0);
}

}  // namespace
}  // namespace sluice::rules
