#include "fuzz/cause/signature.h"

#include <catch2/catch.hpp>
#include <cstring>

#include "fuzz/cause/case_name.h"
#include "fuzz/triage/worker_report.h"

namespace sluice::cause {
namespace {

Finding finding(FindingId id, const std::string& text, std::vector<std::string> stack) {
  Finding out = Finding::of(id).with("text", text);
  out.stack = std::move(stack);
  return out;
}

engine::Fault fault(const char* kind, const char* symbol, const char* what = "") {
  engine::Fault out{};
  std::strcpy(out.kind, kind);
  std::strcpy(out.symbol, symbol);
  std::strcpy(out.object.what, what);
  return out;
}

TEST_CASE("a replica and an image of one cause have one signature") {
  // As sluice run tells of replay_291.bin: ASan and DWARF, then a guard page and a PDB.
  const Finding replica = finding(
      FindingId::read_outside, "read of 8 bytes, 0 bytes past the end of a 160-byte array of 20 inputs",
      {"match_criterion  fuzz/reference/sensor_interpret.c:91", "match_instance  fuzz/reference/sensor_interpret.c:113",
       "follow_chain  fuzz/reference/sensor_interpret.c:148", "evaluate  fuzz/reference/sensor_adapter.c:23"});
  const Finding image = finding(
      FindingId::wild_access, "read of 8 bytes, 8 bytes past the end of a 168-byte array of 21 inputs",
      {"match_criterion  fuzz/zoo/image/sensor_interpret.c:90", "match_instance  fuzz/zoo/image/sensor_interpret.c:112",
       "follow_chain  fuzz/zoo/image/sensor_interpret.c:147"});
  CHECK(signature_of(replica) == signature_of(image));
  CHECK(text_of(signature_of(image)) == "bad-address of array in match_criterion < match_instance < follow_chain");
}

TEST_CASE("the C library, sanitizers and recursion are no functions of a signature") {
  const Finding deep =
      finding(FindingId::stack_exhausted, "needed more",
              {"memcpy  libc.so.6+0x1", "libc.so.6+0x152b56", "__asan_memcpy  x.c:1", "group_is_on  a.c:1",
               "group_is_on  a.c:1", "parent_of  a.c:2", "group_is_on  a.c:1", "evaluate  a.c:9", "member_of  a.c:3"});
  CHECK(signature_of(deep).functions == std::vector<std::string>{"group_is_on", "parent_of", "evaluate"});
  CHECK(signature_of(finding(FindingId::read_outside, "", {"mem_of_instance  a.c:3"})).functions.size() == 1);
}

TEST_CASE("what was freed is known by who freed it") {
  const Finding used = finding(FindingId::use_after_free, "read of 1 byte, at byte 104 of a 1420-byte allocation",
                               {"stands_at  a.c:30", "allocated by load  b.c:24", "freed by SensorLoad  b.c:48"});
  CHECK(text_of(signature_of(used)) == "use-after-free of SensorLoad in stands_at");
}

TEST_CASE("kinds of the engine and of findings are the same words") {
  CHECK(kind_class_of(fault("read", "f")) == kind_class_of(FindingId::null_followed));
  CHECK(kind_class_of(fault("write", "f", "freed allocation")) == kind_class_of(FindingId::use_after_free));
  CHECK(kind_class_of(fault("timeout", "")) == kind_class_of(FindingId::not_in_time));
  CHECK(kind_class_of(fault("signal-KILL", "")) == kind_class_of(FindingId::process_ended));
  CHECK(kind_class_of(fault("stack-exhausted", "f")) == kind_class_of(FindingId::stack_exhausted));
  CHECK(kind_class_of(fault("double-free", "f")) == kind_class_of(FindingId::double_free));
  CHECK(kind_class_of(FindingId::content_refused).empty());
  for (const char* kind : {"read", "write", "timeout", "bugcheck", "double-free", "memory", "illegal"}) {
    const engine::Fault one = fault(kind, "f");
    CHECK(kind_class_of(triage::finding_of(one, "7.11").id) == kind_class_of(one));
  }
  CHECK(triage::finding_of(fault("write", "f"), "7.11").id == FindingId::write_outside);
}

TEST_CASE("a name is made of kind and field, and of nothing else") {
  Place place;
  place.shown = {.kind = "bad-address", .step = engine::Step::evaluate, .function = "match_criterion"};
  place.field = "instances.criteria.input";
  const std::string name = name_of(place, "match_criterion");
  CHECK(name.starts_with("bad-address-instances.criteria.input-"));
  CHECK(name.size() == std::string("bad-address-instances.criteria.input-").size() + 8);
  place.build = 3;
  place.shown.function = "inlined";
  place.shown.step = engine::Step::load;
  CHECK(name_of(place, "inlined") == name);
}

TEST_CASE("where nobody knows the field, function and step are in the name") {
  Place place;
  place.shown = {.kind = "bad-address", .step = engine::Step::load, .function = "f"};
  const std::string name = name_of(place, "load/../x");
  CHECK(name.starts_with("bad-address-load-..-x-"));
  place.shown.step = engine::Step::evaluate;
  CHECK(name_of(place, "load/../x") != name);
  CHECK(name_of(place, "").starts_with("bad-address-nowhere-"));
}

TEST_CASE("a name that another cause has gets the build behind it") {
  Names names;
  CHECK(names.take("a", "7.11") == "a");
  CHECK(names.take("a", "7/12") == "a-7-12");
  CHECK(names.take("a", "7:12") == "a-7-12-2");
}

TEST_CASE("a field is named without the numbers of its elements") {
  CHECK(field_without_indices("instances[3].criteria[20].input") == "instances.criteria.input");
  CHECK(field_without_indices("a[0][1].b") == "a.b");
  CHECK(field_without_indices("a[0") == "a");
  CHECK(field_without_indices("").empty());
}

}  // namespace
}  // namespace sluice::cause
