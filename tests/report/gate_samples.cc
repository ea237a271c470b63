#include "tests/report/gate_samples.h"

#include <fmt/format.h>

namespace sluice::report {

namespace {

constexpr std::string_view kScript = "<script>window.hostile={ran:1}</script>";
constexpr std::string_view kImage = "\"><img src=x onerror=\"window.hostile={ran:1}\">";
constexpr std::string_view kBackwards = "\xe2\x80\xae\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d.bin";

// Rows of four fields and a gap, from 0x1c0 on.
Excerpt excerpt_of(std::string_view prefix, std::uint64_t begin, std::size_t rows) {
  Excerpt excerpt{.begin = begin, .bytes = {}, .fields = {}};
  for (std::size_t k = 0; k < rows * 16; ++k) excerpt.bytes.push_back(static_cast<std::uint8_t>(k * 37 + 11));
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint64_t at = begin + row * 16;
    const auto add = [&](std::uint64_t from, std::uint64_t to, std::string_view name, std::string value) {
      excerpt.fields.push_back({{at + from, at + to}, fmt::format("{}[{}].{}", prefix, row, name), std::move(value)});
    };
    add(0, 4, "id", fmt::format("{}", 4700 + row));
    add(4, 6, "input", "20");
    add(6, 7, "op", "op::equal (3)");
    add(7, 12, "text", "\"<b>&\\\"\"");
  }
  return excerpt;
}

void add_campaign(Release& release, const std::string& build, Verdict verdict) {
  Campaign campaign;
  campaign.build = build;
  campaign.verdict = verdict;
  campaign.executions = 20'000;
  campaign.accepted = 1'419;
  campaign.escapes = 1;
  campaign.kept_out = 12;
  campaign.blocks_of_seeds = 117;
  campaign.blocks_covered = 178;
  campaign.blocks_reachable = 411;
  campaign.blocks = 417;
  campaign.expressible = 40;
  campaign.executed = 37;
  campaign.dark = {"type 3 \"ipc\", input 19, op regex", "type 3 \"ipc\", input 20, op equal",
                   "type 2 \"file\", input 7, op range"};
  for (std::uint64_t k = 0; k <= 40; ++k) {
    campaign.progress.push_back({k * 500, 117 + (61 * k * (80 - k)) / 1600, 3 + k / 2});
  }
  release.campaigns.push_back(std::move(campaign));
}

}  // namespace

Options gate_options() {
  Options options = matrix_options();
  options.is_gate = true;
  options.is_run = true;
  return options;
}

Release gate_release() {
  Release release;
  release.name = "channel 2026-11-26";
  release.asked = {"check", "run", "drift", "fuzz 20000 runs"};
  release.judged = 12;
  release.remembered = 8;
  release.first_uses = 2;
  release.signed_off = 1;
  release.policy_sha256 = std::string(64, 'b');
  add_campaign(release, "7.11", Verdict::fail);
  add_campaign(release, "7.12", Verdict::pass);
  Campaign broken;
  broken.build = "7.10";
  broken.verdict = Verdict::no_verdict;
  broken.problem = "the worker ended 10,000 times";
  broken.progress = {{100, 5, 1}};
  release.campaigns.push_back(std::move(broken));
  release.attestations = {"C-00000291.bin.intoto.jsonl", "wildcard.bin.intoto.jsonl"};
  return release;
}

std::vector<FileResult> gate_run() {
  std::vector<FileResult> results = matrix_run();
  FileResult& file = results[1];
  file.sha256 = std::string(64, 'a');
  file.excerpts = {excerpt_of("header", 0, 4), excerpt_of("criteria", 0x1b0, 9)};
  Finding end = Finding::of(FindingId::end_of_stream).with("needed", "4").with("available", "0");
  end.path = "criteria[9].id";
  end.bytes = ByteRange{0x240, 0x240};
  file.findings.push_back(end);
  for (FileResult& ran : ran_run()) {
    ran.excerpts = {excerpt_of("criteria", 0x1b0, 9)};
    results.push_back(std::move(ran));
  }
  return results;
}

