#include "fuzz/suggest/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "fuzz/cause/signature.h"
#include "tests/mutate/samples.h"
#include "tests/triage/fake_oracle.h"

namespace sluice::suggest {

using namespace triage;

namespace {

using mutate::Bytes;
using mutate::from_hex;
using Input = std::span<const std::uint8_t>;

constexpr const char* kSchema = R"(
meta: {id: cells, endian: le, encoding: ASCII}
seq:
  - {id: num_cells, type: u1}
  - {id: len_pool, type: u1}
  - {id: cells, type: cell, repeat: expr, repeat-expr: num_cells}
  - {id: pool, size: len_pool}
types:
  cell:
    seq:
      - {id: kind, type: u1, enum: kind}
      - {id: a, type: u1}
      - {id: b, type: u1}
enums:
  kind: {1: number, 2: text, 3: set}
)";

struct Cell {
  int kind, a, b;
};

struct Cells {
  int len_pool = 0;
  std::vector<Cell> cells;
};

std::optional<Cells> read(Input in) {
  if (in.size() < 2 || in.size() != 2 + std::size_t{in[0]} * 3 + in[1]) return std::nullopt;
  Cells out{.len_pool = in[1], .cells = {}};
  for (std::size_t i = 0; i < in[0]; ++i) {
    const auto cell = in.subspan(2 + i * 3, 3);
    if (cell[0] < 1 || cell[0] > 3) return std::nullopt;
    out.cells.push_back({cell[0], cell[1], cell[2]});
  }
  return out;
}

Bytes write(const Cells& cells) {
  Bytes out = {static_cast<std::uint8_t>(cells.cells.size()), static_cast<std::uint8_t>(cells.len_pool)};
  for (const Cell& cell : cells.cells) {
    for (const int value : {cell.kind, cell.a, cell.b}) out.push_back(static_cast<std::uint8_t>(value));
  }
  out.resize(out.size() + static_cast<std::size_t>(cells.len_pool));
  return out;
}

// What a test says of a driver: whether content that it loads faults.
using IsWrong = std::function<bool(const Cells& cells)>;

struct Suggested {
  Suggestion suggestion;
  explain::Effects effects;
};

Suggested suggest_for(const IsWrong& is_wrong, const Cells& minimal, const std::vector<Cells>& good,
                      const std::vector<Cells>& crashes = {}, const std::string& schema = kSchema,
                      const std::string& rules = "", std::vector<program::BuildFacts> builds = {},
                      const engine::Fault& fault = fault_at(0x10)) {
  FakeOracle oracle([&](Input in) -> Does {
    const auto cells = read(in);
    if (!cells) return refuses();
    return is_wrong(*cells) ? faults(fault) : Does{};
  });
  std::vector<std::string> problems;
  const auto format = mutate::Format::load_text(schema, rules, builds, problems);
  REQUIRE(problems == std::vector<std::string>{});
  const Bytes input = write(minimal);
  const std::uint64_t place = cause::place_of(fault);
  Suggested out{.suggestion = {}, .effects = explain::find_effects(*format, input, place, oracle)};
  Evidence evidence;
  for (const Cells& cells : good) evidence.good.push_back(write(cells));
  for (const Cells& cells : crashes) evidence.crashes.push_back(write(cells));
  const SuggestInput documents{.schema_text = schema,
                               .rules_text = rules,
                               .schema_file = "cells.ksy",
                               .rules_file = "cells.rules.yaml",
                               .builds = builds,
                               .build = builds.empty() ? "" : builds.front().name};
  out.suggestion = suggest(documents, *format, input, place, out.effects, evidence, oracle);
  return out;
}

template <typename Wrong>
IsWrong any(Wrong wrong) {
  return [wrong](const Cells& cells) {
    return std::ranges::any_of(cells.cells, [&](const Cell& cell) { return wrong(cell, cells); });
  };
}

using Kind = Suggestion::Kind;

}  // namespace

