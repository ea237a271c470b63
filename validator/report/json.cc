// The documented machine format: docs/report-json.md.
#include "validator/report/escape.h"
#include "validator/report/json_writer.h"
#include "validator/report/writers.h"

namespace sluice::report {

namespace {

constexpr auto kTight = JsonWriter::Shape::tight;

// A minor step adds members, a major step changes or removes them.
constexpr std::string_view kFormatVersion = "2.3";

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

// The members of a finding, without the braces.
void write_members(JsonWriter& json, const Finding& finding) {
  const FindingKind& kind = kind_of(finding.id);
  json.string("id", shown_id(finding));
  json.string("name", kind.name);
  if (!finding.rule.empty()) json.string("rule", finding.rule);
  if (!finding.build.empty()) json.string("build", finding.build);
  json.string("severity", name_of(finding.severity));
  json.string("title", kind.title);
  json.string("because", because(finding));
  write_place(json, finding);
  write_parameters(json, finding);
  json.begin_array("trail", kTight);
  for (const std::string& step : finding.trail) json.string(step);
  json.end();
  if (!finding.event.empty()) json.string("event", finding.event);
  if (!finding.instruction.empty()) json.string("instruction", finding.instruction);
  if (!finding.stack.empty()) {
    json.begin_array("stack");
    for (const std::string& frame : finding.stack) json.string(frame);
    json.end();
  }
  if (!finding.suggest.empty()) json.string("suggest", finding.suggest);
}

void write_suppressed(JsonWriter& json, const SuppressedFinding& suppressed) {
  json.begin_object();
  write_members(json, suppressed.finding);
  json.begin_object("suppression", kTight);
  json.string("reason", suppressed.reason);
  json.string("until", suppressed.until);
  json.end();
  json.end();
}

void write_build(JsonWriter& json, const FileResult& result, const BuildVerdict& build) {
  json.begin_object(kTight);
  json.string("build", build.build);
  json.string("support", build.support);
  json.string("verdict", machine_name(build.verdict));
  if (build.first) {
    json.begin_object("first_finding");
    json.string("id", shown_id(result.findings[*build.first]));
    json.number("index", *build.first);
    json.end();
  }
  if (build.ran) {
    json.begin_object("ran");
    json.number("instances", build.ran->instances);
    json.number("evaluated", build.ran->evaluated);
    json.number("criteria", build.ran->criteria);
    json.number("dereferenced", build.ran->dereferenced);
    json.end();
  }
  json.end();
}

// The verdict for each build, and the ranges of builds that the file is proven for.
void write_matrix(JsonWriter& json, const FileResult& result, bool is_run) {
  if (result.builds.empty()) return;
  json.begin_array("matrix");
  for (const BuildVerdict& build : result.builds) write_build(json, result, build);
  json.end();
  json.begin_array(is_run ? "clean" : "proven", kTight);
  for (const BuildRange& range : proven_ranges(result.builds)) {
    json.begin_object();
    json.string("from", range.first);
    json.string("to", range.last);
    json.end();
  }
  json.end();
}

void write_totals(JsonWriter& json, const BuildTotals& build) {
  json.begin_object(kTight);
  json.string("build", build.build);
  json.string("support", build.support);
  json.string("verdict", machine_name(build.verdict()));
  json.number("passed", build.passed);
  json.number("failed", build.failed);
  json.number("undecided", build.undecided);
  json.end();
}

void write_coverage(JsonWriter& json, const std::vector<BuildCoverage>& coverage) {
  if (coverage.empty()) return;
  json.begin_array("coverage");
  for (const BuildCoverage& build : coverage) {
    json.begin_object(kTight);
    json.string("build", build.build);
    if (build.reason.empty()) {
      json.number("blocks", build.blocks);
      json.number("hit", build.hit);
      json.number("reachable", build.reachable);
    } else {
      json.string("reason", build.reason);
    }
    json.end();
  }
  json.end();
}

void write_campaign(JsonWriter& json, const Campaign& campaign) {
  json.begin_object();
  json.string("build", campaign.build);
  json.string("verdict", machine_name(campaign.verdict));
  if (!campaign.problem.empty()) json.string("problem", campaign.problem);
  json.number("executions", campaign.executions);
  json.number("accepted", campaign.accepted);
  json.number("restarts", campaign.restarts);
  json.number("escapes", campaign.escapes);
  json.number("kept_out", campaign.kept_out);
  json.begin_object("blocks", kTight);
  json.number("seeds", campaign.blocks_of_seeds);
  json.number("covered", campaign.blocks_covered);
  json.number("reachable", campaign.blocks_reachable);
  json.number("all", campaign.blocks);
  json.end();
  json.begin_object("operators");
  json.number("expressible", campaign.expressible);
  json.number("executed", campaign.executed);
  json.begin_array("dark");
  for (const std::string& dark : campaign.dark) json.string(dark);
  json.end();
  json.end();
  json.end();
}

void write_release(JsonWriter& json, const Release& release) {
  json.begin_object("release");
  json.string("name", release.name);
  json.begin_array("asked", kTight);
  for (const std::string& asked : release.asked) json.string(asked);
  json.end();
  json.begin_array("campaigns");
  for (const Campaign& campaign : release.campaigns) write_campaign(json, campaign);
  json.end();
  json.number("runs", release.judged);
  json.number("remembered", release.remembered);
  json.number("first_uses", release.first_uses);
  json.number("signed_off", release.signed_off);
  json.string("policy_sha256", release.policy_sha256);
  json.begin_array("attestations");
  for (const std::string& path : release.attestations) json.string(path);
  json.end();
  json.end();
}

class JsonReport final : public Writer {
 public:
  JsonReport(const Options& options, std::string& out)
      : json_(out), left_out_(options.left_out), is_run_(options.is_run && !options.is_gate) {
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
    json_.number("omitted", result.omitted);
    json_.number("suppressed_count", result.suppressed_count);
    json_.begin_array("findings");
    for (const Finding& finding : result.findings) write_finding(json_, finding);
    json_.end();
    json_.begin_array("suppressed");
    for (const SuppressedFinding& suppressed : result.suppressed) write_suppressed(json_, suppressed);
    json_.end();
    write_matrix(json_, result, is_run_);
    json_.end();
  }

