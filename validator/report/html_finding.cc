#include "validator/report/html_finding.h"

#include <fmt/format.h>

#include "validator/report/html_hex.h"
#include "validator/report/words.h"
#include "validator/report/writer.h"

namespace sluice::report::html {

namespace {

void add_member(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, value);
}

std::string place(const FileResult& file, const Finding& finding) {
  std::string out;
  const auto add = [&out](const std::string& part) {
    if (!part.empty()) out += (out.empty() ? "" : " ") + part;
  };
  if (!finding.file.empty() && finding.file != file.name) add(code(finding.file));
  if (finding.text) add(fmt::format("line {}, column {}", finding.text->line, finding.text->column));
  if (finding.bytes) add(fmt::format("<code>{}</code>", range_text(*finding.bytes)));
  return out;
}

std::string trail(const Finding& finding) {
  std::string out;
  for (const std::string& step : finding.trail) {
    out += (out.empty() ? "" : " <span class=\"then\">then</span> ") + path(short_path(step));
  }
  return out;
}

std::string stack(const Finding& finding) {
  if (finding.stack.empty()) return {};
  constexpr std::size_t kMostFrames = 32;
  std::string out = "<ol class=\"stack\">";
  for (std::size_t k = 0; k < std::min(finding.stack.size(), kMostFrames); ++k) {
    out += "<li>" + code(finding.stack[k]) + "</li>";
  }
  out += "</ol>";
  return out + left_out(finding.stack.size() - std::min(finding.stack.size(), kMostFrames), "frames are");
}

std::string builds(const Group& group) {
  std::string out;
  if (!group.first->build.empty()) out = code(group.first->build, 80);
  for (const Finding* other : group.others) out += " " + code(other->build, 80);
  return out;
}

// The same but for the build's name.
bool says_the_same(const Finding& other, const Finding& first) {
  Finding renamed = other;
  for (Parameter& parameter : renamed.parameters) {
    if (parameter.value == other.build) parameter.value = first.build;
  }
  return because(renamed) == because(first);
}

// What other builds say, where they say it otherwise.
std::string also(const Group& group) {
  std::string out;
  for (const Finding* other : group.others) {
    if (says_the_same(*other, *group.first)) continue;
    out += fmt::format("<div>{}</div>", text(because(*other) + build_note(*other)));
  }
  return out;
}

}  // namespace

std::string finding(const FileResult& file, const Group& group, const std::string& anchor, std::size_t& hex_rows) {
  const Finding& f = *group.first;
  const FindingKind& kind = kind_of(f.id);
  std::string out = fmt::format(
      "<article class=\"finding {0}\" id=\"{1}\">\n<h4><a href=\"#{1}\"><code>{2}</code></a> <span "
      "class=\"severity\">{0}</span> {3}</h4>\n<p class=\"because\">{4}</p>\n<dl>\n",
      name_of(f.severity), anchor, text(shown_id(f), 120), text(kind.title), text(because(f), 1200));
  add_member(out, "builds", builds(group));
  add_member(out, "also", also(group));
  add_member(out, "at", place(file, f));
  if (!f.path.empty()) add_member(out, f.text ? "place" : "field", path(short_path(f.path)));
  if (!f.derived.empty()) add_member(out, "within", text(f.derived));
  add_member(out, "path", trail(f));
  if (f.rule != shown_id(f) && !f.rule.empty()) add_member(out, "rule", code(f.rule));
  if (!f.event.empty()) add_member(out, "event", code(f.event, 1200));
  if (!f.instruction.empty()) add_member(out, "code", code(f.instruction, 1200));
  add_member(out, "stack", stack(f));
  if (!f.suggest.empty()) add_member(out, "suggest", text(f.suggest, 1200));
  out += "</dl>\n";
  if (!f.excerpt.empty())
    out += fmt::format("<pre class=\"excerpt\" tabindex=\"0\">{}</pre>\n", lines(f.excerpt, 2000));
  if (f.bytes && f.derived.empty()) out += hex_view(file, *f.bytes, hex_rows);
  return out + "</article>\n";
}

std::string file_heading(const FileResult& file) {
  std::string out = fmt::format("<h3>{} <span class=\"name\">{}</span></h3>\n", badge(file.verdict), code(file.name));
  std::string facts = file.is_document ? "document" : "";
  const auto add = [&facts](const std::string& fact) { facts += (facts.empty() ? "" : " · ") + fact; };
  if (file.size) add(with_commas(*file.size) + (*file.size == 1 ? " byte" : " bytes"));
  if (file.sha256) add("sha256 " + code(*file.sha256));
  if (!facts.empty()) out += fmt::format("<p class=\"facts\">{}</p>\n", facts);
  return out;
}

std::string suppressed_row(const FileResult& file, const SuppressedFinding& suppressed) {
  const Finding& f = suppressed.finding;
  return fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                     code(shown_id(f), 120), code(file.name, 200), path(short_path(f.path), 200),
                     text(because(f) + build_note(f)), text(suppressed.reason), text(suppressed.until, 40));
}

std::string suppressed_table(const std::string& rows) {
  return scrolling("Suppressed findings",
                   "<table class=\"suppressed\"><thead><tr>" +
                       header({"Finding", "File", "Field", "Because", "Accepted because", "Until"}) +
                       "</tr></thead><tbody>\n" + rows + "</tbody></table>\n");
}

}  // namespace sluice::report::html
