// For people:
//
//   new  instances[1].criteria[20].input is 20, and build 7.11 supplies 20 inputs: the driver reads 8 bytes past them
//     hits     7.11
//     field    instances[1].criteria[20].input = 20  0x01f4..0x01f6  (19: no fault)
//     because  20 >= 20 supplied
//     ..
//
//   STATE  FILES  BUILDS  FIELD
//   new    12     7.11    instances[1].criteria[20].input
//
//   FAIL  1 fault in 12 files: 1 new
#include <fmt/format.h>

#include <algorithm>

#include "validator/report/escape.h"
#include "validator/report/paint.h"
#include "validator/report/table.h"
#include "validator/report/triage.h"
#include "validator/report/words.h"
#include "validator/report/writer.h"

namespace sluice::report {

namespace {

std::string_view colour_of(CaseState state) {
  switch (state) {
    case CaseState::returned:
    case CaseState::fresh: return report::colour_of(Severity::error);
    case CaseState::open: return report::colour_of(Severity::warning);
    case CaseState::regression: return report::colour_of(Severity::note);
  }
  return "0";
}

std::string joined(const std::vector<std::string>& texts) { return visible(fmt::format("{}", fmt::join(texts, ", "))); }

// The first beside the label, the others under it.
void add_lines(std::string& out, std::string_view label, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) add_line(out, &line == &lines.front() ? label : "", visible(line));
}

void add_block(std::string& out, std::string_view label, std::string_view block) {
  std::vector<std::string> lines;
  for (std::string_view rest = block; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    lines.emplace_back(end == 0 ? " " : rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  add_lines(out, label, lines);
}

std::string field_text(const TriageField& field) {
  std::string out = fmt::format("{} = {}  {}", short_path(field.path), field.value, range_text(field.bytes));
  if (!field.clean.empty()) out += fmt::format("  ({}: no fault)", field.clean);
  if (!field.does.empty()) out += "; " + field.does;
  return out;
}

void add_fields(std::string& out, const TriageCase& one) {
  std::vector<std::string> guilty;
  std::vector<std::string> others;
  for (const TriageField& field : one.fields) (field.is_guilty ? guilty : others).push_back(field_text(field));
  add_lines(out, "field", guilty);
  add_lines(out, guilty.empty() ? "fields" : "with", others);
}

void add_code(std::string& out, const CodeExcerpt& code) {
  std::vector<std::string> lines = {code.title + (code.note.empty() ? "" : " (" + code.note + ")")};
  std::size_t width = 0;
  for (const CodeLine& line : code.lines) width = std::max(width, visible(line.place).size());
  for (const CodeLine& line : code.lines) {
    lines.push_back(fmt::format("{} {:<{}}  {}", line.is_fault ? ">" : " ", line.place, width, line.text));
  }
  add_lines(out, "around", lines);
}

void add_suggestion(std::string& out, const TriageSuggestion& suggestion) {
  const std::string what = suggestion_text(suggestion);
  add_line(out, "suggest", visible(what));
  add_block(out, what.empty() ? "suggest" : "", suggestion.patch.empty() ? suggestion.text : suggestion.patch);
  add_lines(out, "evidence", suggestion.evidence);
}

std::string counts(const TriageCase& one) {
  std::string out = count_text(one.count, "file");
  if (one.runs > 0) out += fmt::format("; faults in {} of {}", one.reproduced, count_text(one.runs, "run"));
  if (!one.files.empty()) out += ": " + fmt::format("{}", fmt::join(one.files, ", "));
  if (one.count > one.files.size() && !one.files.empty()) {
    out += fmt::format(" and {} more", one.count - one.files.size());
  }
  return out;
}

std::string smallest(const TriageCase& one) {
  if (one.smallest.name.empty()) return {};
  std::string out = one.smallest.name;
  if (one.smallest.size)
    out += fmt::format("  {} of {} bytes", with_commas(*one.smallest.size), with_commas(one.size_before));
  return out + (one.is_shrunk_fully ? "" : ", and more may go: a limit came first");
}

std::string target(const TriageTarget& target) {
  return fmt::format("{} {} {}: {}", target.is_hit ? ">" : " ", target.build, target.target, target.outcome);
}

std::string case_text(const TriageCase& one, bool colour) {
  std::string out =
      fmt::format("{}  {}\n", painted(name_of(one.state), colour_of(one.state), colour), visible(one.sentence));
  add_line(out, "because", visible(one.inequality));
  add_line(out, "hits", joined(one.builds));
  add_fields(out, one);
  if (one.fault) {
    add_line(out, "fault", visible(shown_id(*one.fault) + " " + because(*one.fault)));
    add_line(out, "event", visible(one.fault->event));
    add_line(out, "code", visible(one.fault->instruction));
    add_lines(out, "stack", one.fault->stack);
  }
  for (const CodeExcerpt& code : one.code) add_code(out, code);
  add_lines(out, "places", one.places);
  std::vector<std::string> targets;
  for (const TriageTarget& ran : one.targets) targets.push_back(target(ran));
  add_lines(out, "targets", targets);
  add_line(out, "smallest", visible(smallest(one)));
  add_lines(out, "events", one.events);
  add_line(out, "files", visible(counts(one)));
  add_block(out, "recipe", one.recipe);
  add_suggestion(out, one.suggestion);
  add_line(out, "since", visible(one.since));
  add_line(out, "identity", visible(one.identity));
  add_lines(out, "try", one.commands);
  return out;
}

std::string cases_table(const Triage& triage, bool colour) {
  Table table;
  table.add({{"STATE"}, {"FILES"}, {"BUILDS"}, {"FIELD"}, {"IDENTITY"}});
  for (const TriageCase& one : triage.cases) {
    std::string builds = fmt::format("{}", fmt::join(one.builds, " "));
    std::string field = one.fields.empty() ? "-" : short_path(one.fields.front().path);
    table.add({{std::string(name_of(one.state)), colour_of(one.state)},
               {with_commas(one.count)},
               {builds.empty() ? "-" : std::move(builds)},
               {std::move(field)},
               {one.identity}});
  }
  return table.text(colour);
}

}  // namespace

std::string triage_text(const Triage& triage, const TriageOptions& options) {
  std::string out;
  for (const TriageCase& one : triage.cases) out += case_text(one, options.colour) + "\n";
  for (const NotTriaged& one : triage.not_triaged) {
    out += fmt::format("{}: {}\n", visible(one.file), visible(one.reason));
  }
  if (!triage.not_triaged.empty()) out += "\n";
  if (!triage.cases.empty()) out += cases_table(triage, options.colour) + "\n";
  out += fmt::format("{} in {}{}\n", count_text(triage.cases.size(), "fault"), count_text(triage.files, "file"),
                     triage.cases.empty() ? "" : ": " + states_text(triage));
  return out;
}

}  // namespace sluice::report
