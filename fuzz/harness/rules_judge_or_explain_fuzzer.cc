// Any text is a rules document that loads, or is refused with at least one error; what loads is judged over any bytes
// within limits, and what it finds lies inside. The text ends at the first zero byte; the rest is the content.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/harness/judge.h"
#include "validator/rules/load.h"
#include "validator/schema/compile.h"

using namespace sluice;
using harness::require;

// Something of everything that a rule can be about: rows, nested sequences, a type in two places, rows that come later,
// positions, a switch, text.
static constexpr const char* kSchema = R"(
meta: {id: f, endian: le, encoding: ASCII, -sluice-allow: [trailing-bytes, overlap]}
seq:
  - {id: n, type: u1}
  - {id: rows, type: row, repeat: expr, repeat-expr: n % 8}
  - {id: uses, type: use, repeat: expr, repeat-expr: n / 32}
  - {id: one, type: row}
  - {id: late, type: row, repeat: eos}
instances:
  at: {pos: n, type: row, repeat: expr, repeat-expr: 2, if: n < 9}
types:
  row:
    seq:
      - {id: id, type: u1}
      - {id: v, type: s1}
      - {id: name, type: strz}
  use:
    seq:
      - {id: id, type: u1}
      - {id: m, type: u1}
      - {id: cells, type: cell, repeat: expr, repeat-expr: m % 4}
    instances:
      part: {pos: 0, size: m, type: {switch-on: id, cases: {1: codes, 2: row}}}
  codes:
    seq:
      - {id: codes, type: u1, repeat: eos}
  cell:
    seq:
      - {id: op, type: u1, enum: op}
      - {id: input, type: u1}
enums: {op: {0: any, 1: equals}}
)";

static std::vector<program::BuildFacts> builds() {
  return {{.name = "1", .support = "fielded", .supplies = {{0, 2}, {1, 3}}, .defines = {{0, 2}}, .caps = {{"c", 2}}},
          {.name = "2", .support = "canary", .supplies = {{1, 4}}, .defines = {{1, 4}}, .caps = {{"c", 9}}}};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto text_of_schema = [] {
    std::vector<schema::Problem> problems;
    auto loaded = schema::load_schema_text("f.ksy", kSchema, problems);
    require(loaded.has_value());
    return std::move(*loaded);
  };
  static schema::Schema schema = text_of_schema();
  const std::uint8_t* end = std::find(data, data + size, std::uint8_t{0});
  std::vector<schema::Problem> problems;
  if (!rules::load_rules_text("f.rules.yaml", "format: f\n" + std::string(data, end), schema, builds(), problems)) {
    require(!problems.empty());
    return 0;
  }
  const program::Program program = schema::compile(schema, {.builds = builds()});
  if (end != data + size) ++end;
  harness::judge_inside(program, {end, data + size}, 20000);
  return 0;
}
