#include "fuzz/triage/worker_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "fuzz/cause/signature.h"
#include "fuzz/engine/corpus.h"
#include "fuzz/engine/sluice_run.h"
#include "validator/members/members.h"

namespace sluice::triage {

namespace {

using members::text;
using members::texts;
using nlohmann::json;

std::optional<ByteRange> range(const json& finding) {
  const json& bytes = members::object(finding, "bytes");
  const json* begin = members::find(bytes, "begin");
  const json* end = members::find(bytes, "end");
  if (begin == nullptr || end == nullptr || !begin->is_number_unsigned() || !end->is_number_unsigned()) return {};
  return ByteRange{begin->get<std::uint64_t>(), end->get<std::uint64_t>()};
}

std::optional<Finding> read_finding(const json& from) {
  const auto id = finding_by_code(text(from, "name"));
  if (!id) return std::nullopt;
  Finding finding = Finding::of(*id);
  const std::string severity = text(from, "severity");
  finding.severity = severity == "error" ? Severity::error : severity == "note" ? Severity::note : Severity::warning;
  finding.file = text(from, "file");
  finding.path = text(from, "path");
  finding.bytes = range(from);
  finding.trail = texts(from, "trail");
  finding.event = text(from, "event");
  finding.instruction = text(from, "instruction");
  finding.stack = texts(from, "stack");
  finding.suggest = text(from, "suggest");
  finding.rule = text(from, "rule");
  finding.build = text(from, "build");
  for (const auto& [name, value] : members::object(from, "parameters").items()) {
    if (value.is_string()) finding.with(name, value.get<std::string>());
  }
  return finding;
}

}  // namespace

WorkerReports read_worker_reports(const std::string& json_text) {
  WorkerReports reports;
  const json root = json::parse(json_text, nullptr, /*allow_exceptions=*/false);
  for (const json& file : members::list(root, "files")) {
    std::vector<Finding>& findings = reports[text(file, "file")];
    for (const json& each : members::list(file, "findings")) {
      if (auto finding = read_finding(each)) findings.push_back(std::move(*finding));
    }
  }
  return reports;
}

WorkerReports ask_worker(const engine::Options& options, const std::vector<std::string>& files,
                         const std::vector<std::string>& builds, const std::string& output) {
  constexpr std::uint64_t kLargest = 64u << 20;
  (void)engine::run_sluice(options, {.files = files, .builds = builds, .format = "json", .output = output});
  std::vector<std::uint8_t> bytes;
  std::string problem;
  if (!engine::read_whole(output, kLargest, bytes, problem)) return {};
  return read_worker_reports({bytes.begin(), bytes.end()});
}

const Finding* fault_on(const std::vector<Finding>& findings, const std::string& build, const std::string& kind) {
  const Finding* first = nullptr;
  for (const Finding& finding : findings) {
    const std::string its = finding.build == build ? cause::kind_class_of(finding.id) : "";
    if (its.empty()) continue;
    if (its == kind) return &finding;
    if (first == nullptr) first = &finding;
  }
  return first;
}

Finding finding_of(const engine::Fault& fault, const std::string& build) {
  const FindingId id = engine::finding_id_of(fault).value_or(FindingId::process_ended);
  Finding finding = Finding::of(id).with("text", engine::sentence_of(fault));
  finding.build = build;
  const std::string symbol = engine::printable({fault.symbol, ::strnlen(fault.symbol, sizeof fault.symbol)});
  if (fault.offset != engine::kNoOffset) {
    finding.stack.push_back(fmt::format("{}  +0x{:x}", symbol.empty() ? "(no symbol)" : symbol, fault.offset));
  }
  return finding;
}

}  // namespace sluice::triage
