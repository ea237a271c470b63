// The documented machine format: docs/diff.md.
#include "validator/cli/diff_report.h"
#include "validator/report/json_writer.h"

namespace sluice::cli {

namespace {

using difference::Change;
using difference::Difference;
using difference::Pattern;
using report::JsonWriter;

constexpr auto kTight = JsonWriter::Shape::tight;
constexpr std::string_view kFormatVersion = "1.0";

std::string_view name_of(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::added: return "added";
    case Change::Kind::removed: return "removed";
    case Change::Kind::changed: return "changed";
    case Change::Kind::reordered: return "reordered";
  }
  return "";
}

std::string_view name_of(Verdict verdict) {
  return verdict == Verdict::no_verdict ? "NO_VERDICT" : report::name_of(verdict);
}

void write_members(JsonWriter& json, const report::FileResult& file) {
  json.string("file", file.name);
  if (file.size) json.number("size", *file.size);
  if (file.sha256) json.string("sha256", *file.sha256);
}

void write_side(JsonWriter& json, std::string_view key, const std::string& value, std::optional<ByteRange> bytes) {
  json.begin_object(key, kTight);
  if (!value.empty()) json.string("value", value);
  if (bytes) {
    json.number("begin", bytes->begin);
    json.number("end", bytes->end);
  }
  json.end();
}

void write_change(JsonWriter& json, const Difference& difference, const Change& change) {
  json.begin_object(kTight);
  json.string("kind", name_of(change.kind));
  json.string("path", change.path);
  json.string("field", difference.patterns[change.pattern].field);
  json.boolean("derived", change.is_derived);
  if (change.kind != Change::Kind::added) write_side(json, "old", change.before, change.before_bytes);
  if (change.kind != Change::Kind::removed) write_side(json, "new", change.after, change.after_bytes);
  json.end();
}

void write_pattern(JsonWriter& json, const Pattern& pattern) {
  json.begin_object(kTight);
  json.string("kind", name_of(pattern.kind));
  json.string("field", pattern.field);
  json.boolean("derived", pattern.is_derived);
  json.number("count", pattern.count);
  json.number("listed", pattern.listed);
  json.end();
}

void write_difference(JsonWriter& json, const DiffReport& report) {
  const Difference& difference = report.difference;
  json.boolean("identical", report.is_identical);
  json.begin_array("changes");
  for (const Change& change : difference.changes) write_change(json, difference, change);
  json.end();
  json.begin_array("by_field");
  for (const Pattern& pattern : difference.patterns) write_pattern(json, pattern);
  json.end();
}

}  // namespace

std::string diff_json(const DiffReport& report, const std::string& tool_version, Verdict verdict) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.string("format_version", kFormatVersion);
  json.begin_object("tool", kTight);
  json.string("name", "sluice");
  json.string("version", tool_version);
  json.end();
  json.string("schema", report.schema);
  json.begin_array("old");
  for (std::size_t k = 0; k < report.older.size(); ++k) {
    json.begin_object(kTight);
    write_members(json, report.older[k]);
    json.boolean("compared", report.base == k);
    json.end();
  }
  json.end();
  json.begin_object("new", kTight);
  write_members(json, report.now);
  json.end();
  if (report.is_compared()) write_difference(json, report);
  json.begin_array("findings");
  for (const report::FileResult& broken : report.broken) {
    for (const Finding& finding : broken.findings) report::write_finding(json, finding);
  }
  for (const Finding& finding : report.now.findings) report::write_finding(json, finding);
  json.end();
  json.begin_object("summary", kTight);
  json.number("added", report.difference.added);
  json.number("removed", report.difference.removed);
  json.number("changed", report.difference.changed);
  json.number("reordered", report.difference.reordered);
  json.number("derived", report.difference.derived);
  json.number("omitted", report.now.omitted);
  json.end();
  json.string("verdict", name_of(verdict));
  json.end();
  return out;
}

}  // namespace sluice::cli
