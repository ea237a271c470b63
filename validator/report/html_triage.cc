// What triage made of faults, on one self-contained page: no network. The one script copies and leads by keys.
#include "validator/report/html_triage.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/report/words.h"

namespace sluice::report {

namespace {

using namespace html;

std::string anchor_of(std::size_t index) { return fmt::format("fault-{}", index + 1); }

std::string documents(const Triage& triage) {
  std::string out;
  for (const std::string* name : {&triage.driver, &triage.schema, &triage.rules}) {
    if (!name->empty()) out += (out.empty() ? "" : " · ") + text(*name, 200);
  }
  return out;
}

std::string builds_text(const TriageCase& one) {
  std::string out;
  for (std::size_t k = 0; k < std::min(one.builds.size(), kMostNames); ++k) {
    out += (k == 0 ? "" : ", ") + code(one.builds[k], 80);
  }
  if (one.builds.size() > kMostNames) out += fmt::format(" and {} more", one.builds.size() - kMostNames);
  return out;
}

bool is_bad(const TriageCase& one) { return one.state == CaseState::returned || one.state == CaseState::fresh; }

std::string headline(const Triage& triage) {
  const std::size_t count = triage.cases.size();
  if (count == 1) return sentence(triage.cases.front().sentence, 1200);
  return fmt::format("{} in {}{}", count_text(count, "fault"), count_text(triage.files, "file"),
                     count == 0 ? "" : ": " + states_text(triage));
}

// Elements mean nothing in it.
std::string title(const Triage& triage) {
  if (triage.cases.size() == 1) return text(triage.cases.front().sentence, 200);
  return "sluice triage: " + headline(triage);
}

// What is wrong, in which field, on which builds: of the worst.
std::string banner(const Triage& triage) {
  const bool has_bad = std::ranges::any_of(triage.cases, is_bad);
  std::string out = fmt::format("<header class=\"banner {}\">\n<p class=\"tool\">sluice triage · {}</p>\n<h1>{}</h1>\n",
                                has_bad                ? "fail"
                                : triage.cases.empty() ? "pass"
                                                       : "none",
                                documents(triage), headline(triage));
  if (!triage.cases.empty()) {
    const TriageCase& worst = triage.cases.front();
    if (triage.cases.size() > 1) {
      out += fmt::format("<p class=\"reason\">The worst: <a href=\"#{}\">{}</a></p>\n", anchor_of(0),
                         sentence(worst.sentence, 1200));
    }
    std::string facts;
    if (!worst.fields.empty()) {
      facts += fmt::format("<div><dt>Field</dt><dd>{} = {}</dd></div>\n", path(short_path(worst.fields.front().path)),
                           code(worst.fields.front().value, 200));
    }
    if (!worst.builds.empty()) facts += fmt::format("<div><dt>On builds</dt><dd>{}</dd></div>\n", builds_text(worst));
    facts += fmt::format("<div><dt>State</dt><dd>{}</dd></div>\n", badge(worst.state));
    facts += fmt::format("<div><dt>Files with it</dt><dd>{}</dd></div>\n", with_commas(worst.count));
    out += "<dl class=\"counts\">\n" + facts + "</dl>\n";
  } else {
    out += "<p class=\"reason\">No file of the folder faults on any build.</p>\n";
  }
  return out + "</header>\n";
}

std::string index_row(const TriageCase& one, std::size_t index) {
  const std::string field = one.fields.empty() ? "" : path(short_path(one.fields.front().path), 200);
  return fmt::format(
      "<tr><td>{}</td><th scope=\"row\"><a href=\"#{}\">{}</a></th><td>{}</td><td>{}</td><td "
      "class=\"number\">{}</td></tr>\n",
      badge(one.state), anchor_of(index), sentence(one.sentence, 300), field, builds_text(one), with_commas(one.count));
}

std::string index(const Triage& triage) {
  std::string rows;
  const std::size_t shown = std::min(triage.cases.size(), kMostCases);
  for (std::size_t k = 0; k < shown; ++k) rows += index_row(triage.cases[k], k);
  return "<section id=\"all\" aria-labelledby=\"all-heading\">\n<h2 id=\"all-heading\">All faults</h2>\n" +
         scrolling("All faults", "<table class=\"index\"><thead><tr>" +
                                     header({"State", "What is wrong", "Field", "Builds", "Files"}) +
                                     "</tr></thead><tbody>\n" + rows + "</tbody></table>\n") +
         left_out(triage.cases.size() - shown, "faults are") + "</section>\n";
}

std::string not_triaged(const Triage& triage) {
  std::string rows;
  const std::size_t shown = std::min(triage.not_triaged.size(), kMostNotTriaged);
  for (std::size_t k = 0; k < shown; ++k) {
    const NotTriaged& one = triage.not_triaged[k];
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", code(one.file, 300), text(one.reason));
  }
  return "<section id=\"others\" aria-labelledby=\"others-heading\">\n<h2 id=\"others-heading\">Files without a "
         "fault</h2>\n" +
         scrolling("Files without a fault", "<table class=\"others\"><thead><tr>" + header({"File", "Why"}) +
                                                "</tr></thead><tbody>\n" + rows + "</tbody></table>\n") +
         left_out(triage.not_triaged.size() - shown, "files are") + "</section>\n";
}

}  // namespace

std::string triage_html(const Triage& triage, const TriageOptions& options) {
  std::string out = begin_page(title(triage), triage_style(), triage_script());
  out += banner(triage) + "<main>\n";
  if (triage.cases.size() > 1) out += index(triage);
  std::size_t hex_rows = kMostHexRows;
  for (std::size_t k = 0; k < std::min(triage.cases.size(), kMostCases); ++k) {
    // The page begins with the sentence of the only one.
    out += triage_case(triage.cases[k], anchor_of(k), triage.cases.size() == 1 ? "The fault" : "", hex_rows);
  }
  if (!triage.not_triaged.empty()) out += not_triaged(triage);
  out += "</main>\n";
  out += fmt::format(
      "<footer><p>sluice {}. Nothing here was applied; the same faults, documents and version give the same page. "
      "<span id=\"copied\" role=\"status\"></span></p></footer>\n",
      text(options.tool_version, 80));
  return out + end_page(triage_script());
}

}  // namespace sluice::report
