#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "fuzz/farm/page_parts.h"
#include "validator/report/html.h"
#include "validator/report/html_plot.h"
#include "validator/report/words.h"

namespace sluice::farm::page {

namespace {

using namespace report::html;

std::uint64_t count(std::int64_t value) { return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value)); }

std::int64_t rate_of(const LaneNight& lane) {
  return lane.milliseconds <= 0 ? 0 : lane.executions * 1000 / lane.milliseconds;
}

std::string cell(const std::string& value) { return fmt::format("<td class=\"number\">{}</td>", value); }

std::string blocks_cell(const LaneNight& lane) {
  if (lane.blocks_covered == 0) return "<td class=\"nothing\">none seen</td>";
  const std::int64_t gained = std::max<std::int64_t>(0, lane.blocks_covered - lane.blocks_of_seeds);
  const std::string words =
      fmt::format("{} of {} reachable{}", number(lane.blocks_covered), number(lane.blocks_reachable),
                  gained == 0 ? "" : fmt::format(", {} new", number(gained)));
  return fmt::format("<td class=\"wide\">{}{}</td>", words,
                     bar(count(lane.blocks_of_seeds), count(lane.blocks_covered), count(lane.blocks_reachable), words));
}

std::string last_new(const LaneNight& lane) {
  if (lane.last_new == 0) return "<td class=\"nothing\">nothing new</td>";
  return fmt::format("<td>execution {}</td>", number(lane.last_new));
}

std::string lane_row(const LaneNight& lane) {
  std::string out =
      fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td>", code(lane.target, 80), code(lane.build, 80));
  if (!lane.problem.empty() && lane.executions == 0) {
    return out + fmt::format("<td colspan=\"7\"><span class=\"badge none\">LEFT OUT</span> {}</td></tr>\n",
                             text(lane.problem));
  }
  out += cell(number(lane.turns)) + cell(number(lane.executions)) + cell(number(rate_of(lane)));
  out += blocks_cell(lane);
  out += lane.expressible == 0 ? "<td class=\"nothing\">not told</td>"
                               : fmt::format("<td>{} of {}</td>", number(lane.executed), number(lane.expressible));
  out += cell(number(lane.corpus)) + last_new(lane) + "</tr>\n";
  if (lane.problem.empty()) return out;
  return out + fmt::format("<tr><td></td><td colspan=\"8\"><span class=\"badge none\">LEFT OUT</span> {}</td></tr>\n",
                           text(lane.problem));
}

// The nights of one target, and its builds in the order in which they are there.
struct History {
  std::string target;
  std::vector<std::string> builds;
  std::vector<const LaneNight*> lanes;  // in order of nights
};

std::vector<History> histories_of(const Records& records) {
  std::vector<History> all;
  std::map<std::string, std::size_t> places;
  for (const LaneNight& lane : records.lanes_of_night()) {
    if (places.try_emplace(lane.target, all.size()).second)
      all.push_back({.target = lane.target, .builds = {}, .lanes = {}});
    all[places[lane.target]].builds.push_back(lane.build);
  }
  const std::int64_t first = records.night.number - static_cast<std::int64_t>(kMostNights);
  for (const LaneNight& lane : records.lanes) {
    const auto at = places.find(lane.target);
    if (at == places.end() || lane.night <= first) continue;
    History& history = all[at->second];
    if (std::ranges::find(history.builds, lane.build) == history.builds.end()) history.builds.push_back(lane.build);
    history.lanes.push_back(&lane);
  }
  return all;
}

std::string coverage_plot(const History& history) {
  std::vector<Line> lines;
  for (std::size_t k = 0; k < std::min(kMostLines, history.builds.size()); ++k) {
    Line& line = lines.emplace_back();
    line.name = history.builds[k];
    for (const LaneNight* lane : history.lanes) {
      const bool has_any = lane->build == line.name && lane->blocks_covered > 0;
      if (has_any) line.points.emplace_back(count(lane->night), count(lane->blocks_covered));
    }
  }
  // A build without any keeps its look for the next plot.
  const bool has_some = std::ranges::any_of(lines, [](const Line& line) { return line.points.size() > 1; });
  return has_some ? plot("Blocks covered, by night", {.before = "night ", .after = ""}, lines) : "";
}

