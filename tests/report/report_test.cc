#include <catch2/catch.hpp>

#include <sstream>

#include "tests/approved.h"
#include "tests/report/gate_samples.h"
#include "tests/report/samples.h"
#include "validator/report/escape.h"
#include "validator/report/writer.h"

using namespace sluice;
using namespace sluice::report;

namespace {

std::string path_text(std::string_view path) {
  std::string out;
  for (const PathElement& element : split_path(path)) {
    out += (out.empty() ? "" : " ") + std::string(element.field) + "/";
    if (element.index) out += std::to_string(*element.index);
  }
  return out;
}

}  // namespace

TEST_CASE("each writer writes its approved file") {
  for (const Variant& variant : kVariants) {
    Options options{.tool_version = "1.2.3", .schema = "channel"};
    options.sarif_profile = variant.profile;
    test::check_approved(std::string("approved/") + variant.file, report_of(variant.format, options, sample_run()));
  }
}

TEST_CASE("each writer writes its approved matrix") {
  for (const Variant& variant : kVariants) {
    Options options = matrix_options();
    options.sarif_profile = variant.profile;
    const std::string name = "approved/matrix" + std::string(variant.file).substr(std::string("report").size());
    test::check_approved(name, report_of(variant.format, options, matrix_run()));
  }
}

TEST_CASE("each writer tells of what was run") {
  for (const Variant& variant : kVariants) {
    Options options = ran_options();
    options.sarif_profile = variant.profile;
    const std::string name = "approved/ran" + std::string(variant.file).substr(std::string("report").size());
    test::check_approved(name, report_of(variant.format, options, ran_run()));
  }
}

TEST_CASE("the page of a gated release is the approved one, but for its style") {
  std::string page = report_of(Format::html, gate_options(), gate_run(), gate_release());
  CHECK(page == report_of(Format::html, gate_options(), gate_run(), gate_release()));
  const auto replace = [&page](std::string_view from, std::string_view to, std::string_view with) {
    const std::size_t begin = page.find(from) + from.size();
    page.replace(begin, page.find(to, begin) - begin, with);
  };
  replace("'sha256-", "'", "...");
  replace("<style>", "</style>", "...");
  test::check_approved("approved/page.html", page);
}

TEST_CASE("a range of builds ends at one that fails or was not judged") {
  using enum Verdict;
  struct Row {
    std::vector<BuildVerdict> builds;
    const char* proven;
  };
  const Row rows[] = {
      {{}, "no build"},
      {{{"7.10", "fielded", 0, fail, {}}}, "no build"},
      {{{"7.10", "fielded", 0, pass, {}}}, "7.10"},
      {{{"7.10", "fielded", 0, pass, {}}, {"7.11", "fielded", 1, pass, {}}, {"7.12", "canary", 2, pass, {}}},
       "7.10 .. 7.12"},
      {{{"7.10", "fielded", 0, pass, {}}, {"7.11", "fielded", 1, fail, {}}, {"7.12", "canary", 2, pass, {}}},
       "7.10, 7.12"},
      {{{"7.10", "fielded", 0, pass, {}}, {"7.11", "fielded", 1, no_verdict, {}}, {"7.12", "canary", 2, fail, {}}},
       "7.10"},
      {{{"7.10", "fielded", 0, pass, {}}, {"7.12", "fielded", 2, pass, {}}, {"7.13", "fielded", 3, pass, {}}},
       "7.10, 7.12 .. 7.13"},
  };
  for (const Row& row : rows) CHECK(proven_text(row.builds) == row.proven);
}

