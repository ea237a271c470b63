// What changed, in the schema's words.
#include <catch2/catch.hpp>

#include "tests/difference/diff.h"

namespace sluice::difference {
namespace {

// Two template types with inputs; instances with criteria.
const std::string kSensor = R"(meta: { id: sensor, encoding: ASCII }
seq:
  - { id: num_inputs, type: u1 }
  - { id: inputs, type: input, repeat: expr, repeat-expr: num_inputs }
  - { id: num_instances, type: u1 }
  - { id: instances, type: instance, repeat: expr, repeat-expr: num_instances }
types:
  input:
    seq:
      - { id: type_id, type: u1 }
      - { id: number, type: u1 }
      - { id: kind, type: u1 }
  instance:
    seq:
      - { id: serial, type: u1 }
      - { id: num_criteria, type: u1 }
      - { id: criteria, type: criterion, repeat: expr, repeat-expr: num_criteria }
  criterion:
    seq:
      - { id: op, type: u1, enum: op }
      - { id: input, type: u1 }
enums:
  op: { 0: any, 1: equals }
)";

std::string sensor(const std::string& rules, const std::string& before, const std::string& now) {
  return changes({.schema = kSensor, .rules = rules, .older = {before}, .now = now});
}

TEST_CASE("without a key, records are known by their position") {
  CHECK(sensor("", "00  02  07 01 00 03  08 01 00 03", "00  02  07 01 00 03  08 01 01 14") ==
        "~ instances[1].criteria[0].op: any -> equals\n"
        "~ instances[1].criteria[0].input: 3 -> 20\n");
  CHECK(sensor("", "00  02  07 00  08 00", "00  01  08 00") ==
        ". ~ num_instances: 2 -> 1\n"
        "~ instances[0].serial: 7 -> 8\n"
        "- instances[1]: serial 8, criteria (0)\n");
}

TEST_CASE("a `unique` rule says by which field records are known") {
  const std::string unique = "rules: [{ id: once, each: instances, unique: _.serial }]\n";
  CHECK(sensor(unique, "00  02  07 00  08 01 00 03", "00  02  08 01 00 04  09 00") ==
        "- instances[serial 7]: criteria (0)\n"
        "~ instances[serial 8].criteria[0].input: 3 -> 4\n"
        "+ instances[serial 9]: criteria (0)\n");
  CHECK(sensor(unique, "00  02  07 00  08 00", "00  02  08 00  07 00") == "> instances\n");
  CHECK(sensor(unique, "00  02  07 00  07 00", "00  02  07 00  07 01 01 02") ==
        ". ~ instances[serial 7 #2].num_criteria: 0 -> 1\n"
        "+ instances[serial 7 #2].criteria[0]: op equals, input 2\n");
}

TEST_CASE("a `unique` rule for some records only is no key") {
  const std::string some = "rules: [{ id: once, each: instances, where: _.serial > 3, unique: _.serial }]\n";
  CHECK(sensor(some, "00  01  07 00", "00  01  08 00") == "~ instances[0].serial: 7 -> 8\n");
}

TEST_CASE("a join says it too, and a key of several fields is shown by them") {
  const std::string join =
      "rules:\n  - id: known\n    each: instances.criteria\n"
      "    join: { row: { in: inputs, key: type_id * 256 + number, equals: 256 + _.input } }\n    require: row.kind > "
      "0\n";
  CHECK(sensor(join, "02  01 00 05  01 01 05  00", "02  01 01 06  01 02 05  00") ==
        "- inputs[type_id 1, number 0]: kind 5\n"
        "~ inputs[type_id 1, number 1].kind: 5 -> 6\n"
        "+ inputs[type_id 1, number 2]: kind 5\n");
}

TEST_CASE("without rules, a member called `id` is the key") {
  const std::string schema =
      "meta: { id: rows }\nseq: [{ id: rows, type: row, repeat: eos }]\n"
      "types: { row: { seq: [{ id: id, type: u1 }, { id: weight, type: u1 }] } }\n";
  CHECK(changes({.schema = schema, .older = {"01 aa  02 bb"}, .now = "02 bc  03 cc"}) ==
        "- rows[id 1]: weight 170\n~ rows[id 2].weight: 187 -> 188\n+ rows[id 3]: weight 204\n");
}

TEST_CASE("a field that comes and goes, and one of another case") {
  const std::string schema = R"(meta: { id: opt, encoding: ASCII }
seq:
  - { id: kind, type: u1 }
  - { id: extra, type: u1, if: kind > 1 }
  - { id: body, size: 2, type: { switch-on: kind, cases: { 1: pair, 2: word } } }
types:
  pair: { seq: [{ id: a, type: u1 }, { id: b, type: u1 }] }
  word: { seq: [{ id: text, type: str, size: 2 }] }
)";
  CHECK(changes({.schema = schema, .older = {"01 05 06"}, .now = "02 09 41 42"}) ==
        "~ kind: 1 -> 2\n+ extra: 9\n~ body: pair (a 5, b 6) -> word (text \"AB\")\n");
  CHECK(changes({.schema = schema, .older = {"02 09 41 42"}, .now = "01 05 06"}) ==
        "~ kind: 2 -> 1\n- extra: 9\n~ body: word (text \"AB\") -> pair (a 5, b 6)\n");
}

