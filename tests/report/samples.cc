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
  result.suppressed = 7;
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
    return finding;
  }

  FileResult result() {
    FileResult result;
    result.name = text();
    result.is_document = below(4) == 0;
    if (below(2) == 0) result.size = random_();
    result.verdict = static_cast<Verdict>(below(3));
    for (std::uint64_t n = below(4); n > 0; --n) result.findings.push_back(finding());
    result.suppressed = below(2) * below(1000);
    return result;
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace

std::vector<FileResult> sample_run() {
  return {failed_file(), result_of("channel/C-00000290.bin", Verdict::pass, {}), undecided_file(), warned_file(),
          bad_document()};
}

std::vector<FileResult> hostile_run(std::uint64_t seed) {
  Hostile hostile(seed);
  std::vector<FileResult> results;
  for (std::uint64_t n = 1 + hostile.below(6); n > 0; --n) results.push_back(hostile.result());
  return results;
}

std::string report_of(Format format, const Options& options, const std::vector<FileResult>& results) {
  std::string out;
  const auto writer = make_writer(format, options, out);
  Totals totals;
  for (const FileResult& result : results) {
    totals.add(result);
    writer->file(result);
  }
  writer->finish(totals);
  return out;
}

}  // namespace sluice::report
