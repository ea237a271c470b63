#include "fuzz/explain/explain.h"

#include <catch2/catch.hpp>

#include "tests/triage/fake_oracle.h"

namespace sluice::explain {

using namespace triage;

namespace {

Effect field(const std::string& path, Integer number) {
  Effect effect;
  effect.path = path;
  effect.value = to_string(number);
  effect.number = number;
  return effect;
}

Explanation explain_one(const engine::Fault& fault, const Effect& effect) {
  Effects effects;
  effects.fault = fault;
  effects.fields = {effect};
  return explain(effects);
}

}  // namespace

TEST_CASE("an index is told of with the array that it leaves") {
  Effect input = field("criteria[20].input", 20);
  input.cures = true;
  input.cure = "19";
  input.is_refused = true;
  const Explanation got = explain_one(read_past(20, 20), input);
  CHECK(
      got.sentence ==
      "criteria[20].input is 20: it is used as the index 20, in steps of 8 bytes, and the driver reads behind the end "
      "of a 160-byte array of 20 elements. With 19 there is no fault. `check` refuses it.");
  CHECK(got.inequality == "20 >= 20 elements");
  REQUIRE(got.fields.size() == 1);
  CHECK(got.fields[0].is_guilty);
  CHECK(got.fields[0].clean == "19");
}

TEST_CASE("an offset is counted in bytes") {
  engine::Fault fault = fault_at(1, "write");
  std::strcpy(fault.object.what, "allocation");
  fault.object.bytes = 1420;
  fault.object.side = worker::Side::end;
  fault.object.distance = 80;
  Effect offset = field("ofs_operand", 1500);
  offset.moves = 1;
  const Explanation got = explain_one(fault, offset);
  CHECK(got.sentence ==
        "ofs_operand is 1500: it makes the offset 1500, and the driver writes 80 bytes behind the end of a 1420-byte "
        "allocation.");
  CHECK(got.inequality == "offset 1500 >= 1420 bytes");
  CHECK(got.fields[0].does == "each step moves the write 1 byte further");
}

TEST_CASE("what is no access is told of in words") {
  CHECK(explain_one(fault_at(1, "timeout"), field("next", 2)).sentence ==
        "next is 2, and the driver does not come back.");
  CHECK(explain_one(fault_at(1, "stack-exhausted"), field("parent", 1)).sentence ==
        "parent is 1, and the driver calls itself until its stack is used up.");
  Effects none;
  none.fault = fault_at(1, "timeout");
  CHECK(explain(none).sentence == "With this content the driver does not come back.");
  CHECK(explain({}).sentence.empty());
}

TEST_CASE("what a field does to the object is told of") {
  engine::Fault fault = read_past(4, 4);
  Effect count = field("num", 4);
  count.grows = -8;
  CHECK(does_of(count, fault) == "each step makes the array 8 bytes smaller");
  count.grows.reset();
  CHECK(does_of(count, fault).empty());
}

}  // namespace sluice::explain
