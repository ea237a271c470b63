// Driver documents: what is understood (understood.txt), what is refused and where (refused.txt), and what can be said
// of a driver without content (judged.txt).
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "tests/approved.h"
#include "validator/contract/driver.h"

namespace sluice::contract {
namespace {

std::string told(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& f : findings) {
    out += fmt::format("{} {} {}:{} {}\n  {}\n", code_of(f.id), name_of(f.severity), f.text->line, f.text->column,
                       f.path, because(f));
    if (!f.suggest.empty()) out += "  " + f.suggest + "\n";
    out += f.excerpt + "\n";
  }
  return out;
}

std::string told(const char* what, const std::map<Integer, Integer>& inputs) {
  std::string out;
  for (const auto& [type, count] : inputs) out += fmt::format(" {}:{}", to_string(type), to_string(count));
  return out.empty() ? "" : fmt::format("  {}{}\n", what, out);
}

std::string told(const char* what, const std::string& text) {
  return text.empty() ? "" : fmt::format("  {} {}\n", what, text);
}

std::string understood(std::string_view text) {
  std::vector<Finding> problems;
  const auto driver = load_driver_text("d", std::string(text), problems);
  if (!driver) return "refused\n" + told(problems);
  std::string out = driver->name + "\n" + told("adapter", driver->adapter);
  out += told("schema", driver->schema) + told("rules", driver->rules);
  for (const Build& build : driver->builds) {
    out += fmt::format("{} {}\n", build.facts.name, name_of(build.support));
    CHECK(build.facts.support == name_of(build.support));
    out += told("image", build.image) + told("replica", build.replica) + told("adapter", build.adapter);
    out += told("defines", build.facts.defines) + told("supplies", build.facts.supplies);
    for (const auto& [name, value] : build.facts.caps) out += fmt::format("  cap {} {}\n", name, to_string(value));
  }
  return out;
}

std::string refused(std::string_view text) {
  std::vector<Finding> problems;
  const bool is_loaded = load_driver_text("d", std::string(text), problems).has_value();
  CHECK(is_loaded == problems.empty());
  return is_loaded ? "understood\n" : told(problems);
}

std::string judged(std::string_view text) {
  std::vector<Finding> problems;
  const auto driver = load_driver_text("d", std::string(text), problems);
  if (!driver) return "refused\n" + told(problems);
  std::string problem;
  const auto chosen = select_builds(*driver, {}, problem);
  const auto findings = judge_driver(*driver, chosen);
  if (!problem.empty()) return problem + "\n";
  return findings.empty() ? "nothing\n" : told(findings);
}

TEST_CASE("what a driver document may say") { test::check_cases("contract/understood.txt", understood); }
TEST_CASE("what a driver document may not say") { test::check_cases("contract/refused.txt", refused); }
TEST_CASE("what is found without content") { test::check_cases("contract/judged.txt", judged); }

TEST_CASE("a driver document that cannot be read says so") {
  std::vector<Finding> problems;
  CHECK(!load_driver("no/such/file.driver.yaml", problems));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].id == FindingId::bad_yaml);
}

TEST_CASE("builds are chosen by name, in the order of the document") {
  std::vector<Finding> problems;
  const auto driver = load_driver_text("d",
                                       "driver: s\n"
                                       "builds:\n"
                                       "  - {name: '7.9', support: ended}\n"
                                       "  - {name: '7.10'}\n"
                                       "  - {name: '7.11', support: canary}\n",
                                       problems);
  REQUIRE(driver);
  struct Row {
    std::vector<std::string> names;
    std::vector<std::size_t> chosen;
    const char* problem;
  };
  const Row rows[] = {
      {{}, {1, 2}, ""},
      {{"7.11", "7.10", "7.11"}, {1, 2}, ""},
      {{"7.11"}, {2}, ""},
      {{"7.12"}, {}, "no build of s is called '7.12'; did you mean '7.10'?"},
      {{"nightly"}, {}, "no build of s is called 'nightly'; there are 7.10, 7.11"},
      {{"7.9"}, {}, "the support of build '7.9' has ended: nothing is judged for it"},
  };
  for (const Row& row : rows) {
    std::string problem;
    CHECK(select_builds(*driver, row.names, problem) == row.chosen);
    CHECK(problem == row.problem);
  }
}

}  // namespace
}  // namespace sluice::contract
