#include "fuzz/explain/effects.h"

#include <catch2/catch.hpp>

#include "fuzz/cause/signature.h"
#include "tests/mutate/samples.h"
#include "tests/triage/fake_oracle.h"

namespace sluice::explain {

using namespace triage;

namespace {

using mutate::Bytes;
using mutate::format_of;
using mutate::from_hex;
using Input = std::span<const std::uint8_t>;

constexpr const char* kCells = R"(
meta: {id: cells, endian: le}
seq:
  - {id: magic, contents: CE}
  - {id: num_cells, type: u1}
  - {id: cells, type: cell, repeat: expr, repeat-expr: num_cells}
types:
  cell:
    seq:
      - {id: kind, type: u1, enum: kind}
      - {id: index, type: u1}
      - {id: color, type: u1}
enums:
  kind: {0: none, 1: used}
)";

bool is_cells(Input in) {
  return in.size() >= 3 && in[0] == 'C' && in[1] == 'E' && in.size() == 3 + std::size_t{in[2]} * 3;
}

// Reads what each cell that is used counts to, of four.
Does look_up(Input in) {
  if (!is_cells(in)) return refuses();
  for (std::size_t at = 3; at < in.size(); at += 3) {
    if (in[at] == 1 && in[at + 1] >= 4) return faults(read_past(in[at + 1], 4));
  }
  return {};
}

std::string paths(const Effects& effects) {
  std::string text;
  for (const Effect& effect : effects.fields) text += (text.empty() ? "" : " ") + effect.path;
  return text;
}

}  // namespace

TEST_CASE("the field that the address follows is the guilty one") {
  const auto format = format_of(kCells);
  FakeOracle oracle(look_up);
  const Bytes input = from_hex("43 45 02  01 02 07  01 06 09");
  const Effects effects = find_effects(*format, input, cause::place_of(read_past(6, 4)), oracle);
  REQUIRE(effects.guilty() != nullptr);
  const Effect& guilty = *effects.guilty();
  CHECK(guilty.path == "cells[1].index");
  CHECK(guilty.value == "6");
  CHECK(guilty.cures);
  CHECK(guilty.moves == 8);
  CHECK_FALSE(guilty.grows);
  CHECK_FALSE(guilty.is_refused);
  CHECK(guilty.bytes == ByteRange{7, 8});
  CHECK(effects.is_done);
  CHECK_FALSE(effects.needs_events);
}

TEST_CASE("what does nothing is not named, and a name comes last") {
  const auto format = format_of(kCells);
  FakeOracle oracle(look_up);
  const Bytes input = from_hex("43 45 01  01 04 09");
  const Effects effects = find_effects(*format, input, cause::place_of(read_past(4, 4)), oracle);
  CHECK(paths(effects) == "cells[0].index num_cells cells[0].kind");
  REQUIRE(effects.fields.size() == 3);
  CHECK(effects.fields[2].cure == "0");
}

TEST_CASE("what check refuses is guiltier than what the address follows") {
  std::string schema(kCells);
  schema.replace(schema.find("id: color, type: u1"), 19, "id: color, type: u1, valid: {max: 7}");
  const auto format = format_of(schema);
  FakeOracle oracle([](Input in) -> Does {
    if (!is_cells(in)) return refuses();
    return in.size() > 5 && in[5] > 7 && in[4] > 3 ? faults(read_past(in[4], 4)) : Does{};
  });
  const Bytes input = from_hex("43 45 01  01 06 09");
  const Effects effects = find_effects(*format, input, cause::place_of(read_past(6, 4)), oracle);
  REQUIRE(effects.fields.size() >= 2);
  CHECK(effects.fields[0].path == "cells[0].color");
  CHECK(effects.fields[0].is_refused);
  CHECK(effects.fields[1].path == "cells[0].index");
  CHECK(effects.fields[1].moves == 8);
}

TEST_CASE("an object that grows with a field does not make it guilty") {
  const auto format = format_of(kCells);
  // A table with a place for each cell, less one; the last cell is written behind it.
  FakeOracle oracle([](Input in) -> Does {
    if (!is_cells(in) || in[2] == 0) return refuses();
    return in[in.size() - 1] == 9 ? faults(read_past(in[2], in[2] - 1u)) : Does{};
  });
  const Bytes input = from_hex("43 45 03  01 00 00  01 00 00  01 00 09");
  const Effects effects = find_effects(*format, input, cause::place_of(read_past(3, 2)), oracle);
  REQUIRE(effects.guilty() != nullptr);
  CHECK(effects.guilty()->path == "cells[2].color");
}

