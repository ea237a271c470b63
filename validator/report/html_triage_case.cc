#include <fmt/format.h>

#include <algorithm>

#include "validator/report/html_hex.h"
#include "validator/report/html_triage.h"
#include "validator/report/words.h"
#include "validator/report/writer.h"

namespace sluice::report::html {

namespace {

std::string_view class_of(CaseState state) {
  switch (state) {
    case CaseState::returned:
    case CaseState::fresh: return "fail";
    case CaseState::open: return "warn";
    case CaseState::regression: return "pass";
  }
  return "fail";
}

void add_member(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, value);
}

// At most some of the names; `count` are there altogether.
std::string names(const std::vector<std::string>& all, std::uint64_t count) {
  std::string out;
  const std::size_t shown = std::min(all.size(), kMostNames);
  for (std::size_t k = 0; k < shown; ++k) out += fmt::format("<div>{}</div>", code(all[k], 300));
  return out + (count > shown && shown > 0 ? fmt::format("<div>and {} more</div>", with_commas(count - shown)) : "");
}

std::string inline_names(const std::vector<std::string>& all) {
  std::string out;
  const std::size_t shown = std::min(all.size(), kMostNames);
  for (std::size_t k = 0; k < shown; ++k) out += (k == 0 ? "" : " ") + code(all[k], 80);
  return out + (all.size() > shown ? fmt::format(" and {} more", all.size() - shown) : "");
}

std::string facts(const TriageCase& one) {
  std::string out;
  if (!one.inequality.empty()) add_member(out, "because", code(one.inequality));
  add_member(out, "builds", inline_names(one.builds));
  std::string count = with_commas(one.count);
  if (one.runs > 0) count += fmt::format(", faults in {} of {}", one.reproduced, count_text(one.runs, "run"));
  add_member(out, "files", count + names(one.files, one.count));
  add_member(out, "since", text(one.since, 40));
  add_member(out, "identity", code(one.identity));
  return "<dl>\n" + out + "</dl>\n";
}

std::string smallest(const TriageCase& one) {
  std::string out = code(one.smallest.name);
  if (one.smallest.size) {
    out += fmt::format(": {} of {} bytes", with_commas(*one.smallest.size), with_commas(one.size_before));
  }
  if (!one.is_shrunk_fully) out += ", and more may go: a limit came first";
  return out;
}

std::string field_row(const TriageField& field) {
  return fmt::format(
      "<tr{}><th scope=\"row\">{}{}</th><td class=\"at\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
      field.is_guilty ? " class=\"guilty\"" : "", path(short_path(field.path), 300),
      field.is_guilty ? " <span class=\"word\">guilty</span>" : "", range_text(field.bytes), code(field.value, 200),
      field.clean.empty() ? "" : code(field.clean, 200), text(field.does, 300));
}

std::string fields_table(const TriageCase& one) {
  std::string rows;
  const std::size_t shown = std::min(one.fields.size(), kMostMarks);
  for (std::size_t k = 0; k < shown; ++k) rows += field_row(one.fields[k]);
  return scrolling("Fields that the fault needs",
                   "<table class=\"needs\"><thead><tr>" +
                       header({"Field", "Bytes", "Value", "No fault with", "What it does"}) + "</tr></thead><tbody>\n" +
                       rows + "</tbody></table>\n") +
         left_out(one.fields.size() - shown, "fields are");
}

// Where content could not be read, no field has a name but those that matter.
FileResult with_names(const TriageCase& one) {
  FileResult file;
  file.excerpts = one.smallest.excerpts;
  for (Excerpt& excerpt : file.excerpts) {
    for (std::size_t k = 0; k < std::min(one.fields.size(), kMostMarks); ++k) {
      const ByteRange bytes = one.fields[k].bytes;
      const auto meets = [bytes](const FieldSpan& field) {
        return field.bytes.begin < bytes.end && bytes.begin < field.bytes.end;
      };
      if (bytes.begin >= bytes.end || std::ranges::any_of(excerpt.fields, meets)) continue;
      const auto before = std::ranges::upper_bound(excerpt.fields, bytes.begin, {},
                                                   [](const FieldSpan& field) { return field.bytes.begin; });
      excerpt.fields.insert(before, {bytes, one.fields[k].path, one.fields[k].value});
    }
  }
  return file;
}

std::string content(const TriageCase& one, std::size_t& hex_rows) {
  std::string out;
  if (!one.smallest.name.empty()) out += fmt::format("<p class=\"facts\">Smallest file {}</p>\n", smallest(one));
  if (!one.fields.empty()) out += fields_table(one);
  std::vector<HexMark> marks;
  for (std::size_t k = 0; k < std::min(one.fields.size(), kMostMarks); ++k) {
    marks.push_back({one.fields[k].bytes, one.fields[k].is_guilty});
  }
  if (marks.empty() && one.fault && one.fault->bytes) marks.push_back({*one.fault->bytes});
  out += hex_buttons(with_names(one), marks, hex_rows);
  if (hex_rows == 0) out += "<p class=\"left\">Its bytes are not on this page, which is full of others'.</p>\n";
  return out;
}

std::string code_excerpt(const CodeExcerpt& excerpt) {
  std::string out = fmt::format("<p class=\"facts\">{}{}</p>\n", code(excerpt.title, 300),
                                excerpt.note.empty() ? "" : ": " + text(excerpt.note, 400));
  if (excerpt.lines.empty()) return out;
  std::size_t width = 0;
  for (const CodeLine& line : excerpt.lines) width = std::max(width, std::min<std::size_t>(line.place.size(), 24));
  out += fmt::format("<pre class=\"code\" role=\"group\" tabindex=\"0\" aria-label=\"{}\">", text(excerpt.title, 300));
  for (std::size_t k = 0; k < std::min(excerpt.lines.size(), kMostCodeLines); ++k) {
    const CodeLine& line = excerpt.lines[k];
    out += fmt::format("{}<span class=\"at\">{}</span>{}  {}{}\n",
                       line.is_fault ? "<strong><span class=\"unseen\">fault: </span>" : "", text(line.place, 40),
                       std::string(width - std::min(width, line.place.size()), ' '), text(line.text, 300),
                       line.is_fault ? "</strong>" : "");
  }
  return out + "</pre>\n";
}

std::string driver(const TriageCase& one) {
  std::string members;
  if (one.fault) {
    const Finding& fault = *one.fault;
    add_member(members, "fault", code(shown_id(fault), 120) + " " + text(because(fault), 1200));
    if (!fault.event.empty()) add_member(members, "event", code(fault.event, 1200));
    if (!fault.instruction.empty()) add_member(members, "code", code(fault.instruction, 1200));
    add_member(members, "stack", names(fault.stack, fault.stack.size()));
  }
  add_member(members, "places", names(one.places, one.places.size()));
  std::string out = members.empty() ? "" : "<dl>\n" + members + "</dl>\n";
  for (const CodeExcerpt& excerpt : one.code) out += code_excerpt(excerpt);
  return out;
}

std::string targets(const TriageCase& one) {
  if (one.targets.empty()) return {};
  std::string rows;
  const std::size_t shown = std::min(one.targets.size(), kMostTargets);
  for (std::size_t k = 0; k < shown; ++k) {
    const TriageTarget& target = one.targets[k];
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td><span class=\"badge {}\">{}</span></td><td>{}</td></tr>\n",
        code(target.build, 80), text(target.target, 80), target.is_hit ? "fail" : "pass",
        target.is_hit ? "FAULT" : "no fault", text(target.outcome));
  }
  return scrolling("The smallest file on each build", "<table class=\"targets\"><thead><tr>" +
                                                          header({"Build", "Target", "Faults", "What it does"}) +
                                                          "</tr></thead><tbody>\n" + rows + "</tbody></table>\n") +
         left_out(one.targets.size() - shown, "targets are");
}