std::string executions_plot(const History& history) {
  std::map<std::uint64_t, std::uint64_t> sums;
  for (const LaneNight* lane : history.lanes) sums[count(lane->night)] += count(lane->executions);
  if (sums.size() < 2) return {};
  return bars("Executions, by night", {.before = "night ", .after = ""}, Points(sums.begin(), sums.end()));
}

// It begins with what the night began with.
std::string night_plot(const Records& records, const History& history) {
  std::vector<Line> lines;
  for (std::size_t k = 0; k < std::min(kMostLines, history.builds.size()); ++k) {
    Line& line = lines.emplace_back();
    line.name = history.builds[k];
    for (const LaneNight* lane : history.lanes) {
      const bool is_it = lane->night == records.night.number && lane->build == line.name && lane->blocks_of_seeds > 0;
      if (is_it) line.points.emplace_back(0, count(lane->blocks_of_seeds));
    }
    for (const Course& course : records.courses) {
      if (course.target != history.target || course.build != line.name) continue;
      for (const Point& point : course.points) line.points.emplace_back(count(point.executions), count(point.blocks));
    }
  }
  const bool has_some = std::ranges::any_of(lines, [](const Line& line) { return line.points.size() > 1; });
  return has_some ? plot("Blocks covered, this night", {.before = "", .after = " executions"}, lines) : "";
}

std::string legend(const History& history) {
  std::string out;
  const std::size_t shown = std::min(kMostLines, history.builds.size());
  for (std::size_t k = 0; k < shown; ++k) {
    out += fmt::format("<li>{}{}</li>\n", key_of_line(k), code(history.builds[k], 80));
  }
  return "<ul class=\"legend\">\n" + out + "</ul>\n" +
         left_out(history.builds.size() - shown, "builds are in the table and");
}

std::string nights_table(const History& history) {
  std::string rows;
  std::size_t shown = 0;
  for (auto at = history.lanes.rbegin(); at != history.lanes.rend() && shown < kMostNightRows; ++at, ++shown) {
    const LaneNight& lane = **at;
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td>{}{}{}{}{}</tr>\n", lane.night, code(lane.build, 80),
                        cell(number(lane.executions)), cell(number(lane.blocks_covered)),
                        cell(number(lane.blocks_reachable)), cell(lane.expressible == 0 ? "-" : number(lane.executed)),
                        cell(number(lane.corpus)));
  }
  const std::string name = text(history.target, 80);
  return fmt::format("<details><summary>The nights of {} as a table</summary>\n", name) +
         scrolling("The nights of " + name, "<table class=\"nights\"><thead><tr>" +
                                                header({"Night", "Build", "Executions", "Blocks covered", "Reachable",
                                                        "Operators executed", "Corpus"}) +
                                                "</tr></thead><tbody>\n" + rows + "</tbody></table>\n") +
         left_out(history.lanes.size() - shown, "rows are") + "</details>\n";
}

std::string target(const Records& records, const History& history) {
  const std::string plots = coverage_plot(history) + executions_plot(history) + night_plot(records, history);
  std::string out =
      fmt::format("<article class=\"target\">\n<h3><span class=\"name\">{}</span></h3>\n", code(history.target, 80));
  if (plots.empty()) return out + "<p class=\"left\">There is nothing to plot yet.</p>\n</article>\n";
  return out + legend(history) + "<div class=\"plots\">\n" + plots + "</div>\n" + nights_table(history) +
         "</article>\n";
}

}  // namespace

std::string number(std::int64_t value) { return report::with_commas(count(value)); }

std::string lanes(const Records& records) {
  const std::vector<LaneNight> all = records.lanes_of_night();
  if (all.empty()) return {};
  std::string rows;
  const std::size_t shown = std::min(all.size(), kMostRows);
  for (std::size_t k = 0; k < shown; ++k) rows += lane_row(all[k]);
  return scrolling("This night", "<table class=\"lanes\"><thead><tr>" +
                                     header({"Target", "Build", "Turns", "Executions", "A second", "Blocks covered",
                                             "Operators", "Corpus", "Last new at"}) +
                                     "</tr></thead><tbody>\n" + rows + "</tbody></table>\n") +
         left_out(all.size() - shown, "builds are");
}

std::string targets(const Records& records) {
  const std::vector<History> all = histories_of(records);
  std::string out;
  const std::size_t shown = std::min(all.size(), kMostTargets);
  for (std::size_t k = 0; k < shown; ++k) out += target(records, all[k]);
  return out + left_out(all.size() - shown, "targets are");
}

}  // namespace sluice::farm::page