TEST_CASE("a bound is the weakest that refuses what faults") {
  const auto got = suggest_for(any([](const Cell& c, const Cells&) { return c.a > 20; }), {.cells = {{1, 30, 0}}},
                               {{.cells = {{1, 5, 0}}}, {.cells = {{2, 20, 4}, {1, 7, 9}}}}, {{.cells = {{2, 99, 1}}}});
  CHECK(got.suggestion.kind == Kind::valid);
  CHECK(got.suggestion.text == "a: valid: {max: 20}");
  CHECK(got.suggestion.patch ==
        "--- a/cells.ksy\n+++ b/cells.ksy\n@@ -9,7 +9,7 @@\n   cell:\n     seq:\n"
        "       - {id: kind, type: u1, enum: kind}\n-      - {id: a, type: u1}\n"
        "+      - {id: a, type: u1, valid: {max: 20}}\n       - {id: b, type: u1}\n enums:\n"
        "   kind: {1: number, 2: text, 3: set}\n");
  REQUIRE(got.suggestion.evidence.size() >= 2);
  CHECK(got.suggestion.evidence[0] == "It refuses the smallest file of the fault, and the 1 other that were found.");
  CHECK(got.suggestion.evidence[1] == "It accepts all of 2 good files.");
}

TEST_CASE("a bound that another field sets is a relation") {
  const auto got = suggest_for(any([](const Cell& c, const Cells&) { return c.a > c.b; }), {.cells = {{1, 3, 2}}},
                               {{.cells = {{1, 50, 60}}}, {.cells = {{2, 0, 0}, {1, 7, 9}}}});
  CHECK(got.suggestion.kind == Kind::rule);
  CHECK(got.suggestion.text == "- id: a-b\n  each: cells\n  require: _.a <= _.b\n");
}

TEST_CASE("a range has to lie in what the header says") {
  const auto got =
      suggest_for(any([](const Cell& c, const Cells& all) { return c.a + c.b > all.len_pool; }),
                  {.len_pool = 5, .cells = {{1, 3, 4}}},
                  {{.len_pool = 60, .cells = {{1, 50, 10}}}, {.len_pool = 4, .cells = {{2, 4, 0}, {1, 0, 4}}}});
  CHECK(got.suggestion.kind == Kind::rule);
  CHECK_THAT(got.suggestion.text, Catch::Contains("require: _.a <= len_pool and _.b <= len_pool - _.a"));
}

TEST_CASE("a multiple is asked for where the kind says so") {
  const auto got =
      suggest_for(any([](const Cell& c, const Cells&) { return c.kind == 3 && c.b % 4 != 0; }), {.cells = {{3, 0, 5}}},
                  {{.cells = {{1, 50, 7}, {2, 5, 5}}}, {.cells = {{3, 0, 8}, {3, 7, 4}, {3, 7, 12}}}});
  CHECK(got.suggestion.kind == Kind::rule);
  CHECK_THAT(got.suggestion.text, Catch::Contains("where: _.kind == kind::set\n  require: _.b % 4 == 0"));
}

TEST_CASE("references that go in a circle must not") {
  const auto wrong = [](const Cells& all) {
    for (const Cell& start : all.cells) {
      std::size_t at = static_cast<std::size_t>(start.a);
      for (std::size_t steps = 0; at != 0 && at <= all.cells.size(); ++steps) {
        if (steps > all.cells.size()) return true;
        at = static_cast<std::size_t>(all.cells[at - 1].a);
      }
    }
    return false;
  };
  const auto got =
      suggest_for(wrong, {.cells = {{1, 2, 0}, {1, 1, 0}}},
                  {{.cells = {{1, 0, 0}, {1, 1, 0}, {1, 2, 0}}}, {.cells = {{1, 2, 0}, {1, 3, 0}, {1, 0, 0}}}},
                  {{.cells = {{1, 1, 0}}}, {.cells = {{1, 0, 0}, {1, 3, 0}, {1, 4, 0}, {1, 2, 0}}}});
  CHECK(got.suggestion.kind == Kind::rule);
  CHECK_THAT(got.suggestion.text, Catch::Contains("where: _.a != 0\n  acyclic: {node: _index + 1, to: _.a}"));
}

