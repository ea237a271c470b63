#include "fuzz/triage/worker_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "fuzz/cause/signature.h"
#include "fuzz/engine/corpus.h"
#include "fuzz/engine/sluice_run.h"

namespace sluice::triage {

namespace {

using nlohmann::json;

const json* member(const json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? nullptr : &*found;
}

std::string text(const json& object, const char* key) {
  const json* found = member(object, key);
  return found != nullptr && found->is_string() ? found->get<std::string>() : "";
}

std::vector<std::string> texts(const json& object, const char* key) {
  std::vector<std::string> out;
  const json* found = member(object, key);
  if (found == nullptr || !found->is_array()) return out;
  for (const json& each : *found) {
    if (each.is_string()) out.push_back(each.get<std::string>());
  }
  return out;
}

std::optional<ByteRange> range(const json& object) {
  const json* bytes = member(object, "bytes");
  const json* begin = bytes != nullptr ? member(*bytes, "begin") : nullptr;
  const json* end = bytes != nullptr ? member(*bytes, "end") : nullptr;
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
  if (const json* parameters = member(from, "parameters"); parameters != nullptr && parameters->is_object()) {
    for (const auto& [name, value] : parameters->items()) {
      if (value.is_string()) finding.with(name, value.get<std::string>());
    }
  }
  return finding;
}

}  // namespace

WorkerReports read_worker_reports(const std::string& json_text) {
  WorkerReports reports;
  const json root = json::parse(json_text, nullptr, /*allow_exceptions=*/false);
  const json* files = member(root, "files");
  if (files == nullptr || !files->is_array()) return reports;
  for (const json& file : *files) {
    std::vector<Finding>& findings = reports[text(file, "file")];
    const json* list = member(file, "findings");
    if (list == nullptr || !list->is_array()) continue;
    for (const json& each : *list) {
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
  const std::string kind = cause::kind_class_of(fault);
  FindingId id = std::strcmp(fault.kind, "write") == 0 ? FindingId::write_outside : FindingId::process_ended;
  for (const FindingKind& each : all_finding_kinds()) {
    if (cause::kind_class_of(each.id) == kind && cause::kind_class_of(id) != kind) id = each.id;
  }
  Finding finding = Finding::of(id).with("text", engine::sentence_of(fault));
  finding.build = build;
  const std::string symbol = engine::printable({fault.symbol, ::strnlen(fault.symbol, sizeof fault.symbol)});
  if (fault.offset != engine::kNoOffset) {
    finding.stack.push_back(fmt::format("{}  +0x{:x}", symbol.empty() ? "(no symbol)" : symbol, fault.offset));
  }
  return finding;
}

}  // namespace sluice::triage
