#include "validator/finding/finding.h"

#include <catch2/catch.hpp>

#include <set>

namespace sluice {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("ids, names and numbers are unique and found by code") {
  std::set<std::string_view> names;
  std::set<std::string> codes;
  for (const FindingKind& kind : all_finding_kinds()) {
    CAPTURE(kind.name);
    CHECK(names.insert(kind.name).second);
    CHECK(codes.insert(code_of(kind.id)).second);
    CHECK(finding_by_code(code_of(kind.id)) == kind.id);
    CHECK(finding_by_code(kind.name) == kind.id);
    CHECK(kind_of(kind.id).name == kind.name);
    CHECK(!kind.help.empty());
    CHECK_THAT(std::string(kind.title), Contains(": "));
  }
  CHECK(all_finding_kinds().size() > 30);
}

TEST_CASE("a code is two letters and four digits, in either case") {
  CHECK(code_of(FindingId::input_unreadable) == "SL0001");
  CHECK(code_of(FindingId::terminator_missing) == "SL0102");
  CHECK(finding_by_code("sl0102") == FindingId::terminator_missing);
  for (const char* wrong : {"", "SL", "SL102", "SL00102", "0102", "SL0100", "SL0102 ", "Terminator_missing"}) {
    CAPTURE(wrong);
    CHECK(!finding_by_code(wrong));
  }
}

TEST_CASE("because fills in parameters, once") {
  Finding finding = Finding::of(FindingId::end_of_stream);
  CHECK(finding.severity == Severity::error);
  CHECK(because(finding) == "requested {needed} bytes, but only {available} bytes available");
  finding.with("needed", "9");
  CHECK(because(finding) == "requested 9 bytes, but only {available} bytes available");
  finding.with("available", "{needed}");
  CHECK(because(finding) == "requested 9 bytes, but only {needed} bytes available");
  CHECK(finding.parameter("needed") == "9");
  CHECK(finding.parameter("absent").empty());
}

TEST_CASE("one of a thing is not told in the plural") {
  const auto told = [](const char* needed, const char* available) {
    return because(Finding::of(FindingId::end_of_stream).with("needed", needed).with("available", available));
  };
  CHECK(told("1", "0") == "requested 1 byte, but only 0 bytes available");
  CHECK(told("11", "1") == "requested 11 bytes, but only 1 byte available");
  // Only what is counted: no verb loses its s.
  CHECK(because(Finding::of(FindingId::unmatched_switch).with("value", "1")) == "1 matches no case of the switch");
  CHECK(counted(1, "byte") == "1 byte");
  CHECK(counted(0, "byte") == "0 bytes");
}

TEST_CASE("printable leaves nothing that a terminal obeys") {
  struct Row {
    std::string_view text, shown;
  };
  const Row rows[] = {
      {"", ""},
      {"plain text 123", "plain text 123"},
      {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"},
      {"a\nb\r\tc", "a\\nb\\r\\tc"},
      {"\x1b[31mred", "\\x1b[31mred"},
      {std::string_view("\0\x7f", 2), "\\x00\\x7f"},
      {"say \"hi\" \\ 'ho'", "say \\\"hi\\\" \\\\ 'ho'"},
      {"\xff\xfe", "\\xff\\xfe"},
      {"\xC0\x80", "\\xc0\\x80"},                    // overlong NUL
      {"\xED\xA0\x80", "\\xed\\xa0\\x80"},           // surrogate
      {"\xF4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // above U+10FFFF
      {"\xE2\x82", "\\xe2\\x82"},                    // cut off
      {"\xC2\x9B"
       "31m",
       "\\u{9b}31m"},  // C1 CSI
      {"a\xE2\x80\xAE"
       "cba",
       "a\\u{202e}cba"},  // right-to-left override
      {"\xEF\xBB\xBFx", "\\u{feff}x"},
  };
  for (const Row& row : rows) CHECK(printable(row.text) == row.shown);
}

TEST_CASE("printable counts what it cuts") {
  CHECK(printable("abcdef", 6) == "abcdef");
  CHECK(printable("abcdef", 4) == "abcd... (2 bytes more)");
  CHECK(printable("\xC3\xA4\xC3\xA4\xC3\xA4", 1) == "\xC3\xA4... (4 bytes more)");
  CHECK(printable("a", 0) == "... (1 byte more)");
}

Finding finding_about(const std::string& build, Severity severity, const std::string& path = "") {
  Finding finding = Finding::of(FindingId::inputs_beyond_supply);
  finding.severity = severity;
  finding.build = build;
  finding.path = path;
  return finding;
}

TEST_CASE("findings are bounded, and what was not kept still counts") {
  Findings findings(2);
  CHECK(findings.empty());
  CHECK(!findings.worst());
  findings.add(Finding::of(FindingId::schema_advice)).with("reason", "kept");
  findings.add(Finding::of(FindingId::schema_advice));
  CHECK(findings.worst() == Severity::warning);
  CHECK(!findings.no_verdict());
  findings.add(Finding::of(FindingId::schema_advice)).with("reason", "not kept");
  CHECK(findings.list().size() == 2);
  CHECK(findings.list()[0].parameter("reason") == "kept");
  CHECK(findings.omitted() == 1);
  CHECK(!findings.empty());
}

TEST_CASE("past the limit the first of each build and severity is kept") {
  Findings findings(1);
  findings.add(finding_about("", Severity::note));
  findings.add(finding_about("7.11", Severity::warning, "first"));
  findings.add(finding_about("7.11", Severity::warning, "second"));
  findings.add(finding_about("7.11", Severity::error, "third"));
  findings.add(Finding::of(FindingId::limit_depth));
  findings.add(Finding::of(FindingId::limit_steps));
  std::string kept;
  for (const Finding& finding : findings.list()) kept += finding.path + "|";
  CHECK(kept == "|first|third||");
  CHECK(findings.omitted() == 2);
  CHECK(findings.worst() == Severity::error);
  CHECK(findings.no_verdict());
}

TEST_CASE("a build is as bad as the findings about it and those about all builds") {
  Findings findings;
  findings.add(finding_about("7.11", Severity::error));
  findings.add(finding_about("", Severity::warning));
  CHECK(findings.tally_of("7.11").worst == Severity::error);
  CHECK(findings.tally_of("7.12").worst == Severity::warning);
  Findings merged;
  merged.merge(std::move(findings));
  CHECK(merged.tally_of("7.11").worst == Severity::error);
  CHECK(merged.tally_of("7.12").worst == Severity::warning);
  CHECK(!merged.tally_of("7.12").no_verdict);
}

TEST_CASE("what is suppressed is counted apart, and what nobody read cannot be") {
  const Suppressor all = [](const Finding&) { return std::optional<std::size_t>(3); };
  Findings findings = Findings(1, &all).like();
  findings.add(finding_about("7.11", Severity::error, "first"));
  findings.add(finding_about("7.12", Severity::error, "second"));
  CHECK(findings.empty());
  CHECK(!findings.worst());
  CHECK(!findings.tally_of("7.11").worst);
  REQUIRE(findings.suppressed().size() == 1);
  CHECK(findings.suppressed()[0].finding.path == "first");
  CHECK(findings.suppressed()[0].entry == 3);
  CHECK(findings.suppressed_count() == 2);

  Finding end = Finding::of(FindingId::end_of_stream);
  end.ends_reading = true;
  findings.add(end);
  findings.add(Finding::of(FindingId::limit_depth));
  REQUIRE(findings.list().size() == 2);
  CHECK(findings.list()[0].suggest == "it cannot be suppressed: what follows was not judged");
  Findings merged(1, &all);
  merged.merge(std::move(findings));
  CHECK(merged.list().size() == 2);
  CHECK(merged.suppressed_count() == 2);
}

TEST_CASE("a rule that does not hold goes by the vendor's id, a fault met in a rule by its own") {
  Finding finding = Finding::of(FindingId::rule_violated);
  CHECK(shown_id(finding) == "SL0310");
  finding.rule = "channel/known-type";
  CHECK(shown_id(finding) == "channel/known-type");
  finding.id = FindingId::join_missing;
  CHECK(shown_id(finding) == "SL0304");
}

TEST_CASE("limits and unusable inputs give no verdict") {
  struct Row {
    FindingId id;
    bool no_verdict;
  };
  const Row rows[] = {
      {FindingId::input_unreadable, true},    {FindingId::nothing_to_check, true},
      {FindingId::end_of_stream, false},      {FindingId::too_large, false},
      {FindingId::index_out_of_range, false}, {FindingId::limit_depth, true},
      {FindingId::no_progress, true},         {FindingId::bad_yaml, true},
      {FindingId::bad_schema, true},          {FindingId::schema_advice, false},
      {FindingId::unsupported, true},         {FindingId::inputs_beyond_supply, false},
      {FindingId::bad_rules, true},           {FindingId::bad_driver, true},
      {FindingId::bad_suppressions, true},
  };
  for (const Row& row : rows) {
    CAPTURE(code_of(row.id));
    CHECK(is_no_verdict(row.id) == row.no_verdict);
  }
}

}  // namespace
}  // namespace sluice