// Added and removed lines are told apart by their first character, and by colour.
std::string patch(const std::string& text) {
  const std::string shown = lines(text, kLongestPatch);
  std::string out;
  for (std::string_view rest = shown; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const bool is_head = line.starts_with("+++") || line.starts_with("---") || line.starts_with("@@");
    const std::string_view kind = is_head                 ? "head"
                                  : line.starts_with('+') ? "added"
                                  : line.starts_with('-') ? "gone"
                                                          : "";
    out += kind.empty() ? fmt::format("{}\n", line) : fmt::format("<span class=\"{}\">{}</span>\n", kind, line);
  }
  const std::string_view button =
      "<button type=\"button\" hidden>Copy <span class=\"unseen\">the patch</span></button>";
  return fmt::format("<div class=\"copy\"><pre class=\"excerpt patch\" tabindex=\"0\">{}</pre>{}</div>\n", out,
                     text.size() > kLongestPatch ? "" : button);
}

std::string suggestion(const TriageSuggestion& suggestion) {
  std::string what = suggestion_text(suggestion);
  if (what.empty()) return {};
  if (what.front() >= 'a' && what.front() <= 'z') what.front() = static_cast<char>(what.front() - 'a' + 'A');
  std::string out = fmt::format("<p>{}</p>\n", text(what));
  if (!suggestion.patch.empty()) {
    out += patch(suggestion.patch);
  } else if (suggestion.kind == "contract" || suggestion.kind == "rule" || suggestion.kind == "valid") {
    out += copied(suggestion.text, "the rule", kLongestPatch);
  } else {
    out += fmt::format("<p class=\"told-why\">{}</p>\n", text(suggestion.text, 1200));
  }
  std::string evidence;
  for (const std::string& sentence : suggestion.evidence) evidence += fmt::format("<li>{}</li>\n", text(sentence));
  return out + (evidence.empty() ? "" : "<ul class=\"evidence\">\n" + evidence + "</ul>\n");
}

