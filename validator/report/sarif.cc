// SARIF 2.1.0, OASIS standard. Section numbers are the standard's.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "validator/report/escape.h"
#include "validator/report/json_writer.h"
#include "validator/report/writers.h"

namespace sluice::report {

namespace {

constexpr auto kTight = JsonWriter::Shape::tight;

constexpr std::string_view kSchemaUri =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

void write_text(JsonWriter& json, std::string_view key, std::string_view text) {
  json.begin_object(key, kTight);
  json.string("text", text);
  json.end();
}

struct Rule {
  std::string id;
  std::string_view name;  // empty: none
  std::string_view title;
  std::string_view help;
  Severity severity;
  std::string_view tag;
};

Rule rule_of(const FindingKind& kind) {
  const std::string_view tag = kind.title.substr(0, kind.title.find(':'));
  return {code_of(kind.id), kind.name, kind.title, kind.help, kind.severity, tag};
}

// 3.49.9: descriptions are not empty.
Rule rule_of(const VendorRule& rule) {
  const std::string_view title = rule.text.empty() ? std::string_view(rule.id) : rule.text;
  return {rule.id, {}, title, rule.help.empty() ? title : rule.help, rule.severity, "rule"};
}

// 3.49: every rule, used or not, so that an index means the same in every report of the same documents.
void write_rule(JsonWriter& json, const Rule& rule) {
  json.begin_object();
  json.string("id", rule.id);
  if (!rule.name.empty()) json.string("name", rule.name);
  write_text(json, "shortDescription", rule.title);
  write_text(json, "fullDescription", rule.help);
  write_text(json, "help", rule.help);
  json.begin_object("defaultConfiguration", kTight);
  json.string("level", name_of(rule.severity));
  json.end();
  json.begin_object("properties", kTight);
  json.string("precision", "very-high");
  json.string("problem.severity", rule.severity == Severity::note ? "recommendation" : name_of(rule.severity));
  json.begin_array("tags");
  json.string(rule.tag);
  json.end();
  json.end();
  json.end();
}

class SarifWriter final : public Writer {
 public:
  SarifWriter(const Options& options, std::string& out)
      : json_(out),
        artifact_json_(artifacts_),
        for_github_(options.sarif_profile == SarifProfile::github),
        has_suppressions_(options.has_suppressions && !for_github_) {
    json_.begin_object();
    json_.string("$schema", kSchemaUri);
    json_.string("version", "2.1.0");
    json_.begin_array("runs");
    json_.begin_object();
    write_tool(options);
    json_.begin_array("results");
    artifact_json_.begin_array();
  }

  void file(const FileResult& result) override {
    occurrences_.clear();
    // 3.14.15: artifacts are unique, though a file may be named twice, and grow in between.
    const std::string key = fmt::format("{} {}", file_uri(result.name), result.size.value_or(0));
    const auto [artifact, is_new] = artifact_indices_.try_emplace(key, artifact_indices_.size());
    if (is_new) write_artifact(result);
    artifact_index_ = artifact->second;
    for (const Finding& finding : result.findings) write_result(result, finding, nullptr);
    // GitHub would show them as open.
    if (for_github_) return;
    for (const SuppressedFinding& suppressed : result.suppressed) write_result(result, suppressed.finding, &suppressed);
  }

  void finish(const Totals& totals) override {
    json_.end();
    artifact_json_.end();
    json_.raw("artifacts", artifacts_);
    json_.begin_array("invocations");
    json_.begin_object();
    // 3.20.14: a run that could not judge everything was not successful, whatever it found.
    json_.boolean("executionSuccessful", totals.verdict != Verdict::no_verdict);
    json_.end();
    json_.end();
    json_.string("columnKind", "unicodeCodePoints");
    json_.end();
    json_.end();
    json_.end();
  }

 private:
  void write_tool(const Options& options) {
    json_.begin_object("tool");
    json_.begin_object("driver");
    json_.string("name", "sluice");
    json_.string("semanticVersion", options.tool_version);
    json_.begin_array("rules");
    for (const FindingKind& kind : all_finding_kinds()) add_rule(rule_of(kind));
    for (const VendorRule& rule : options.rules) add_rule(rule_of(rule));
    json_.end();
    json_.end();
    json_.end();
  }

  void add_rule(const Rule& rule) {
    // 3.19.23: ids are unique, as they are written.
    if (!rule_indices_.try_emplace(json_escaped(rule.id), rule_indices_.size()).second) return;
    write_rule(json_, rule);
  }

  void write_result(const FileResult& result, const Finding& finding, const SuppressedFinding* suppressed) {
    json_.begin_object();
    const std::string id = shown_id(finding);
    json_.string("ruleId", id);
    if (const auto index = rule_indices_.find(json_escaped(id)); index != rule_indices_.end()) {
      json_.number("ruleIndex", index->second);
    }
    write_kind_and_level(result, finding);
    write_text(json_, "message", for_github_ ? one_line(finding) : message(finding));
    json_.begin_array("locations");
    write_location(result, finding);
    json_.end();
    write_stack(finding);
    write_fingerprint(finding);
    write_suppressions(suppressed);
    write_properties(finding);
    json_.end();
  }

  // 3.27.23: none and an empty array differ; where a document of suppressions was given, every result says.
  void write_suppressions(const SuppressedFinding* suppressed) {
    if (!has_suppressions_ && suppressed == nullptr) return;
    json_.begin_array("suppressions", kTight);
    if (suppressed != nullptr) {
      json_.begin_object();
      json_.string("kind", "external");
      json_.string("status", "accepted");
      json_.string("justification", fmt::format("{} (until {})", suppressed->reason, suppressed->until));
      json_.end();
    }
    json_.end();
  }