std::vector<FileResult> large_run() {
  std::vector<FileResult> results;
  for (std::size_t k = 0; k < 700; ++k) {
    FileResult result;
    result.name = fmt::format("channel/C-{:08}.bin", k);
    result.size = 16'384;
    for (std::size_t b = 0; b < 30; ++b) {
      result.builds.push_back({.build = fmt::format("7.{}", b), .support = "fielded", .place = b});
    }
    if (k % 2 == 1) {
      for (std::uint64_t n = 0; n < 40; ++n) {
        Finding finding = Finding::of(FindingId::too_large).with("actual", "20").with("bound", "19");
        finding.file = result.name;
        finding.path = fmt::format("criteria[{}].input{}", n, n % 8);
        finding.bytes = ByteRange{0x1c4 + 16 * n, 0x1c6 + 16 * n};
        result.findings.push_back(std::move(finding));
      }
      // The last build is failed by one file only, which comes when the page is full.
      Finding late = result.findings.back();
      late.build = "7.29";
      result.findings.push_back(late);
      result.excerpts = {excerpt_of("criteria", 0x1b0, 44)};
      result.verdict = Verdict::fail;
      for (BuildVerdict& build : result.builds) {
        if (build.build == "7.29" && k != 699) continue;
        build.verdict = Verdict::fail;
        build.first = build.build == "7.29" ? result.findings.size() - 1 : 0;
      }
    }
    results.push_back(std::move(result));
  }
  return results;
}

std::vector<std::string> breaking_out_names() {
  return {std::string(kScript),
          std::string(kImage),
          std::string(kBackwards),
          std::string(10'000, 'w'),
          "' onmouseover='window.hostile={ran:1}",
          "</style><svg onload=window.hostile={ran:1}>",
          std::string("a\0b\x1b[31m\xff", 10)};
}

std::vector<FileResult> breaking_out_run() {
  std::vector<FileResult> results;
  for (const std::string& name : breaking_out_names()) {
    Finding finding = Finding::of(FindingId::read_outside).with("text", name);
    finding.file = name;
    finding.path = name;
    finding.bytes = ByteRange{0x1c4, 0x1c6};
    finding.derived = "";
    finding.trail = {name, name};
    finding.event = name;
    finding.instruction = name;
    finding.stack = {name, name};
    finding.suggest = name;
    finding.rule = name;
    finding.build = name;
    finding.excerpt = "  " + name + "\n  ^\n";
    FileResult result;
    result.name = name;
    result.size = 1024;
    result.sha256 = name;
    result.verdict = Verdict::fail;
    result.findings = {finding};
    result.builds = {{.build = name, .support = name, .place = 0, .verdict = Verdict::fail, .first = 0}};
    result.excerpts = {excerpt_of(name, 0x1b0, 4)};
    for (FieldSpan& field : result.excerpts.front().fields) field.value = name;
    for (std::size_t k = 0; k < kScript.size(); ++k) {
      result.excerpts.front().bytes[k] = static_cast<std::uint8_t>(kScript[k]);
    }
    result.suppressed = {{finding, name, name}};
    result.suppressed_count = 1;
    results.push_back(std::move(result));
  }
  return results;
}

Release breaking_out_release() {
  Release release = gate_release();
  release.name = std::string(kScript);
  release.asked = {std::string(kImage), std::string(kBackwards)};
  release.attestations = {std::string(kImage), std::string(10'000, 'w')};
  for (Campaign& campaign : release.campaigns) {
    campaign.build = std::string(kImage);
    campaign.problem = std::string(kScript) + std::string(10'000, 'w');
    campaign.dark.push_back(std::string(kScript) + std::string(10'000, 'w'));
    campaign.progress.push_back({UINT64_MAX, UINT64_MAX, 0});
    campaign.progress.push_back({0, 0, UINT64_MAX});
    campaign.blocks_covered = UINT64_MAX;
  }
  return release;
}

}  // namespace sluice::report
