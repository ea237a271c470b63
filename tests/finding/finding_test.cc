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
  CHECK(printable("a", 0) == "... (1 bytes more)");
}

TEST_CASE("findings are bounded, and what was not kept still counts") {
  Findings findings(2);
  CHECK(findings.empty());
  CHECK(!findings.worst());
  findings.add(Finding::of(FindingId::schema_advice)).with("reason", "kept");
  findings.add(Finding::of(FindingId::schema_advice));
  CHECK(findings.worst() == Severity::warning);
  CHECK(!findings.no_verdict());
  findings.add(Finding::of(FindingId::limit_depth)).with("limit", "not kept");
  CHECK(findings.list().size() == 2);
  CHECK(findings.list()[0].parameter("reason") == "kept");
  CHECK(findings.suppressed() == 1);
  CHECK(findings.worst() == Severity::error);
  CHECK(findings.no_verdict());
  CHECK(!findings.empty());
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
      {FindingId::unsupported, true},
  };
  for (const Row& row : rows) {
    CAPTURE(code_of(row.id));
    CHECK(is_no_verdict(row.id) == row.no_verdict);
  }
}

}  // namespace
}  // namespace sluice