TEST_CASE("a file that ends inside its header has no guilty field but the header") {
  const auto format = format_of(R"(
meta: {id: torn, endian: le}
seq:
  - {id: header, type: header}
types:
  header:
    seq:
      - {id: size, type: u2, valid: _root._io.size}
      - {id: a, type: u2}
)");
  FakeOracle oracle([](Input) { return faults(read_past(2, 1)); });
  const Effects effects = find_effects(*format, from_hex("04 00 01"), cause::place_of(read_past(2, 1)), oracle);
  REQUIRE(effects.guilty() != nullptr);
  CHECK(effects.guilty()->path == "header");
  CHECK(effects.guilty()->value == "3 bytes");
}

TEST_CASE("a size in which its part does not end is guiltier than what the driver would do instead") {
  const auto format = format_of(R"(
meta: {id: sized, endian: le}
seq:
  - {id: kind, type: u1, enum: kind}
  - {id: len_list, type: u1}
  - {id: list, type: list, size: len_list}
types:
  list:
    seq:
      - {id: numbers, type: u4, repeat: eos}
enums:
  kind: {0: none, 1: used}
)");
  // Half of a number is read as a whole one; the driver takes no list that is longer or shorter than the file.
  FakeOracle oracle([](Input in) -> Does {
    if (in.size() < 2 || in.size() != 2 + std::size_t{in[1]} || in[1] > 6 || in[1] < 5) return refuses();
    return in[0] == 1 ? faults(read_past(2, 1)) : Does{};
  });
  const Effects effects =
      find_effects(*format, from_hex("01 06 00 00 00 00 00 00"), cause::place_of(read_past(2, 1)), oracle);
  REQUIRE(effects.guilty() != nullptr);
  CHECK(effects.guilty()->path == "len_list");
  CHECK(effects.guilty()->is_refused);
}

TEST_CASE("an address that moves because the content is longer follows no field") {
  const auto format = format_of(kCells);
  FakeOracle oracle([](Input in) -> Does {
    if (!is_cells(in) || in[2] == 0) return in.size() == 3 ? Does{} : refuses();
    if (in[4] < 8) return refuses();
    engine::Fault wild = fault_at(0x1000);
    wild.address = 0x100000 - in.size() + in[4];
    return faults(wild);
  });
  const Effects effects =
      find_effects(*format, from_hex("43 45 01  01 08 09"), cause::place_of(fault_at(0x1000)), oracle);
  CHECK(paths(effects) == "num_cells cells[0].index");
  REQUIRE(effects.fields.size() == 2);
  CHECK_FALSE(effects.fields[0].moves);
  CHECK(effects.fields[1].moves == 1);
}

TEST_CASE("two names that have to be one are changed together where a rule refuses one of them") {
  const auto format = format_of(R"(
meta: {id: kinds, endian: le}
seq:
  - {id: kind, type: u1, enum: kind}
  - {id: rows, type: row, repeat: expr, repeat-expr: 1}
types:
  row:
    seq:
      - {id: op, type: u1, enum: op}
      - {id: kind, type: u1, enum: kind}
    -sluice-asserts:
      - {expr: 'op != op::set or kind == kind::number', message: a set of something else}
enums:
  op: {0: any, 1: set}
  kind: {1: text, 2: number}
)");
  FakeOracle oracle([](Input in) -> Does {
    if (in.size() != 3 || in[0] != in[2]) return refuses();
    return in[1] == 1 && in[2] == 1 ? faults(read_past(2, 1)) : Does{};
  });
  const Effects effects = find_effects(*format, from_hex("01 01 01"), cause::place_of(read_past(2, 1)), oracle);
  REQUIRE(effects.guilty() != nullptr);
  CHECK(effects.guilty()->path == "rows[0].kind");
  CHECK(effects.guilty()->cure == "2");
}

TEST_CASE("an input that does not show the fault has no effects, and tries are bounded") {
  const auto format = format_of(kCells);
  FakeOracle clean([](Input) { return Does{}; });
  const Effects none = find_effects(*format, from_hex("43 45 01  01 04 09"), 7, clean);
  CHECK(none.fields.empty());
  CHECK(none.fault.kind[0] == '\0');
  CHECK(clean.asked == 2);  // with events, too

  FakeOracle oracle(look_up);
  const Effects few =
      find_effects(*format, from_hex("43 45 01  01 04 09"), cause::place_of(read_past(4, 4)), oracle, {.tries = 5});
  CHECK(oracle.asked == 5);
  CHECK_FALSE(few.is_done);
}

}  // namespace sluice::explain
