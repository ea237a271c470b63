// Suppressions documents: what is refused and where (refused.txt), what an entry hides, and which entries are of no
// use.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "tests/approved.h"
#include "validator/suppression/glob.h"
#include "validator/suppression/suppression.h"

namespace sluice::suppression {
namespace {

constexpr Date kToday = {2026, 11, 24};

std::string refused(std::string_view text) {
  std::vector<Finding> problems;
  const bool is_loaded = load_suppressions_text("s", std::string(text), problems).has_value();
  CHECK(is_loaded == problems.empty());
  std::string out = is_loaded ? "understood\n" : "";
  for (const Finding& f : problems) {
    out += fmt::format("{} {}:{} {}\n  {}\n{}\n", code_of(f.id), f.text->line, f.text->column, f.path, because(f),
                       f.excerpt);
  }
  return out;
}

Finding finding_at(const char* file, const char* path, FindingId id = FindingId::too_large, const char* rule = "") {
  Finding finding = Finding::of(id);
  finding.file = file;
  finding.path = path;
  finding.rule = rule;
  return finding;
}

Suppressions one(const Entry& entry) { return {.file = "s", .text = "", .entries = {entry}}; }

TEST_CASE("what a suppressions document may not say") { test::check_cases("suppression/refused.txt", refused); }

TEST_CASE("a day is written in one way and is in the calendar") {
  CHECK(parse_date("2026-12-01") == Date{2026, 12, 1});
  CHECK(parse_date("2028-02-29") == Date{2028, 2, 29});
  CHECK(to_string(Date{2026, 1, 2}) == "2026-01-02");
  for (const char* wrong : {"", "2026-2-1", "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026/01/01",
                            "26-01-01", "2026-01-011", "2026-01-0a", "+026-01-01", " 2026-1-01"}) {
    CAPTURE(wrong);
    CHECK(!parse_date(wrong));
  }
}

TEST_CASE("a pattern is about all of a path") {
  struct Row {
    const char* pattern;
    const char* text;
    bool matches;
  };
  const Row rows[] = {
      {"a.b", "a.b", true},
      {"a.b", "a.bc", false},
      {"a.b", "xa.b", false},
      {"rows[*].size", "rows[17].size", true},
      {"rows[*].size", "rows[1].cells[2].size", false},
      {"rows[**].size", "rows[1].cells[2].size", true},
      {"rows[1?].size", "rows[17].size", true},
      {"rows[1?].size", "rows[1].size", false},
      {"*", "a", true},
      {"*", "a.b", false},
      {"**", "a.b[3].c", true},
      {"**", "", true},
      {"*", "", true},
      {"", "", true},
      {"", "a", false},
      {"**.size", "a.b.size", true},
      {"**.size", "size", false},
      {"a*b*c", "aXbYc", true},
      {"a*b*c", "aXbY", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern, row.text);
    CHECK(matches(row.pattern, row.text, ".[]") == row.matches);
  }
}

TEST_CASE("a pattern of stars costs no more than its length") {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "**a";
  CHECK(!matches(pattern, std::string(2000, 'b'), "."));
}

TEST_CASE("an entry hides what its rule, path and file say, and nothing else") {
  struct Row {
    const char *rule, *path, *file;
    Finding finding;
    bool hides;
  };
  const Row rows[] = {
      {"SL0203", "**", "", finding_at("a.bin", "x"), true},
      {"SL0202", "**", "", finding_at("a.bin", "x"), false},
      {"SL0203", "x", "", finding_at("a.bin", "y"), false},
      {"SL0203", "**", "a.bin", finding_at("d/e/a.bin", "x"), true},
      {"SL0203", "**", "*.bin", finding_at("d/e/a.bin", "x"), true},
      {"SL0203", "**", "b.bin", finding_at("d/e/a.bin", "x"), false},
      {"SL0203", "**", "d/*.bin", finding_at("d/e/a.bin", "x"), false},
      {"SL0203", "**", "d/**.bin", finding_at("d/e/a.bin", "x"), true},
      {"f/r", "**", "", finding_at("a.bin", "x", FindingId::rule_violated, "f/r"), true},
      {"f/r", "**", "", finding_at("a.bin", "x", FindingId::join_missing, "f/r"), true},
      {"f/r", "**", "", finding_at("a.bin", "x", FindingId::rule_violated, "f/s"), false},
      {"SL0310", "**", "", finding_at("a.bin", "x", FindingId::rule_violated, "f/s"), true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.rule, row.path, row.file, row.finding.file, row.finding.path);
    const Suppressions list = one({row.rule, row.path, row.file, "why", {2026, 12, 1}, {}});
    const Matcher matcher(list, kToday);
    CHECK(matcher.suppressor()(row.finding).has_value() == row.hides);
  }
}

TEST_CASE("an entry holds to the end of its day, and is told of afterwards") {
  struct Row {
    Date until;
    bool hides;
  };
  const Row rows[] = {{{2026, 11, 24}, true}, {{2026, 11, 23}, false}, {{2027, 1, 1}, true}};
  for (const Row& row : rows) {
    CAPTURE(to_string(row.until));
    const Suppressions list = one({"SL0203", "**", "", "why", row.until, {}});
    Matcher matcher(list, kToday);
    CHECK(matcher.suppressor()(finding_at("a.bin", "x")).has_value() == row.hides);
    matcher.saw_file("a.bin", true);
    const auto review = matcher.review();
    REQUIRE(review.size() == (row.hides ? 0 : 1));
    if (row.hides) continue;
    CHECK(review[0].id == FindingId::suppression_expired);
    CHECK(because(review[0]) == "review was due 2026-11-23; today is 2026-11-24");
  }
}

TEST_CASE("the first entry that holds hides a finding") {
  Suppressions list = one({"SL0203", "**", "", "over", {2020, 1, 1}, {}});
  list.entries.push_back({"SL0203", "x", "", "first", {2030, 1, 1}, {}});
  list.entries.push_back({"SL0203", "**", "", "second", {2030, 1, 1}, {}});
  Matcher matcher(list, kToday);
  CHECK(matcher.suppressor()(finding_at("a.bin", "x")) == 1u);
  matcher.saw_file("a.bin", true);
  CHECK(matcher.review().size() == 1);  // the expired one; the others matched
}

TEST_CASE("an entry that matched nothing is stale where a file that it is for was judged to the end") {
  struct Row {
    const char* file;
    bool has_verdict;
    bool is_stale;
  };
  const Row rows[] = {
      {"", true, true}, {"a.bin", true, true}, {"b.bin", true, false}, {"", false, false}, {"a.bin", false, false}};
  for (const Row& row : rows) {
    CAPTURE(row.file, row.has_verdict);
    const Suppressions list = one({"SL0203", "x", row.file, "why", {2026, 12, 1}, {}});
    Matcher matcher(list, kToday);
    matcher.saw_file("content/a.bin", row.has_verdict);
    const auto review = matcher.review();
    REQUIRE(review.size() == (row.is_stale ? 1 : 0));
    if (!row.is_stale) continue;
    CHECK(review[0].id == FindingId::suppression_stale);
    CHECK(because(review[0]) == "no finding of SL0203 at x in the files that were checked");
  }
}

}  // namespace
}  // namespace sluice::suppression