  void write_properties(const Finding& finding) {
    if (finding.build.empty() && finding.rule.empty()) return;
    json_.begin_object("properties", kTight);
    if (!finding.build.empty()) json_.string("build", finding.build);
    if (!finding.rule.empty()) json_.string("rule", finding.rule);
    json_.end();
  }

  // 3.27.9: `open` is "insufficient information to decide", and its level must be none. GitHub hides what has no level,
  // and what could not be decided must not look like a pass.
  void write_kind_and_level(const FileResult& result, const Finding& finding) {
    const bool is_open = result.verdict == Verdict::no_verdict && is_no_verdict(finding.id) && !for_github_;
    json_.string("kind", is_open ? "open" : "fail");
    json_.string("level", is_open ? "none" : name_of(finding.severity));
  }

  static std::string message(const Finding& finding) {
    std::string text = because(finding) + build_note(finding);
    if (!finding.derived.empty()) text += fmt::format(" ({})", finding.derived);
    if (!finding.suggest.empty()) text += fmt::format(". {}", finding.suggest);
    return visible(text);
  }

  void write_location(const FileResult& result, const Finding& finding) {
    json_.begin_object();
    json_.begin_object("physicalLocation");
    write_artifact_location(result, finding);
    write_region(result, finding);
    json_.end();
    if (!finding.path.empty() && !finding.text) write_logical_location(finding.path);
    json_.end();
  }

  void write_artifact_location(const FileResult& result, const Finding& finding) {
    const bool is_other = !finding.file.empty() && finding.file != result.name;
    json_.begin_object("artifactLocation", kTight);
    json_.string("uri", file_uri(is_other ? finding.file : result.name));
    if (!is_other) json_.number("index", artifact_index_);
    json_.end();
  }

  void write_region(const FileResult& result, const Finding& finding) {
    if (finding.text) {
      write_text_region(*finding.text);
    } else if (for_github_) {
      write_first_character();
    } else if (finding.bytes) {
      write_byte_region(*finding.bytes, result.size);
    }
  }

  void write_text_region(TextPlace place) {
    json_.begin_object("region", kTight);
    json_.number("startLine", place.line);
    json_.number("startColumn", place.column);
    json_.end();
  }

  // GitHub shows no result without a line.
  void write_first_character() {
    json_.begin_object("region", kTight);
    json_.number("startLine", 1);
    json_.number("startColumn", 1);
    json_.number("endLine", 1);
    json_.number("endColumn", 2);
    json_.end();
  }

  // 3.30.12: offset and length together stay within the artifact.
  void write_byte_region(ByteRange range, std::optional<std::uint64_t> size) {
    const std::uint64_t end = std::min(range.end, size.value_or(range.end));
    const std::uint64_t begin = std::min(range.begin, end);
    json_.begin_object("region", kTight);
    json_.number("byteOffset", begin);
    json_.number("byteLength", end - begin);
    json_.end();
  }

  void write_logical_location(std::string_view path) {
    json_.begin_array("logicalLocations");
    json_.begin_object(kTight);
    json_.string("name", path.substr(path.rfind('.') + 1));
    json_.string("fullyQualifiedName", path);
    json_.string("kind", path.ends_with(']') ? "element" : "member");
    json_.end();
    json_.end();
  }

  // 3.44: a frame need not have an address; its location's message says what is known.
  void write_stack(const Finding& finding) {
    if (finding.stack.empty()) return;
    json_.begin_array("stacks");
    json_.begin_object();
    json_.begin_array("frames");
    for (const std::string& frame : finding.stack) {
      json_.begin_object(kTight);
      json_.begin_object("location");
      write_text(json_, "message", visible(frame));
      json_.end();
      json_.end();
    }
    json_.end();
    json_.end();
    json_.end();
  }

  void write_fingerprint(const Finding& finding) {
    const std::uint64_t occurrence = ++occurrences_[fingerprint(finding, 0)];
    json_.begin_object("partialFingerprints", kTight);
    // GitHub uses this one name only.
    json_.string(for_github_ ? "primaryLocationLineHash" : "sluiceFinding/v1", fingerprint(finding, occurrence));
    json_.end();
  }

  void write_artifact(const FileResult& result) {
    artifact_json_.begin_object(kTight);
    artifact_json_.begin_object("location");
    artifact_json_.string("uri", file_uri(result.name));
    artifact_json_.end();
    if (result.size) artifact_json_.number("length", *result.size);
    artifact_json_.string("mimeType", result.is_document ? "text/yaml" : "application/octet-stream");
    if (result.sha256) {
      artifact_json_.begin_object("hashes");
      artifact_json_.string("sha-256", *result.sha256);
      artifact_json_.end();
    }
    artifact_json_.end();
  }

  JsonWriter json_;
  std::string artifacts_;  // kept until the results are through: they are another member of the same object
  JsonWriter artifact_json_;
  bool for_github_;
  bool has_suppressions_;
  std::unordered_map<std::string, std::uint64_t> rule_indices_;
  std::unordered_map<std::string, std::uint64_t> artifact_indices_;  // by URI and size
  std::uint64_t artifact_index_ = 0;                                 // of the file at hand
  std::map<std::string, std::uint64_t> occurrences_;                 // in the file at hand
};

}  // namespace

std::unique_ptr<Writer> make_sarif_writer(const Options& options, std::string& out) {
  return std::make_unique<SarifWriter>(options, out);
}

}  // namespace sluice::report
