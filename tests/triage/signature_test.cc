#include "fuzz/triage/signature.h"

#include <catch2/catch.hpp>
#include <cstring>

#include "fuzz/triage/case_name.h"
#include "fuzz/triage/words.h"
#include "fuzz/triage/worker_report.h"

namespace sluice::triage {
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
    CHECK(kind_class_of(finding_of(one, "7.11").id) == kind_class_of(one));
  }
  CHECK(finding_of(fault("write", "f"), "7.11").id == FindingId::write_outside);
}

TEST_CASE("a name is made of kind, field and step, and of nothing else") {
  Place place;
  place.shown = {.kind = "bad-address", .step = engine::Step::evaluate, .function = "match_criterion"};
  place.field = "instances.criteria.input";
  const std::string name = name_of(place, "match_criterion");
  CHECK(name.starts_with("bad-address-instances.criteria.input-"));
  CHECK(name.size() == std::string("bad-address-instances.criteria.input-").size() + 8);
  place.build = 3;
  place.shown.function = "inlined";
  CHECK(name_of(place, "inlined") == name);
  place.shown.step = engine::Step::load;
  CHECK(name_of(place, "inlined") != name);
  place.field.clear();
  CHECK(name_of(place, "load/../x").starts_with("bad-address-load-..-x-"));
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

TEST_CASE("what is copied into a shell stays one word") {
  CHECK(shell_word("7.11") == "7.11");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("a b;c") == "'a b;c'");
  CHECK(shell_word("it's") == "'it'\\''s'");
}

TEST_CASE("events are written as an events file has them") {
  const engine::Event event{.type = 3,
                            .inputs = {{.kind = SLUICE_ABSENT, .bytes = ""},
                                       {.kind = SLUICE_UTF16, .bytes = std::string("\\\0a\0", 4)},
                                       {.kind = SLUICE_U32, .bytes = std::string("\x05\0\0\0", 4)},
                                       {.kind = SLUICE_BYTES, .bytes = "MZ"}}};
  CHECK(text_of(event) == R"({type: 3, inputs: [null, "\\a", 5, {hex: "4d5a"}]})");
}

TEST_CASE("a report of the wrong shape is left out, and what it holds beside that is kept") {
  CHECK(read_worker_reports("").empty());
  CHECK(read_worker_reports(R"({"files": {}})").empty());
  const auto reports = read_worker_reports(R"({"files": [{"file": "a", "findings": [
      {"name": "no such finding"}, 7, {"name": "read_outside", "build": "7.11", "severity": "error", "path": "x",
       "bytes": {"begin": 1, "end": 3}, "parameters": {"text": "t", "n": 1}, "stack": ["f  a.c:1", 2]},
      {"name": "content_refused", "build": "7.10", "bytes": {"begin": -1, "end": 3}}]}]})");
  const std::vector<Finding>& findings = reports.at("a");
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].bytes == ByteRange{1, 3});
  CHECK(findings[0].parameter("text") == "t");
  CHECK(findings[0].stack == std::vector<std::string>{"f  a.c:1"});
  CHECK(findings[1].bytes == std::nullopt);
  CHECK(fault_on(findings, "7.11", "bad-address") == &findings[0]);
  CHECK(fault_on(findings, "7.11", "double-free") == &findings[0]);
  CHECK(fault_on(findings, "7.10", "bad-address") == nullptr);
}

}  // namespace
}  // namespace sluice::triage
