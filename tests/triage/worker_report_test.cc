#include "fuzz/triage/worker_report.h"

#include <catch2/catch.hpp>

#include "fuzz/triage/words.h"

namespace sluice::triage {
namespace {

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