TEST_CASE("deployable is yes only for content that passed on every supported build") {
  using enum Verdict;
  struct Row {
    Verdict on_first, on_second;
    std::vector<std::string> left_out;
    std::optional<bool> answer;
    const char* reason;
  };
  const Row rows[] = {
      {pass, pass, {}, true, "1 of 1 file passed on 7.11, 7.12"},
      {pass, pass, {"7.10"}, std::nullopt, "not judged: 7.10"},
      {fail, pass, {"7.10"}, false, "1 of 1 file failed on 7.11"},
      {pass, no_verdict, {}, std::nullopt, "1 of 1 file without a verdict on 7.12"},
  };
  for (const Row& row : rows) {
    FileResult file;
    file.verdict = std::max(row.on_first, row.on_second);
    file.builds = {{"7.11", "fielded", 0, row.on_first, {}}, {"7.12", "fielded", 1, row.on_second, {}}};
    Totals totals;
    totals.add(file);
    const Deployable result = deployable(totals, row.left_out);
    CHECK(result.answer == row.answer);
    CHECK(result.reason == row.reason);
  }

  Totals totals;
  CHECK(deployable(totals, {}).reason == "no content file was judged");
  FileResult file;
  totals.add(file);
  CHECK(!deployable(totals, {}).answer);
  CHECK(deployable(totals, {}).reason == "no driver document: no build was judged");
  file.is_document = file.is_beside = true;
  file.verdict = fail;
  totals.add(file);
  CHECK(deployable(totals, {}).answer == false);
  CHECK(totals.files == 1);
  CHECK(totals.documents == 1);
}

TEST_CASE("the build is named where the sentence does not name it") {
  Finding finding = Finding::of(FindingId::rule_violated);
  CHECK(build_note(finding).empty());
  finding.build = "7.1";
  finding.with("text", "too much for build 7.11");
  CHECK(build_note(finding) == " (build 7.1)");
  finding.build = "7.11";
  CHECK(build_note(finding).empty());
}

TEST_CASE("colour adds escapes and changes no words") {
  std::vector<FileResult> run = sample_run();
  for (FileResult& result : matrix_run()) run.push_back(std::move(result));
  const std::string plain = report_of(Format::text, {.tool_version = "1"}, run);
  std::string coloured = report_of(Format::text, {.tool_version = "1", .colour = true}, run);
  CHECK(coloured.size() > plain.size());
  for (std::size_t at = 0; (at = coloured.find("\x1b[", at)) != std::string::npos;) {
    coloured.erase(at, coloured.find('m', at) + 1 - at);
  }
  CHECK(coloured == plain);
}

TEST_CASE("the text shows five findings that differ by an index only, and counts the rest") {
  FileResult result;
  result.name = "a.bin";
  result.verdict = Verdict::fail;
  for (int i = 0; i < 8; ++i) {
    for (const FindingId id : {FindingId::too_large, FindingId::too_small}) {
      result.findings.push_back(Finding::of(id));
      result.findings.back().path = "rows[" + std::to_string(i) + "].size";
    }
  }
  const std::string out = report_of(Format::text, {}, {result});
  CHECK(out.find("rows[4].size") != std::string::npos);
  CHECK(out.find("rows[5].size") == std::string::npos);
  CHECK(out.find("SL0203 rows[*].size: 3 more like these\n") != std::string::npos);
  CHECK(out.find("FAIL  a.bin  16 findings\n") != std::string::npos);
}

TEST_CASE("no writer lets a control byte through") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    for (const Variant& variant : kVariants) {
      Options options = hostile_options();
      options.sarif_profile = variant.profile;
      const std::string out = report_of(variant.format, options, hostile_run(seed));
      INFO("seed " << seed << " " << variant.file << "\n" << out);
      CHECK(is_utf8(out));
      // `visible_lines` changes nothing but what is unsafe.
      CHECK(visible_lines(out) == out);
    }
  }
}

TEST_CASE("paths are split into fields and indices") {
  struct Row {
    const char* path;
    const char* elements;
  };
  const Row rows[] = {
      {"", ""},
      {"magic", "magic/"},
      {"instances[1].criteria[20].input", "instances/1 criteria/20 input/"},
      {"a[0][1]", "a/0 /1"},
      {"a[x]", "a[x]/"},
      {"a[]", "a[]/"},
      {"a[99999999999999999999]", "a[99999999999999999999]/"},  // more than 64 bits
      {"[3]", "/3"},
  };
  for (const Row& row : rows) CHECK(path_text(row.path) == row.elements);
}