  void finish(const Totals& totals) override {
    json_.end();
    json_.begin_array("matrix");
    for (const BuildTotals& build : totals.builds) write_totals(json_, build);
    json_.end();
    write_coverage(json_, totals.coverage);
    if (totals.release) write_release(json_, *totals.release);
    json_.begin_object("summary");
    json_.number("files", totals.files);
    json_.number("passed", totals.passed);
    json_.number("failed", totals.failed);
    json_.number("undecided", totals.undecided);
    json_.number("documents", totals.documents);
    json_.number("errors", totals.errors);
    json_.number("warnings", totals.warnings);
    json_.number("notes", totals.notes);
    json_.number("omitted", totals.omitted);
    json_.number("suppressed", totals.suppressed);
    json_.end();
    const Deployable answer = deployable(totals, left_out_, is_run_);
    if (answer.answer) {
      json_.boolean("deployable", *answer.answer);
    } else {
      json_.raw("deployable", "null");
    }
    json_.string("reason", answer.reason);
    json_.string("verdict", machine_name(totals.verdict));
    json_.end();
  }

 private:
  JsonWriter json_;
  const std::vector<std::string> left_out_;
  const bool is_run_;
};

}  // namespace

void write_finding(JsonWriter& json, const Finding& finding) {
  json.begin_object();
  write_members(json, finding);
  json.end();
}

void write_finding(JsonWriter& json, std::string_view key, const Finding& finding) {
  json.begin_object(key);
  write_members(json, finding);
  json.end();
}

std::unique_ptr<Writer> make_json_writer(const Options& options, std::string& out) {
  return std::make_unique<JsonReport>(options, out);
}

}  // namespace sluice::report
