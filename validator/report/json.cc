// The documented machine format: docs/report-json.md.
#include "validator/report/escape.h"
#include "validator/report/json_writer.h"
#include "validator/report/writers.h"

namespace sluice::report {

namespace {

constexpr auto kTight = JsonWriter::Shape::tight;

// A minor step adds members, a major step changes or removes them.
constexpr std::string_view kFormatVersion = "1.0";

std::string_view machine_name(Verdict verdict) {
  return verdict == Verdict::no_verdict ? "NO_VERDICT" : name_of(verdict);
}

void write_path(JsonWriter& json, const Finding& finding) {
  json.string("path", finding.path);
  if (finding.text) return;  // a YAML path is not made of fields
  json.begin_array("path_elements", kTight);
  for (const PathElement& element : split_path(finding.path)) {
    json.begin_object();
    if (!element.field.empty()) json.string("field", element.field);
    if (element.index) json.number("index", *element.index);
    json.end();
  }
  json.end();
}

void write_place(JsonWriter& json, const Finding& finding) {
  if (!finding.file.empty()) json.string("file", finding.file);
  write_path(json, finding);
  if (finding.bytes) {
    json.begin_object("bytes", kTight);
    json.number("begin", finding.bytes->begin);
    json.number("end", finding.bytes->end);
    json.end();
  }
  if (finding.text) {
    json.begin_object("text", kTight);
    json.number("line", finding.text->line);
    json.number("column", finding.text->column);
    json.end();
  }
  if (!finding.excerpt.empty()) json.string("excerpt", finding.excerpt);
  if (!finding.derived.empty()) json.string("derived", finding.derived);
}

void write_parameters(JsonWriter& json, const Finding& finding) {
  json.begin_object("parameters", kTight);
  for (const Parameter& parameter : finding.parameters) {
    json.string(parameter.name, parameter.value);
  }
  json.end();
}

void write_finding(JsonWriter& json, const Finding& finding) {
  const FindingKind& kind = kind_of(finding.id);
  json.begin_object();
  json.string("id", code_of(finding.id));
  json.string("name", kind.name);
  json.string("severity", name_of(finding.severity));
  json.string("title", kind.title);
  json.string("because", because(finding));
  write_place(json, finding);
  write_parameters(json, finding);
  json.begin_array("trail", kTight);
  for (const std::string& step : finding.trail) json.string(step);
  json.end();
  if (!finding.suggest.empty()) json.string("suggest", finding.suggest);
  json.end();
}

class JsonReport final : public Writer {
 public:
  JsonReport(const Options& options, std::string& out) : json_(out) {
    json_.begin_object();
    json_.string("format_version", kFormatVersion);
    json_.begin_object("tool", kTight);
    json_.string("name", "sluice");
    json_.string("version", options.tool_version);
    json_.end();
    json_.begin_array("files");
  }

  void file(const FileResult& result) override {
    json_.begin_object();
    json_.string("file", result.name);
    if (!is_utf8(result.name)) json_.string("file_hex", hex(result.name));
    json_.string("kind", result.is_document ? "document" : "content");
    if (result.size) json_.number("size", *result.size);
    if (result.sha256) json_.string("sha256", *result.sha256);
    json_.string("verdict", machine_name(result.verdict));
    json_.number("suppressed", result.suppressed);
    json_.begin_array("findings");
    for (const Finding& finding : result.findings) write_finding(json_, finding);
    json_.end();
    json_.end();
  }

  void finish(const Totals& totals) override {
    json_.end();
    json_.begin_object("summary");
    json_.number("files", totals.files);
    json_.number("passed", totals.passed);
    json_.number("failed", totals.failed);
    json_.number("undecided", totals.undecided);
    json_.number("errors", totals.errors);
    json_.number("warnings", totals.warnings);
    json_.number("notes", totals.notes);
    json_.number("suppressed", totals.suppressed);
    json_.end();
    json_.string("verdict", machine_name(totals.verdict));
    json_.end();
  }

 private:
  JsonWriter json_;
};

}  // namespace

std::unique_ptr<Writer> make_json_writer(const Options& options, std::string& out) {
  return std::make_unique<JsonReport>(options, out);
}

}  // namespace sluice::report
