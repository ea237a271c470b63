// One self-contained page: no network. The one script copies commands; without it everything can be read.
#include "fuzz/farm/page.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <utility>
#include <vector>

#include "fuzz/farm/page_parts.h"
#include "fuzz/farm/summary.h"
#include "validator/report/html.h"
#include "validator/report/html_triage.h"
#include "validator/report/words.h"

namespace sluice::farm {

namespace {

using namespace report::html;
using report::count_text;

struct Section {
  std::string_view id;
  std::string_view heading;
  std::string body;
};

std::size_t count_of(const Records& records, Standing standing) {
  return records.fault_counts()[static_cast<std::size_t>(standing)];
}

// By the clock of that day, which may have been wrong.
std::string date(std::int64_t seconds) {
  constexpr std::int64_t kLast = 253402300799;  // of the year 9999
  std::tm day{};
  const auto time = static_cast<std::time_t>(std::clamp<std::int64_t>(seconds, 0, kLast));
  if (::gmtime_r(&time, &day) == nullptr) return {};
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", day);
}

std::string duration(std::int64_t milliseconds) {
  constexpr std::int64_t kMinute = 60;
  const std::int64_t seconds = std::max<std::int64_t>(0, milliseconds) / 1000;
  if (seconds < 2 * kMinute) return fmt::format("{} s", seconds);
  if (seconds < 2 * kMinute * kMinute) return fmt::format("{} min", seconds / kMinute);
  return fmt::format("{} h {:02} min", seconds / kMinute / kMinute, seconds / kMinute % kMinute);
}

std::string_view class_of(const Morning& morning) {
  if (morning.records.night.number == 0) return "none";
  const std::string_view verdict = verdict_of(morning);
  if (verdict == "FAIL") return "fail";
  return verdict == "PASS" && morning.code ? "pass" : "none";
}

std::string word_of(const Morning& morning) {
  if (morning.records.night.number == 0) return "NO NIGHT YET";
  return fmt::format("{}{}", verdict_of(morning), morning.code ? "" : " SO FAR");
}

// `2 new faults, 1 that was fixed is back`.
std::string bad_news(const Records& records) {
  const std::size_t fresh = count_of(records, Standing::fresh);
  const std::size_t returned = count_of(records, Standing::returned);
  std::string out;
  if (fresh > 0) out = count_text(fresh, "new fault");
  if (returned > 0) {
    out += fmt::format("{}{} that {} fixed {} back", out.empty() ? "" : ", and ", count_text(returned, "fault"),
                       returned == 1 ? "was" : "were", returned == 1 ? "is" : "are");
  }
  return out;
}

std::string other_news(const Records& records) {
  const std::size_t open = count_of(records, Standing::open);
  const std::size_t fixed = count_of(records, Standing::fixed);
  std::string out;
  if (open > 0) out = fmt::format("{} {} open", count_text(open, "known fault"), open == 1 ? "is" : "are");
  if (fixed > 0) out += fmt::format("{}{} {} fixed", out.empty() ? "" : ", ", fixed, fixed == 1 ? "was" : "were");
  return out;
}

// What a reader needs to know before anything else.
std::string reason(const Morning& morning) {
  const Records& records = morning.records;
  if (records.night.number == 0) return "No night of this worker has begun.";
  std::string out = bad_news(records);
  if (out.empty()) out = morning.code.value_or(0) == 2 ? "Not all could be done, and nothing is new" : "Nothing is new";
  const std::string others = other_news(records);
  out += others.empty() ? "." : "; " + others + ".";
  const auto left_out =
      std::ranges::count_if(records.lanes_of_night(), [](const LaneNight& lane) { return !lane.problem.empty(); });
  if (left_out > 0) {
    out += fmt::format(" {} left out.", left_out == 1 ? "1 build was" : fmt::format("{} builds were", left_out));
  }
  return out;
}

std::string fact(std::string_view name, const std::string& value) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, value);
}

std::string banner(const Morning& morning) {
  const Records& records = morning.records;
  const Night& night = records.night;
  std::string facts;
  if (night.number != 0) {
    std::int64_t executions = 0;
    const std::vector<LaneNight> lanes = records.lanes_of_night();
    for (const LaneNight& lane : lanes) executions += lane.executions;
    facts += fact("night", fmt::format("{}, begun {}", night.number, date(night.begun)));
    facts += fact(morning.code ? "took" : "goes on since", duration(night.milliseconds));
    facts += fact("worker", code(records.worker, 80));
    facts += fact("turns", page::number(night.turns));
    facts += fact("executions", page::number(executions));
    facts += fact("operators in the dark", page::number(static_cast<std::int64_t>(records.dark.size())));
    facts = "<dl class=\"counts\">\n" + facts + "</dl>\n";
  }
  return fmt::format(
      "<header class=\"banner {}\">\n<p class=\"tool\">sluice farm</p>\n<h1>{}</h1>\n<p class=\"verdict\">{}</p>\n"
      "<p class=\"reason\">{}</p>\n{}</header>\n",
      class_of(morning), text(morning.farm, 200), word_of(morning), reason(morning), facts);
}

