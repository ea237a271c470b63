#include "tests/report/samples.h"

#include <random>

namespace sluice::report {

namespace {

Finding content_finding(FindingId id, std::string path, ByteRange bytes) {
  Finding finding = Finding::of(id);
  finding.path = std::move(path);
  finding.bytes = bytes;
  return finding;
}

FileResult result_of(std::string name, Verdict verdict, std::vector<Finding> findings) {
  FileResult result;
  result.name = std::move(name);
  result.size = 508;
  result.verdict = verdict;
  result.findings = std::move(findings);
  for (Finding& finding : result.findings) finding.file = result.name;
  return result;
}

FileResult failed_file() {
  Finding large = content_finding(FindingId::too_large, "instances[1].criteria[20].input", {0x1f4, 0x1f6});
  large.with("actual", "20").with("bound", "19");
  large.trail = {"instances[1] (id 4711)", "template_types[2] (id 3)"};
  large.suggest = "wildcard input 20, or raise the bound";
  Finding end = content_finding(FindingId::end_of_stream, "instances[2].body", {0x1fa, 0x1fc});
  end.with("needed", "4").with("available", "2");
  Finding packed = content_finding(FindingId::not_equal, "body.magic", {0x40, 0x80});
  packed.with("actual", "[0, 1]").with("expected", "\"OK\"");
  packed.derived = "offsets count in the output of zlib at 0x0040";
  FileResult result = result_of("channel/C-00000291.bin", Verdict::fail, {large, end, packed, packed});
  result.sha256 = std::string(64, 'a');
  result.omitted = 7;
  return result;
}

FileResult undecided_file() {
  Finding depth = content_finding(FindingId::limit_depth, "node.next.next", {0, 1});
  depth.with("limit", "1000");
  return result_of("deep.bin", Verdict::no_verdict, {depth});
}

FileResult warned_file() {
  Finding advice = Finding::of(FindingId::trailing_bytes).with("count", "3");
  advice.severity = Severity::warning;
  advice.bytes = ByteRange{505, 508};
  return result_of("a \x1b[31mred\x1b[0m %0A::error::name, \xff \xe2\x80\xae\n<&>\"'.bin", Verdict::pass, {advice});
}

FileResult bad_document() {
  Finding problem = Finding::of(FindingId::bad_schema);
  problem.path = "/seq/0/size";
  problem.text = TextPlace{12, 11};
  problem.excerpt = "      size: lenght\n            ^\n";
  problem.with("reason", "unable to access 'lenght' in type 'header'");
  problem.suggest = "did you mean 'length'?";
  FileResult result = result_of("channel.ksy", Verdict::no_verdict, {problem});
  result.is_document = true;
  return result;
}

Finding build_finding(FindingId id, const std::string& build) {
  Finding finding = content_finding(id, "instances[1].criteria[20].input", {0x1f4, 0x1f6});
  finding.build = build;
  finding.with("input", "20")
      .with("supplied", "20")
      .with("build", build)
      .with("type", "3 \"ipc\"")
      .with("defined", "21");
  finding.trail = {"instances[1] (id 4711)", "template_types[2] (id 3)"};
  return finding;
}

Finding rule_finding(const std::string& build) {
  Finding finding = content_finding(FindingId::rule_violated, "instances[0]", {0x20, 0x31});
  finding.rule = "channel/cost-within-cap";
  finding.build = build;
  finding.with("text", "instance 4710 costs 900, more than 512");
  return finding;
}

FileResult file_for_builds(std::string name, std::vector<Finding> findings, std::vector<BuildVerdict> builds) {
  FileResult result = result_of(std::move(name), Verdict::pass, std::move(findings));
  for (const BuildVerdict& build : builds) result.verdict = std::max(result.verdict, build.verdict);
  result.builds = std::move(builds);
  return result;
}

// The file of 2024-07-19, and what else rules say about it.
FileResult file_291() {
  using enum Verdict;
  Finding lost = content_finding(FindingId::join_missing, "instances[2]", {0x200, 0x211});
  lost.rule = "channel/known-type";
  lost.severity = Severity::warning;
  lost.with("in", "template_types").with("key", "id").with("value", "9");
  FileResult result = file_for_builds("C-00000291.bin",
                                      {rule_finding("7.10"), build_finding(FindingId::unknown_template_type, "7.10"),
                                       build_finding(FindingId::inputs_beyond_supply, "7.11"),
                                       build_finding(FindingId::inputs_beyond_supply, "7.11.1"), lost},
                                      {{"7.10", "fielded", 1, fail, 0},
                                       {"7.11", "fielded", 2, fail, 2},
                                       {"7.11.1", "canary", 3, fail, 3},
                                       {"7.12", "fielded", 4, pass, 4}});
  Finding hidden = rule_finding("7.11");
  hidden.file = result.name;
  result.suppressed = {{hidden, "measured on the slowest machine: fast enough", "2026-12-01"}};
  result.suppressed_count = 1;
  return result;
}

FileResult document_beside(std::string name, Finding finding) {
  finding.file = name;
  finding.severity = Severity::warning;
  finding.text = TextPlace{9, 22};
  finding.excerpt = "      supplies: { 3: 20 }\n                     ^\n";
  FileResult result = result_of(std::move(name), Verdict::pass, {std::move(finding)});
  result.size.reset();
  result.is_document = true;
  result.is_beside = true;
  return result;
}

constexpr std::string_view kPieces[] = {
    "\"",
    "\\",
    "'",
    "<",
    ">",
    "&",
    "]]>",
    "<!--",
    "&#0;",
    "%",
    "%0A",
    "::error::",
    ",",
    ":",
    "/",
    "//",
    "./",
    "..",
    "\n",
    "\r",
    "\t",
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x7f",
    "\xc2\x9b"
    "2J",
    "\xe2\x80\xae",
    "\xe2\x80\xa8",
    "\xef\xbf\xbe",
    "\xff",
    "\xc0\x80",
    "\xed\xa0\x80",
    "\xf4\x90\x80\x80",
    "\xe2\x82",
    std::string_view("\0", 1),
    "{",
    "}",
    "{reason}",
    "[",
    "]",
    "[7]",
    "[99999999999999999999]",
    ".",
    "a",
    "\xf0\x9f\x8c\x8a",
    "\xc3\xa9",
    " ",
    "-",
    "|",
    "`",
    "\n```\n",
    "[a](http://b)",
    "www.a.b",
    "**a**",
};

class Hostile {
 public:
  explicit Hostile(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  std::string text() {
    std::string out;
    for (std::uint64_t n = below(8); n > 0; --n) out += kPieces[below(std::size(kPieces))];
    return out;
  }

  Finding finding() {
    const auto& kinds = all_finding_kinds();
    Finding finding = Finding::of(kinds[below(kinds.size())].id);
    finding.severity = static_cast<Severity>(below(3));
    finding.file = below(4) == 0 ? text() : "";
    finding.path = text();
    if (below(2) == 0) finding.bytes = ByteRange{random_(), random_()};
    if (below(4) == 0) finding.text = TextPlace{1 + static_cast<std::uint32_t>(below(99)), 7};
    finding.excerpt = text();
    finding.derived = text();
    finding.suggest = text();
    finding.with("reason", text()).with("actual", text()).with("expected", text());
    for (std::uint64_t n = below(3); n > 0; --n) finding.trail.push_back(text());
    if (below(3) == 0) finding.event = text();
    for (std::uint64_t n = below(3); n > 0; --n) finding.stack.push_back(text());
    if (below(3) == 0) finding.rule = piece();
    if (below(3) == 0) finding.build = piece();
    return finding;
  }

  FileResult result() {
    FileResult result;
    result.name = text();
    result.is_document = below(4) == 0;
    if (below(2) == 0) result.size = random_();
    result.verdict = static_cast<Verdict>(below(3));
    for (std::uint64_t n = below(4); n > 0; --n) result.findings.push_back(finding());
    result.omitted = below(2) * below(1000);
    for (std::uint64_t n = below(3); n > 0; --n) result.suppressed.push_back({finding(), text(), text()});
    result.suppressed_count = result.suppressed.size();
    if (!result.is_document) add_builds(result);
    return result;
  }

  std::string piece() { return std::string(kPieces[below(std::size(kPieces))]); }

  // The same builds for each file, whatever they are called.
  void add_builds(FileResult& result) {
    for (std::size_t i = 0; i < 3; ++i) {
      BuildVerdict build{.build = std::string(kPieces[i * 7 + 14]), .support = piece(), .place = i * 2 / 3};
      build.verdict = static_cast<Verdict>(below(3));
      if (!result.findings.empty() && below(2) == 0) build.first = below(result.findings.size());
      if (below(2) == 0) build.ran = Ran{random_(), below(9), below(9), random_()};
      result.builds.push_back(std::move(build));
    }
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace

std::vector<FileResult> sample_run() {
  return {failed_file(), result_of("channel/C-00000290.bin", Verdict::pass, {}), undecided_file(), warned_file(),
          bad_document()};
}

std::vector<FileResult> ran_run() {
  using enum Verdict;
  Finding fault = content_finding(FindingId::read_outside, "instances[1].criteria[20].input", {0x1f4, 0x1f6});
  fault.build = "7.11";
  fault.with("text", "read of 8 bytes, 0 bytes past the end of a 160-byte array of 20 inputs");
  fault.trail = {"instances[1] (id 4711)"};
  fault.event = "type 3 \"ipc\", input 20 = \"\\\\pipe\\\\x\"";
  fault.stack = {"sensor_match  fuzz/reference/match.c:214", "sensor_ipc  fuzz/reference/integrate.c:88"};
  Finding refused = Finding::of(FindingId::content_refused).with("code", "0xc000000d");
  refused.build = "7.10";
  Finding none = Finding::of(FindingId::no_target).with("reason", "no replica");
  none.build = "7.12";
  return {file_for_builds("C-00000291.bin", {refused, fault, none},
                          {{"7.10", "fielded", 0, fail, 0, Ran{2, 0, 1, 0}},
                           {"7.11", "fielded", 1, fail, 1, Ran{2, 2, 1, 1}},
                           {"7.11.1", "canary", 2, pass, {}, Ran{2, 2, 1, 1}},
                           {"7.12", "fielded", 3, no_verdict, 2, {}}}),
          file_for_builds("wildcard.bin", {}, {{"7.11", "fielded", 1, pass, {}, Ran{3, 3, 0, 0}}})};
}

std::vector<FileResult> matrix_run() {
  using enum Verdict;
  Finding depth = content_finding(FindingId::limit_depth, "node.next.next", {0, 1});
  depth.with("limit", "1000");
  Finding definition = Finding::of(FindingId::supply_differs_from_definition);
  definition.build = "7.11";
  definition.path = "/builds/2/supplies/3";
  definition.with("build", "7.11").with("type", "3").with("defined", "21").with("supplied", "20");
  Finding stale = Finding::of(FindingId::suppression_stale);
  stale.path = "/suppressions/1";
  stale.with("rule", "SL0203").with("place", "header.size");
  return {document_beside("sensor.driver.yaml", definition), file_291(),
          file_for_builds("wildcard.bin", {},
                          {{"7.10", "fielded", 1, pass, {}},
                           {"7.11", "fielded", 2, pass, {}},
                           {"7.11.1", "canary", 3, pass, {}},
                           {"7.12", "fielded", 4, pass, {}}}),
          file_for_builds("deep.bin", {depth},
                          {{"7.10", "fielded", 1, no_verdict, 0},
                           {"7.11", "fielded", 2, no_verdict, 0},
                           {"7.11.1", "canary", 3, no_verdict, 0},
                           {"7.12", "fielded", 4, no_verdict, 0}}),
          document_beside("channel.suppressions.yaml", stale)};
}

Options ran_options() {
  Options options{.tool_version = "1.2.3", .schema = "channel"};
  options.is_run = true;
  return options;
}

Options matrix_options() {
  Options options{.tool_version = "1.2.3", .schema = "channel"};
  options.rules = {{"channel/known-type", Severity::error, "each instance has a template type", "Add the type."},
                   {"channel/cost-within-cap", Severity::error, "cost <= build.caps.max_cost", ""}};
  options.has_suppressions = true;
  return options;
}

Options hostile_options() {
  Options options{.tool_version = "1", .has_suppressions = true};
  for (const std::string_view piece : kPieces) {
    options.rules.push_back({std::string(piece), Severity::error, std::string(piece), std::string(piece)});
    options.left_out.emplace_back(piece);
  }
  return options;
}

std::vector<FileResult> hostile_run(std::uint64_t seed) {
  Hostile hostile(seed);
  std::vector<FileResult> results;
  for (std::uint64_t n = 1 + hostile.below(6); n > 0; --n) results.push_back(hostile.result());
  return results;
}

std::string report_of(Format format, const Options& options, const std::vector<FileResult>& results,
                      const std::optional<Release>& release) {
  std::string out;
  const auto writer = make_writer(format, options, out);
  Totals totals;
  totals.release = release;
  for (const FileResult& result : results) {
    totals.add(result);
    writer->file(result);
  }
  writer->finish(totals);
  return out;
}

}  // namespace sluice::report
