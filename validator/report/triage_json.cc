// The documented machine format: docs/triage-json.md.
#include <algorithm>

#include "validator/report/escape.h"
#include "validator/report/json_writer.h"
#include "validator/report/triage.h"

namespace sluice::report {

namespace {

constexpr auto kTight = JsonWriter::Shape::tight;

// A minor step adds members, a major step changes or removes them.
constexpr std::string_view kFormatVersion = "1.0";

void write_some(JsonWriter& json, std::string_view key, std::string_view text) {
  if (!text.empty()) json.string(key, text);
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.begin_array(key);
  for (const std::string& text : texts) json.string(text);
  json.end();
}

void write_field(JsonWriter& json, const TriageField& field) {
  json.begin_object(kTight);
  json.string("path", field.path);
  json.begin_object("bytes", kTight);
  json.number("begin", field.bytes.begin);
  json.number("end", field.bytes.end);
  json.end();
  json.string("value", field.value);
  write_some(json, "clean", field.clean);
  write_some(json, "does", field.does);
  json.boolean("guilty", field.is_guilty);
  json.end();
}

void write_target(JsonWriter& json, const TriageTarget& target) {
  json.begin_object(kTight);
  json.string("build", target.build);
  json.string("target", target.target);
  json.boolean("hit", target.is_hit);
  json.string("outcome", target.outcome);
  json.end();
}

void write_smallest(JsonWriter& json, const TriageCase& one) {
  const FileResult& file = one.smallest;
  json.begin_object("smallest", kTight);
  json.string("file", file.name);
  if (!is_utf8(file.name)) json.string("file_hex", hex(file.name));
  if (file.size) json.number("size", *file.size);
  if (file.sha256) json.string("sha256", *file.sha256);
  json.number("size_before", one.size_before);
  json.boolean("done", one.is_shrunk_fully);
  json.end();
}

void write_code(JsonWriter& json, const CodeExcerpt& code) {
  json.begin_object();
  json.string("title", code.title);
  write_some(json, "note", code.note);
  json.begin_array("lines");
  for (const CodeLine& line : code.lines) {
    json.begin_object(kTight);
    json.string("place", line.place);
    json.string("text", line.text);
    if (line.is_fault) json.boolean("fault", true);
    json.end();
  }
  json.end();
  json.end();
}

void write_suggestion(JsonWriter& json, const TriageSuggestion& suggestion) {
  json.begin_object("suggestion");
  json.string("kind", suggestion.kind.empty() ? "none" : std::string_view(suggestion.kind));
  json.string("text", suggestion.text);
  write_some(json, "patch", suggestion.patch);
  write_texts(json, "evidence", suggestion.evidence);
  json.end();
}

void write_case(JsonWriter& json, const TriageCase& one) {
  json.begin_object();
  json.string("identity", one.identity);
  json.string("state", name_of(one.state));
  write_some(json, "since", one.since);
  json.string("sentence", one.sentence);
  write_some(json, "inequality", one.inequality);
  json.number("count", one.count);
  write_texts(json, "files", one.files);
  write_texts(json, "builds", one.builds);
  write_texts(json, "places", one.places);
  json.begin_array("targets");
  for (const TriageTarget& target : one.targets) write_target(json, target);
  json.end();
  json.begin_object("reproduced", kTight);
  json.number("times", one.reproduced);
  json.number("runs", one.runs);
  json.end();
  write_smallest(json, one);
  write_texts(json, "events", one.events);
  json.begin_array("fields");
  for (const TriageField& field : one.fields) write_field(json, field);
  json.end();
  if (one.fault) write_finding(json, "fault", *one.fault);
  json.begin_array("code");
  for (const CodeExcerpt& code : one.code) write_code(json, code);
  json.end();
  write_some(json, "recipe", one.recipe);
  write_suggestion(json, one.suggestion);
  write_texts(json, "commands", one.commands);
  json.end();
}

void write_summary(JsonWriter& json, const Triage& triage) {
  json.begin_object("summary", kTight);
  json.number("files", triage.files);
  json.number("cases", triage.cases.size());
  for (const CaseState state : kWorstFirst) {
    json.number(name_of(state),
                static_cast<std::uint64_t>(std::ranges::count(triage.cases, state, &TriageCase::state)));
  }
  json.number("not_triaged", triage.not_triaged.size());
  json.end();
}

}  // namespace

std::string triage_json(const Triage& triage, const TriageOptions& options) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.string("format_version", kFormatVersion);
  json.begin_object("tool", kTight);
  json.string("name", "sluice");
  json.string("version", options.tool_version);
  json.end();
  json.begin_object("documents", kTight);
  json.string("driver", triage.driver);
  json.string("schema", triage.schema);
  write_some(json, "rules", triage.rules);
  json.end();
  write_summary(json, triage);
  json.begin_array("cases");
  for (const TriageCase& one : triage.cases) write_case(json, one);
  json.end();
  json.begin_array("not_triaged");
  for (const NotTriaged& one : triage.not_triaged) {
    json.begin_object(kTight);
    json.string("file", one.file);
    if (!is_utf8(one.file)) json.string("file_hex", hex(one.file));
    json.string("reason", one.reason);
    json.end();
  }
  json.end();
  json.end();
  return out;
}

}  // namespace sluice::report