std::string told(const Records& records) {
  std::string out;
  for (const std::string& sentence : records.told) out += fmt::format("<li>{}</li>\n", text(sentence, 1200));
  return out.empty() ? out : "<ul class=\"sentences\">\n" + out + "</ul>\n";
}

std::string next(const Morning& morning) {
  constexpr std::size_t kLongestCommand = 4'000;
  std::string out;
  for (const Step& step : morning.next) {
    out += fmt::format("<li><p>{}</p>\n{}</li>\n", text(step.what, 1200),
                       step.command.empty() ? "" : copied(step.command, "the command", kLongestCommand));
  }
  if (out.empty() && count_of(morning.records, Standing::open) > 0) {
    return "<p>Nothing but to fix the open faults.</p>\n";
  }
  return out.empty() ? "<p>Nothing has to be done.</p>\n" : "<ol class=\"steps\">\n" + out + "</ol>\n";
}

std::string other_row(const Other& other) {
  const Records& records = other.records;
  const std::string name = fmt::format("<th scope=\"row\">{}</th>", code(records.worker, 80));
  if (records.night.number == 0 || !other.problem.empty()) {
    return fmt::format("<tr>{}<td colspan=\"7\">{}</td></tr>\n", name,
                       other.problem.empty() ? "no night yet" : text(other.problem));
  }
  std::int64_t executions = 0;
  for (const LaneNight& lane : records.lanes_of_night()) executions += lane.executions;
  const bool has_ended = records.night.code != Night::kNoCode;
  return fmt::format(
      "<tr>{}<td class=\"number\">{}</td><td>{}</td><td>{}</td><td class=\"number\">{}</td><td "
      "class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
      name, records.night.number, date(records.night.begun),
      has_ended ? fmt::format("ended with {}", records.night.code) : "goes on", page::number(executions),
      count_of(records, Standing::fresh), count_of(records, Standing::returned), count_of(records, Standing::open));
}

std::string others(const std::vector<Other>& others) {
  if (others.empty()) return {};
  std::string rows;
  const std::size_t shown = std::min(others.size(), page::kMostRows);
  for (std::size_t k = 0; k < shown; ++k) rows += other_row(others[k]);
  return "<p class=\"facts\">They share the folder; what one finds the others begin their next turn with. A fault is "
         "new "
         "to the worker that filed it.</p>\n" +
         scrolling("Other workers",
                   "<table class=\"workers\"><thead><tr>" +
                       header({"Worker", "Night", "Begun", "State", "Executions", "New", "Returned", "Open"}) +
                       "</tr></thead><tbody>\n" + rows + "</tbody></table>\n") +
         left_out(others.size() - shown, "workers are");
}

std::string sections(const std::vector<Section>& all) {
  std::string links;
  std::string body;
  for (const auto& [id, heading, part] : all) {
    if (part.empty()) continue;
    links += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", id, heading);
    body += fmt::format(
        "<section id=\"{0}\" aria-labelledby=\"{0}-heading\">\n<h2 id=\"{0}-heading\">{1}</h2>\n{2}</section>\n", id,
        heading, part);
  }
  return fmt::format("<nav aria-label=\"On this page\"><ul>\n{}</ul></nav>\n<main>\n{}</main>\n", links, body);
}

}  // namespace

std::string page_html(const Morning& morning, const PageOptions& options) {
  const Records& records = morning.records;
  std::string out =
      begin_page(fmt::format("{}: farm {}, night {}", word_of(morning), text(morning.farm, 200), records.night.number),
                 page::style(), triage_script());
  out += banner(morning);
  out += sections({{"faults", "Faults", page::faults(morning, options)},
                   {"told", "What went wrong", told(records)},
                   {"next", "What to do next", records.night.number == 0 ? "" : next(morning)},
                   {"lanes", "This night", page::lanes(records)},
                   {"targets", "Over the nights", page::targets(records)},
                   {"dark", "Operators in the dark", page::dark(records)},
                   {"slow", "Slowest contents", page::slow(records)},
                   {"workers", "Other workers", others(morning.others)}});
  out += fmt::format(
      "<footer><p>sluice {}. Nights are counted by worker. The same state and version give the same page. "
      "<span id=\"copied\" role=\"status\"></span></p></footer>\n",
      text(options.tool_version, 80));
  return out + end_page(triage_script());
}

}  // namespace sluice::farm