TEST_CASE("a short list is told whole, a long one where it differs") {
  const std::string schema = "meta: { id: list }\nseq: [{ id: words, type: u1, repeat: eos }]\n";
  const auto ask = [&](const std::string& a, const std::string& b) {
    return changes({.schema = schema, .older = {a}, .now = b});
  };
  CHECK(ask("02 03 07", "02 03") == "~ words: [2, 3, 7] -> [2, 3]\n");
  CHECK(ask("02 03", "03 02") == "~ words: [2, 3] -> [3, 2]\n");
  const std::string many = "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d";
  CHECK(ask(many, "00 01 02 03 04 05 06 07 ff 09 0a 0b 0c 0d 0e 0f") ==
        "~ words[8]: 8 -> 255\n+ words[14..16]: 2 elements\n");
  CHECK(ask(many, "00") == "- words[1..14]: 13 elements\n");
}

TEST_CASE("long values are shown where they differ, and safe to print") {
  const std::string schema =
      "meta: { id: blob, encoding: UTF-8 }\nseq: [{ id: raw, size: 24 }, { id: text, type: str, size-eos: true }]\n";
  const std::string head = "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16";
  CHECK(changes({.schema = schema, .older = {head + "17 41"}, .now = head + "ff 1b 5b 0a 22"}) ==
        "~ raw: [... 15 16 17] of 24 bytes -> [... 15 16 ff] of 24 bytes\n"
        "~ text: \"A\" -> \"\\x1b[\\n\\\"\"\n");
}

TEST_CASE("what says where others lie, or follows from them, is derived") {
  const std::string schema = R"(meta: { id: toc, endian: le }
seq:
  - { id: sum, type: u1, -sluice-checksum: { sum8: tail } }
  - { id: ofs, type: u1 }
  - { id: len, type: u1 }
  - { id: twice, type: u1, valid: len * 2 }
  - { id: flags, type: u1 }
  - { id: tail, size-eos: true }
instances:
  body: { pos: ofs, size: len }
  other: { pos: 'flags == 1 ? 0 : 1', size: 1 }
)";
  // `flags` chooses by its value, which is more than a place.
  CHECK(changes({.schema = schema, .older = {"03 06 01 02 01 01 02"}, .now = "03 05 02 04 02 01 02"}) ==
        ". ~ ofs: 6 -> 5\n. ~ len: 1 -> 2\n. ~ twice: 2 -> 4\n~ flags: 1 -> 2\n"
        "~ body: [02] -> [01 02]\n~ other: [03] -> [05]\n");
}

TEST_CASE("a thousand changes of one kind are a hundred and a number") {
  std::string before;
  std::string now;
  for (int k = 0; k < 1000; ++k) {
    before += "\x01";
    now += "\x02";
  }
  const std::string schema =
      "meta: { id: many }\nseq: [{ id: rows, type: row, repeat: eos }]\n"
      "types: { row: { seq: [{ id: weight, type: u1 }] } }\n";
  const std::string out = changes_of_bytes({.schema = schema, .older = {before}, .now = now});
  CHECK(std::count(out.begin(), out.end(), '\n') == 101);
  CHECK(out.ends_with("~ rows[99].weight: 1 -> 2\n900 more of rows[*].weight\n"));
}

}  // namespace
}  // namespace sluice::difference