TEST_CASE("a path of many steps keeps its ends") {
  CHECK(short_path("") == "");
  CHECK(short_path("a.b[3].c") == "a.b[3].c");
  const std::string fifteen = "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o";
  CHECK(short_path(fifteen) == fifteen);
  CHECK(short_path(fifteen + ".p") == "a.b.c.d.e ... 6 more ... l.m.n.o.p");
  CHECK(short_path("..............."
                   ".") == ".... ... 7 more ... ....");
}

TEST_CASE("file names become URI references") {
  struct Row {
    const char* name;
    const char* uri;
  };
  const Row rows[] = {
      {"a/b.bin", "a/b.bin"},         {"./a", "a"},       {"/tmp/a b", "file:///tmp/a%20b"},
      {"//host/a", "file:///host/a"}, {"c:d", "c%3Ad"},  // not a scheme
      {"\xff%#?", "%FF%25%23%3F"},    {"../up", "../up"},
  };
  for (const Row& row : rows) CHECK(file_uri(row.name) == row.uri);
}

TEST_CASE("GitHub gets at most ten of each, the worst first, and is told of the rest") {
  FileResult result;
  result.name = "a.bin";
  for (int i = 0; i < 12; ++i) {
    for (const Severity severity : {Severity::note, Severity::warning, Severity::error}) {
      result.findings.push_back(Finding::of(FindingId::trailing_bytes));
      result.findings.back().severity = severity;
    }
  }
  std::istringstream lines(report_of(Format::github, {}, {result}));
  std::string order;
  std::string last;
  for (std::string line; std::getline(lines, line); last = line) order += line[2];
  CHECK(order ==
        "eeeeeeeeee"
        "wwwwwwwwww"
        "nnnnnnnnnn");
  CHECK(last == "::notice title=sluice::7 more findings are not shown here; verdict PASS for 1 files");
}

TEST_CASE("Markdown fits into a ticket: the worst first, and the rest is counted") {
  FileResult result;
  for (int i = 0; i < 40; ++i) {
    Finding finding = Finding::of(FindingId::trailing_bytes).with("count", std::string(i % 4 == 0 ? 20'000 : 10, 'x'));
    finding.severity = i < 20 ? Severity::note : Severity::error;
    result.findings.push_back(finding);
  }
  result.omitted = 5;
  const std::string out = report_of(Format::markdown, {}, {result});
  CHECK(out.size() < 64'000);
  CHECK(out.find(" error  ") < out.find(" note  "));
  const auto count = [&](std::string_view text) {
    std::size_t found = 0;
    for (std::size_t at = out.find(text); at != out.npos; at = out.find(text, at + 1)) ++found;
    return found;
  };
  CHECK(count("SL0103 ") == 20);
  CHECK(count("SL0103 error") == 16);  // the second long one would be too much
  CHECK(out.ends_with("\nNot shown: 25 findings.\n"));
}

TEST_CASE("a fingerprint depends on rule, file and path, not on the offset") {
  Finding finding = Finding::of(FindingId::too_large);
  finding.path = "a.b";
  finding.bytes = ByteRange{1, 2};
  const std::string first = fingerprint(finding, 1);
  finding.bytes = ByteRange{5, 6};
  CHECK(fingerprint(finding, 1) == first);
  CHECK(fingerprint(finding, 2) != first);
  finding.path = "a.c";
  CHECK(fingerprint(finding, 1) != first);
  finding.path = "a.b";
  finding.file = "x";
  CHECK(fingerprint(finding, 1) != first);
  finding.file.clear();
  finding.build = "7.11";
  CHECK(fingerprint(finding, 1) != first);
  finding.build.clear();
  finding.rule = "channel/known-type";
  CHECK(fingerprint(finding, 1) != first);
}

TEST_CASE("totals are as bad as the worst file") {
  using enum Verdict;
  struct Row {
    std::vector<Verdict> files;
    Verdict verdict;
  };
  const Row rows[] = {{{}, pass}, {{pass, pass}, pass}, {{fail, pass}, fail}, {{no_verdict, fail, pass}, no_verdict}};
  for (const Row& row : rows) {
    Totals totals;
    for (const Verdict verdict : row.files) {
      FileResult result;
      result.verdict = verdict;
      totals.add(result);
    }
    CHECK(totals.verdict == row.verdict);
  }
}