TEST_CASE("what must not be there twice is unique") {
  const auto wrong = [](const Cells& all) {
    for (std::size_t i = 0; i < all.cells.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (all.cells[i].a == all.cells[j].a) return true;
      }
    }
    return false;
  };
  const auto got = suggest_for(wrong, {.cells = {{1, 7, 0}, {1, 7, 1}}},
                               {{.cells = {{1, 9, 0}, {1, 1, 0}, {1, 7, 0}}}, {.cells = {{1, 2, 0}, {1, 255, 0}}}});
  CHECK(got.suggestion.kind == Kind::rule);
  CHECK_THAT(got.suggestion.text, Catch::Contains("unique: _.a"));
}

// The same cells, by names that say what they are.
std::string named(const char* pool, const char* a, const char* b) {
  std::string schema(kSchema);
  const auto put = [&](const std::string& old, const std::string& with) {
    for (std::size_t at = schema.find(old); at != std::string::npos; at = schema.find(old, at + with.size())) {
      schema.replace(at, old.size(), with);
    }
  };
  put("len_pool", pool);
  put("id: a,", fmt::format("id: {},", a));
  put("id: b,", fmt::format("id: {},", b));
  return schema;
}

TEST_CASE("an offset and a length lie inside, though what follows is there by luck") {
  // Whatever is no set is not looked at.
  const auto got =
      suggest_for(any([](const Cell& c, const Cells& all) { return c.kind == 3 && c.a + c.b > all.len_pool; }),
                  {.len_pool = 5, .cells = {{3, 3, 4}}},
                  {{.len_pool = 60, .cells = {{1, 50, 10}}}, {.len_pool = 4, .cells = {{2, 4, 0}, {1, 0, 4}}}}, {},
                  named("len_pool", "ofs_text", "len_text"));
  CHECK(got.suggestion.kind == Kind::rule);
  CHECK(got.suggestion.text ==
        "- id: ofs-text-inside-len-pool\n  each: cells\n"
        "  inside: {from: _.ofs_text, size: _.len_text, region: {from: 0, size: len_pool}}\n");
}

TEST_CASE("what names something bounds no offset") {
  // In each file an offset that faults happens to be more than the id.
  const auto got = suggest_for(any([](const Cell& c, const Cells&) { return c.a > 40; }), {.cells = {{1, 41, 40}}},
                               {{.cells = {{1, 40, 40}}}, {.cells = {{1, 7, 9}}}}, {{.cells = {{1, 50, 40}}}},
                               named("len_pool", "ofs_text", "id"));
  CHECK(got.suggestion.text == "ofs_text: valid: {max: 40}");
}

TEST_CASE("a tag asks for the one kind that good files have with it") {
  std::string schema(kSchema);
  schema.replace(schema.find("{id: a, type: u1}"), 17, "{id: a, type: u1, enum: kind}");
  const auto got = suggest_for(any([](const Cell& c, const Cells&) { return c.kind == 3 && c.a != 2; }),
                               {.cells = {{3, 1, 0}}}, {{.cells = {{3, 2, 5}, {1, 1, 0}, {2, 3, 1}}}},
                               {{.cells = {{3, 3, 9}}}, {.cells = {{3, 1, 4}, {1, 2, 7}}}}, schema);
  CHECK_THAT(got.suggestion.text, Catch::Contains("where: _.kind == kind::set\n  require: _.a == kind::text"));
}

TEST_CASE("none may be what is too little") {
  const auto got = suggest_for(any([](const Cell& c, const Cells&) { return c.a == 0; }), {.cells = {{1, 0, 0}}},
                               {{.cells = {{1, 1, 0}, {2, 3, 4}}}}, {{.cells = {{1, 0, 7}, {3, 1, 1}}}});
  CHECK(got.suggestion.text == "a: valid: {min: 1}");
}

TEST_CASE("what is referred to is of the type that refers to it, whether or not somebody went there") {
  const auto is_other = [](const Cell& c, const Cells& all) {
    const auto at = static_cast<std::size_t>(c.a);
    return c.kind == 3 && at != 0 && at <= all.cells.size() && all.cells[at - 1].b != c.b;
  };
  const auto got = suggest_for(any(is_other), {.cells = {{1, 0, 2}, {3, 1, 1}}},
                               {{.cells = {{1, 0, 1}, {3, 1, 1}, {2, 0, 9}, {1, 3, 9}}}},
                               {{.cells = {{1, 0, 9}, {3, 1, 4}}}}, named("len_pool", "next", "type_id"));
  CHECK_THAT(got.suggestion.text,
             Catch::Contains("where: _.next != 0\n  require: cells[_.next - 1].type_id == _.type_id"));
}

