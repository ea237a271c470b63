#include "validator/report/html_matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "validator/report/words.h"

namespace sluice::report::html {

namespace {

// `unit` is written behind it where a row does not fit on a line.
std::string number(std::uint64_t count, std::string_view unit = "") {
  return fmt::format("<td role=\"cell\" class=\"number{}\"{}>{}</td>", count == 0 ? " zero" : "",
                     unit.empty() ? "" : fmt::format(" data-unit=\"{}\"", unit), with_commas(count));
}

std::string link(const std::string& anchor, const std::string& inner) {
  return anchor.empty() ? inner : fmt::format("<a href=\"#{}\">{}</a>", anchor, inner);
}

std::string first_finding(const BuildTotals& build, const Links& first) {
  if (build.first_id.empty()) return "<span class=\"nothing\">none</span>";
  const auto anchor = first.find(build.build);
  std::string out = link(anchor != first.end() ? anchor->second : "", code(build.first_id, 120));
  if (!build.first_path.empty()) out += " " + path(short_path(build.first_path), 160);
  return out + fmt::format("<div class=\"in\">in {}</div>", code(build.first_file, 160));
}

std::string ran_text(const Ran& ran) {
  return fmt::format("<div class=\"in\">{} of {} evaluated</div>", with_commas(ran.evaluated),
                     with_commas(ran.instances));
}

std::string content_row(const ContentRow& row, std::span<const BuildTotals> columns) {
  std::string out = fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td>", link(row.anchor, code(row.name, 200)),
                                badge(row.verdict));
  for (const BuildTotals& column : columns) {
    const auto cell = std::ranges::find(row.cells, column.build, &ContentRow::Cell::build);
    if (cell == row.cells.end()) {
      out += "<td><span class=\"nothing\">not judged</span></td>";
    } else {
      out +=
          fmt::format("<td>{}{}</td>", link(cell->anchor, badge(cell->verdict)), cell->ran ? ran_text(*cell->ran) : "");
    }
  }
  return out + number(row.findings) + "</tr>\n";
}

}  // namespace

std::string builds_table(const Totals& totals, const Links& first) {
  std::string rows;
  for (std::size_t k = 0; k < std::min(totals.builds.size(), kMostBuilds); ++k) {
    const BuildTotals& build = totals.builds[k];
    rows += fmt::format(
        "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">{}</th><td role=\"cell\">{}</td>"
        "<td role=\"cell\">{}</td>{}{}{}<td role=\"cell\" class=\"first\">{}</td></tr>\n",
        code(build.build, 80), text(build.support, 80), badge(build.verdict()), number(build.passed, "passed"),
        number(build.failed, "failed"), number(build.undecided, "undecided"), first_finding(build, first));
  }
  const std::string names = header({"Build", "Support", "Verdict", "Passed", "Failed", "Undecided", "First finding"});
  return scrolling("Builds", "<table class=\"builds\" role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">" +
                                 names + "</tr></thead><tbody role=\"rowgroup\">\n" + rows + "</tbody></table>\n") +
         left_out(totals.builds.size() - std::min(totals.builds.size(), kMostBuilds), "builds are");
}

std::string contents_table(const Totals& totals, const std::vector<ContentRow>& rows, std::uint64_t left_out) {
  const std::span<const BuildTotals> columns =
      std::span(totals.builds).first(std::min(totals.builds.size(), kMostColumns));
  std::string names = header({"Content", "Verdict"});
  for (const BuildTotals& column : columns) names += fmt::format("<th scope=\"col\">{}</th>", code(column.build, 80));
  names += header({"Findings"});
  std::string body;
  for (const ContentRow& row : rows) body += content_row(row, columns);
  return scrolling("Content by build", "<table class=\"contents\"><thead><tr>" + names + "</tr></thead><tbody>\n" +
                                           body + "</tbody></table>\n") +
         html::left_out(totals.builds.size() - columns.size(), "builds are") + html::left_out(left_out, "contents are");
}

std::string coverage_table(const std::vector<BuildCoverage>& coverage) {
  std::string rows;
  for (std::size_t k = 0; k < std::min(coverage.size(), kMostBuilds); ++k) {
    const BuildCoverage& build = coverage[k];
    const std::string name = code(build.build, 80);
    if (!build.reason.empty()) {
      rows += fmt::format("<tr><th scope=\"row\">{}</th><td colspan=\"4\">not counted: {}</td></tr>\n", name,
                          text(build.reason));
      continue;
    }
    rows += fmt::format("<tr><th scope=\"row\">{}</th>{}{}{}<td class=\"wide\">{}</td></tr>\n", name, number(build.hit),
                        number(build.reachable), number(build.blocks),
                        bar(0, build.hit, build.reachable, fmt::format("{} of {} blocks", build.hit, build.reachable)));
  }
  return scrolling("Coverage", "<table><thead><tr>" +
                                   header({"Build", "Blocks that ran", "Reachable", "All", "Ran of reachable"}) +
                                   "</tr></thead><tbody>\n" + rows + "</tbody></table>\n");
}

}  // namespace sluice::report::html
