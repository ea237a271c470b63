#include "fuzz/cause/cases.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "fuzz/triage/crash_files.h"
#include "tests/scratch_folder.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::cause {
namespace {

namespace fs = std::filesystem;
using report::CaseState;
using Bytes = std::vector<std::uint8_t>;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Case sample() {
  return {.identity = "bad-address-a.b-0011aabb",
          .since = "2026-11-27",
          .fixed = {},
          .signature = "bad-address in f",
          .kind = "bad-address",
          .step = "load",
          .field = "a.b",
          .builds = {"7.11"},
          .unfixed = {},
          .driver = "sensor.driver.yaml",
          .schema = "channel.ksy"};
}

Cases open(const fs::path& folder) {
  std::vector<std::string> problems;
  Cases cases(folder.string(), problems);
  CHECK(problems.empty());
  return cases;
}

TEST_CASE("what is expected of a case survives writing and reading") {
  Case its = sample();
  its.fixed = "2026-12-01";
  its.unfixed = {"7.10"};
  const auto again = read_expected(expected_json(its));
  REQUIRE(again);
  CHECK(expected_json(*again) == expected_json(its));
  CHECK(again->unfixed == its.unfixed);
  CHECK_FALSE(read_expected(""));
  CHECK_FALSE(read_expected(R"({"version": 2, "identity": "a", "kind": "b"})"));
  CHECK_FALSE(read_expected(R"({"version": 1, "identity": 7, "kind": "b"})"));
}

TEST_CASE("a case goes from new to open to regression, and nothing of it is lost") {
  const test::ScratchFolder scratch;
  const fs::path folder = scratch / "crashes";
  const Bytes input = {1, 2, 3};
  std::string problem;
  Cases cases = open(folder);
  CHECK(cases.all().empty());
  REQUIRE(cases.write_new(sample(), {.input = input, .report = "r", .patch = "p"}, problem));
  const std::string name = sample().identity;
  CHECK(text_of(folder / "new" / name / "content.bin") == "\x01\x02\x03");
  CHECK(text_of(folder / "new" / name / "suggestion.patch") == "p");
  CHECK_FALSE(fs::exists(folder / "new" / name / "input.bin"));
  std::ofstream(folder / "new" / name / "notes.txt") << "mine";
  // Found again, with a smaller file.
  REQUIRE(cases.write_new(sample(), {.input = std::span(input).first(1), .report = "r2", .patch = ""}, problem));
  CHECK(text_of(folder / "new" / name / "content.bin") == "\x01");
  CHECK(text_of(folder / "new" / name / "notes.txt") == "mine");

  cases = open(folder);
  REQUIRE(cases.find(name) != nullptr);
  CHECK(cases.find(name)->state == CaseState::fresh);
  REQUIRE(cases.move(*cases.find(name), CaseState::open, problem));
  CHECK_FALSE(fs::exists(folder / "new" / name));
  CHECK(text_of(folder / "open" / name / "notes.txt") == "mine");
  cases = open(folder);
  Case its = *cases.find(name);
  CHECK(its.state == CaseState::open);
  its.fixed = "2026-12-01";
  its.unfixed = {"7.11"};
  REQUIRE(cases.move(its, CaseState::regression, problem));
  cases = open(folder);
  CHECK(cases.find(name)->state == CaseState::regression);
  CHECK(cases.find(name)->unfixed == std::vector<std::string>{"7.11"});
  CHECK(cases.find(name)->fixed == "2026-12-01");
}

TEST_CASE("a case does not move over another") {
  const test::ScratchFolder scratch;
  const fs::path folder = scratch / "crashes";
  const Bytes input = {1};
  std::string problem;
  Cases cases = open(folder);
  REQUIRE(cases.write_new(sample(), {.input = input, .report = "", .patch = ""}, problem));
  fs::create_directories(folder / "open" / sample().identity);
  std::ofstream(folder / "open" / sample().identity / "expected.json") << expected_json(sample());
  cases = open(folder);
  REQUIRE(cases.all().size() == 2);
  CHECK_FALSE(cases.move(cases.all().front(), CaseState::open, problem));
  CHECK(problem.ends_with("is there already"));
  CHECK(fs::exists(folder / "new" / sample().identity / "content.bin"));
}

TEST_CASE("a container keeps its events beside its content") {
  const test::ScratchFolder scratch;
  const Bytes content = {1, 2};
  const Bytes operations = {2};
  const Bytes input = bytes::write_fuzz_input({.content = content, .second = {}, .operations = operations});
  std::string problem;
  Cases cases = open(scratch / "crashes");
  REQUIRE(cases.write_new(sample(), {.input = input, .report = "", .patch = ""}, problem));
  cases = open(scratch / "crashes");
  const Case& its = cases.all().front();
  CHECK(fs::path(Cases::input_path(its)).filename() == "input.bin");
  CHECK(fs::file_size(Cases::content_path(its)) == 2);
}

TEST_CASE("a folder that is no case is told, and not taken for none") {
  const test::ScratchFolder scratch;
  fs::create_directories(scratch / "open/empty");
  fs::create_directories(scratch / "open/other");
  std::ofstream(scratch / "open/other/expected.json") << expected_json(sample());  // of another name
  fs::create_directories(scratch / "new/.hidden");
  std::vector<std::string> problems;
  const Cases cases((scratch / "").string(), problems);
  CHECK(cases.all().empty());
  CHECK(problems.size() == 2);
}

TEST_CASE("crash files are those that can be inputs, and what lies beside them is passed over") {
  const test::ScratchFolder scratch;
  for (const char* name : {"a.bin", "a.content.bin", "plain", "b.content.bin"}) scratch.write(name, "x");
  scratch.write("a.found.json", R"({"identity": "7.11-read-f-1", "build": "7.11", "recipe": "r"})");
  scratch.write("a.report.json", "{}");
  scratch.write("a.report.txt", "");
  scratch.write("empty.bin", "");
  scratch.write("drift.bin", "x");
  scratch.write("drift.found.json", R"({"identity": "d", "build": "7.11", "drift": true})");
  scratch.write("no.bin", "x");
  scratch.write("no.found.json", R"({"identity": "7.11-content-refused-1", "build": "7.11"})");
  scratch.write("large.bin", std::string((1u << 20) + 1, 'x'));
  fs::create_directory(scratch / "new");
  fs::create_symlink("nowhere", scratch / "broken");
  triage::CrashFolder folder;
  std::string problem;
  REQUIRE(read_crash_folder((scratch / "").string(), folder, problem));
  std::vector<std::string> names;
  for (const triage::CrashFile& file : folder.files) names.push_back(fs::path(file.path).filename());
  CHECK(names == std::vector<std::string>{"a.bin", "b.content.bin", "plain"});
  CHECK(folder.files[0].builds == std::vector<std::string>{"7.11"});
  CHECK(folder.files[0].recipe == "r");
  CHECK(folder.files[1].builds.empty());
  std::vector<std::string> left_out;
  for (const auto& each : folder.left_out)
    left_out.push_back(fs::path(each.file).filename().string() + ": " + each.reason);
  CHECK(left_out == std::vector<std::string>{
                        "broken: is no file",
                        "drift.bin: an image and its replica differ, which is no fault: `sluice run` tells of it",
                        "empty.bin: is empty", "large.bin: is too long: an input has at most 1 MiB",
                        "no.bin: the driver refuses it, which is no fault: `sluice run` tells of it"});
  CHECK_FALSE(read_crash_folder((scratch / "none").string(), folder, problem));
  CHECK(problem.contains("cannot be read"));
}

}  // namespace
}  // namespace sluice::cause