TEST_CASE("what opens is closed: brackets among numbers, and tags by their names") {
  const auto is_open = [](int open, int close, int (*value)(const Cell&)) {
    return [=](const Cells& cells) {
      bool opened = false;
      for (const Cell& cell : cells.cells) {
        opened = (opened && value(cell) != close) || (!opened && value(cell) == open);
      }
      return opened;
    };
  };
  const auto brackets = suggest_for(is_open('[', ']', [](const Cell& c) { return c.a; }), {.cells = {{1, '[', 0}}},
                                    {{.cells = {{1, '[', 1}, {2, 'a', 2}, {1, ']', 3}}}, {.cells = {{1, 'x', 9}}}},
                                    {{.cells = {{3, 'b', 1}, {1, '[', 1}, {2, 'a', 2}}}});
  CHECK_THAT(brackets.suggestion.text,
             Catch::Contains("each: cells\n  closed: {open: '_.a == 91', close: '_.a == 93'}"));
  std::string schema(kSchema);
  schema.replace(schema.find("{1: number, 2: text, 3: set}"), 28, "{1: begin_list, 2: text, 3: end_list}");
  const auto tags = suggest_for(is_open(1, 3, [](const Cell& c) { return c.kind; }), {.cells = {{1, 0, 0}}},
                                {{.cells = {{1, 4, 1}, {2, 3, 2}, {3, 0, 3}}}, {.cells = {{2, 1, 9}}}},
                                {{.cells = {{2, 2, 1}, {1, 3, 1}, {2, 8, 2}}}}, schema);
  CHECK_THAT(tags.suggestion.text,
             Catch::Contains("closed: {open: '_.kind == kind::begin_list', close: '_.kind == kind::end_list'}"));
}

TEST_CASE("what the build supplies bounds an index by contract") {
  const std::vector<program::BuildFacts> builds = {
      {.name = "1.0", .support = "fielded", .supplies = {{5, 20}, {6, 3}}, .defines = {{5, 21}, {6, 3}}, .caps = {}}};
  const auto wrong = any([](const Cell& c, const Cells&) { return (c.a == 5 && c.b >= 20) || (c.a == 6 && c.b >= 3); });
  const auto got =
      suggest_for(wrong, {.cells = {{1, 5, 20}}}, {{.cells = {{1, 5, 19}}}, {.cells = {{1, 6, 2}, {1, 5, 12}}}},
                  {{.cells = {{1, 6, 3}}}}, kSchema, "", builds, read_past(20, 20));
  CHECK(got.suggestion.kind == Kind::contract);
  CHECK_THAT(got.suggestion.text, Catch::Contains("require: _.b < build.supplies[_.a]"));
}

TEST_CASE("what check refuses needs no rule") {
  std::string schema(kSchema);
  schema.replace(schema.find("{id: a, type: u1}"), 17, "{id: a, type: u1, valid: {max: 9}}");
  const auto wrong = any([](const Cell& c, const Cells&) { return c.a > 20; });
  const auto got = suggest_for(wrong, {.cells = {{1, 30, 0}}}, {}, {}, schema);
  CHECK(got.suggestion.kind == Kind::refused_already);
  CHECK(got.suggestion.rule == "SL0203");
}

TEST_CASE("where good files are as those that fault nothing is suggested") {
  // Only the first byte of the pool counts, which no rule can see.
  const auto wrong = any([](const Cell&, const Cells&) { return true; });
  const auto got = suggest_for(wrong, {.cells = {{1, 3, 0}}}, {});
  CHECK(got.suggestion.kind != Kind::refused_already);
  CHECK((got.suggestion.kind == Kind::none ? !got.suggestion.why.empty() : !got.suggestion.text.empty()));
}

}  // namespace sluice::suggest
