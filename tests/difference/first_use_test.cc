// What is used for the first time, each once, and what follows from another first use not at all.
#include <catch2/catch.hpp>

#include "tests/difference/diff.h"

namespace sluice::difference {
namespace {

const std::string kSensor = R"(meta: { id: sensor }
seq:
  - { id: num_instances, type: u1 }
  - { id: instances, type: instance, repeat: expr, repeat-expr: num_instances }
  - { id: others, type: instance, repeat: eos }
types:
  instance:
    seq:
      - { id: type_id, type: u1 }
      - { id: num_criteria, type: u1 }
      - { id: criteria, type: criterion, repeat: expr, repeat-expr: num_criteria }
  criterion:
    seq:
      - { id: op, type: u1, enum: op }
      - { id: input, type: u1 }
enums:
  op: { 0: any, 1: equals, 2: prefix }
)";

const std::string kUses = R"(uses:
  each: instances.criteria
  where: _.op != op::any
  type: _._parent.type_id
  input: _.input
)";

std::string sensor(const std::vector<std::string>& older, const std::string& now) {
  return first_uses({.schema = kSensor, .rules = kUses, .older = older, .now = now});
}

TEST_CASE("an input that only wildcards had") {
  // Template type 3, inputs 0 and 20; first the last one is a wildcard.
  CHECK(sensor({"01  03 02  01 00  00 14"}, "01  03 02  01 00  01 14") ==
        "input_first_used instances[0].criteria[1].input @6..7: input 20 of template type 3 is dereferenced once; not "
        "once in the older file\n");
  CHECK(sensor({"01  03 02  01 00  00 14", "01  03 01  01 14"}, "01  03 02  01 00  01 14").empty());
  CHECK(sensor({"01  03 01  01 14"}, "01  03 01  00 14") ==
        "value_first_used instances[0].criteria[0].op @3..4: criterion.op is any once; not once in the older file\n");
}

TEST_CASE("an input of one template type is not that of another") {
  CHECK(sensor({"02  03 01  01 00  04 01  01 01"}, "02  03 01  01 01  04 01  01 01") ==
        "input_first_used instances[0].criteria[0].input @4..5: input 1 of template type 3 is dereferenced once; not "
        "once in the older file\n");
}

TEST_CASE("a template type that is new is told, and not each of its inputs") {
  CHECK(
      sensor({"01  03 01  01 00"}, "02  03 01  01 00  04 02  01 00  01 01") ==
      "type_first_used instances[1].criteria[0] @7..9: template type 4 is named 2 times; not once in the older file\n");
}

TEST_CASE("uses are those of the path in the rules, not of the same structure elsewhere") {
  CHECK(sensor({"01  03 01  01 00   03 01  01 00"}, "01  03 01  01 00   09 01  01 09").empty());
}

TEST_CASE("with driver builds, who supplies the input") {
  const std::vector<program::BuildFacts> builds = {
      {.name = "7.11", .support = "fielded", .supplies = {{3, 20}}, .defines = {}, .caps = {}},
      {.name = "7.12", .support = "canary", .supplies = {{3, 21}}, .defines = {}, .caps = {}}};
  const std::string out = first_uses(
      {.schema = kSensor, .rules = kUses, .older = {"01  03 01  01 00"}, .now = "01  03 01  01 14", .builds = builds});
  CHECK(out.ends_with("\n  supplied by 7.12; not by 7.11\n"));
}

TEST_CASE("a value of an enum, for each field, known to the enum or not") {
  const std::string schema = R"(meta: { id: modes }
seq:
  - { id: first, type: u1, enum: mode }
  - { id: others, type: u1, enum: mode, repeat: eos }
instances:
  low: { value: 'others[0].to_i & 1', enum: mode }
enums: { mode: { 0: off, 1: on, 2: slow } }
)";
  CHECK(first_uses({.schema = schema, .older = {"00 02 02"}, .now = "02 02 02 07 07"}) ==
        "value_first_used first @0..1: modes.first is slow once; not once in the older file\n"
        "value_first_used others[2] @3..4: modes.others is 7 (no mode) 2 times; not once in the older file\n");
  CHECK(first_uses({.schema = schema, .older = {"00 02"}, .now = "00 01"}) ==
        "value_first_used others[0] @1..2: modes.others is on once; not once in the older file\n"
        "value_first_used low: modes.low is on once; not once in the older file\n");
}

const std::string kRecords = R"(meta: { id: records }
seq:
  - { id: num_rows, type: u1 }
  - { id: rows, type: row, repeat: expr, repeat-expr: num_rows }
  - { id: extra, type: extra, if: not _io.eof }
types:
  row:
    seq:
      - { id: tag, type: u1 }
      - { id: body, size: 1, type: { switch-on: tag, cases: { 1: small, 2: mode_of, _: small } } }
  small: { seq: [{ id: weight, type: u1 }] }
  mode_of: { seq: [{ id: mode, type: u1, enum: mode }] }
  extra: { seq: [{ id: mode, type: u1, enum: mode }, { id: more, type: u1, if: mode == mode::on }] }
enums: { mode: { 0: off, 1: on } }
)";

TEST_CASE("a field that was never there, and nothing of what is in it") {
  CHECK(first_uses({.schema = kRecords, .older = {"00", "01 01 05"}, .now = "01 01 05  01 07"}) ==
        "field_first_used extra @3..5: records.extra is there once; not once in 2 older files\n");
  // Once the structure is known, what is in it counts.
  CHECK(first_uses({.schema = kRecords, .older = {"00 00"}, .now = "00 01 07"}) ==
        "value_first_used extra.mode @1..2: extra.mode is on once; not once in the older file\n"
        "field_first_used extra.more @2..3: extra.more is there once; not once in the older file\n");
}

TEST_CASE("a sequence that was always empty") {
  CHECK(first_uses({.schema = kRecords, .older = {"00"}, .now = "02 01 05 01 06"}) ==
        "field_first_used rows @1..5: records.rows is there once; not once in the older file\n");
}

TEST_CASE("a case of a switch that was never chosen, and its default") {
  CHECK(first_uses({.schema = kRecords, .older = {"01 01 05"}, .now = "03 01 05 02 01 02 00"}) ==
        "case_first_used rows[1].body @4..5: row.body is of case `2` 2 times; not once in the older file\n");
  CHECK(first_uses({.schema = kRecords, .older = {"01 01 05"}, .now = "01 09 05"}) ==
        "case_first_used rows[0].body @2..3: row.body is of case `_` once; not once in the older file\n");
}

TEST_CASE("a case that follows from a new value of an enum is not told twice") {
  const std::string schema = R"(meta: { id: tagged }
seq:
  - { id: tag, type: u1, enum: tag }
  - { id: body, type: { switch-on: tag, cases: { 'tag::small': u1, 'tag::large': u2le } }, if: tag != tag::none }
  - { id: again, type: { switch-on: tag, cases: { 'tag::small': u1, 'tag::large': u2le } }, if: not _io.eof }
enums: { tag: { 0: none, 1: small, 2: large } }
)";
  CHECK(first_uses({.schema = schema, .older = {"01 05"}, .now = "02 05 06"}) ==
        "value_first_used tag @0..1: tagged.tag is large once; not once in the older file\n");
  // The value is old, and the field is there for the first time: that says it all.
  CHECK(first_uses({.schema = schema, .older = {"02 05 06"}, .now = "02 05 06 07 08"}) ==
        "field_first_used again @3..5: tagged.again is there once; not once in the older file\n");
}

}  // namespace
}  // namespace sluice::difference