std::string again(const TriageCase& one) {
  std::string out;
  for (const std::string& command : one.commands) out += copied(command, "the command", 4'000);
  std::string events;
  for (const std::string& event : one.events) events += event + "\n";
  if (!events.empty()) out += "<p class=\"facts\">Events</p>\n" + copied(events, "the events", 4'000);
  if (!one.recipe.empty()) {
    out +=
        "<details><summary>The fuzzer's recipe</summary>\n" + copied(one.recipe, "the recipe", 4'000) + "</details>\n";
  }
  return out;
}

void add_part(std::string& out, std::string_view heading, const std::string& part) {
  if (!part.empty()) out += fmt::format("<h3>{}</h3>\n{}", heading, part);
}

}  // namespace

std::string badge(CaseState state) {
  return fmt::format("<span class=\"badge {}\">{}</span>", class_of(state), name_of(state));
}

std::string copied(std::string_view text, std::string_view what, std::size_t limit) {
  const std::string shown = lines(text, limit);
  if (text.size() > limit) return fmt::format("<pre class=\"excerpt\" tabindex=\"0\">{}</pre>\n", shown);
  return fmt::format(
      "<div class=\"copy\"><pre class=\"excerpt\" tabindex=\"0\">{}</pre><button type=\"button\" hidden>Copy <span "
      "class=\"unseen\">{}</span></button></div>\n",
      shown, what);
}

std::string triage_case(const TriageCase& one, const std::string& anchor, const std::string& heading,
                        std::size_t& hex_rows) {
  std::string out = fmt::format(
      "<article class=\"case {0}\" id=\"{1}\" aria-labelledby=\"{1}-heading\">\n<h2 id=\"{1}-heading\">{2} {3}</h2>\n",
      class_of(one.state), anchor, badge(one.state), heading.empty() ? sentence(one.sentence, 1200) : heading);
  out += facts(one);
  add_part(out, "In the content", content(one, hex_rows));
  add_part(out, "In the driver", driver(one));
  add_part(out, "On each build", targets(one));
  add_part(out, "What would keep it out", suggestion(one.suggestion));
  add_part(out, "See it again", again(one));
  return out + "</article>\n";
}

}  // namespace sluice::report::html
