#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "fuzz/farm/page_parts.h"
#include "validator/report/escape.h"
#include "validator/report/html.h"
#include "validator/report/html_triage.h"
#include "validator/report/model.h"

namespace sluice::farm::page {

namespace {

using namespace report::html;

std::string_view class_of(Standing standing) {
  switch (standing) {
    case Standing::fresh:
    case Standing::returned: return "fail";
    case Standing::open: return "warn";
    case Standing::fixed:
    case Standing::fixed_before: return "pass";
  }
  return "fail";
}

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::fresh: return "new";
    case Standing::returned: return "returned";
    case Standing::open: return "open";
    case Standing::fixed:
    case Standing::fixed_before: return "fixed";
  }
  return "new";
}

std::string badge(Standing standing) {
  return fmt::format("<span class=\"badge {}\">{}</span>", class_of(standing), name_of(standing));
}

// A link from the page's folder to a file that lies in the farm's, and nowhere else; empty: there is none.
std::string link_to(const std::string& page, const PageOptions& options) {
  namespace fs = std::filesystem;
  if (page.empty()) return {};
  std::error_code error;
  const fs::path root = fs::absolute(options.folder, error).lexically_normal();
  const fs::path to = (root / page).lexically_normal();
  const fs::path within = to.lexically_relative(root);
  if (error || within.empty() || *within.begin() == "..") return {};
  const fs::path from = fs::absolute(options.file, error).lexically_normal().parent_path();
  return error ? std::string() : report::file_uri(to.lexically_proximate(from).string());
}

std::string linked(const std::string& label, const FaultRecord& fault, const PageOptions& options) {
  const std::string link = link_to(fault.page, options);
  return link.empty() ? label : fmt::format("<a href=\"{}\">{}</a>", link, label);
}

void add_member(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, value);
}

// What triage says of it, where it could; else what the campaign saw.
const std::string& sentence_of(const FaultRecord& fault) { return fault.cause.empty() ? fault.sentence : fault.cause; }

// Those that are called otherwise than the fault.
std::string names(const std::vector<std::string>& found) {
  constexpr std::size_t kMost = 8;
  std::string out;
  for (std::size_t k = 0; k < std::min(kMost, found.size()); ++k) {
    out += fmt::format("<div>{}</div>", code(found[k], 200));
  }
  return out + (found.size() > kMost ? fmt::format("<div>and {} more</div>", found.size() - kMost) : "");
}

std::string card(const FaultRecord& fault, Standing standing, const std::string& worker, const PageOptions& options) {
  constexpr std::size_t kLongestRule = 4'000;
  std::string members;
  add_member(members, "on", code(fault.target, 80) + " " + code(fault.build, 80));
  if (!fault.guilty.empty()) add_member(members, "field", path(report::short_path(fault.guilty)));
  if (!fault.cause.empty()) add_member(members, "seen as", sentence(fault.sentence, 1200));
  add_member(members, "identity", code(fault.identity));
  add_member(members, "found as", names(fault.found));
  std::string when =
      fault.first_night == 0 ? "before the first night that is known" : fmt::format("night {}", fault.first_night);
  if (fault.fixed_night != 0) when += fmt::format(", fixed in night {}", fault.fixed_night);
  if (fault.worker != worker) when += ", by " + code(fault.worker, 80);
  add_member(members, "found in", when);
  if (!fault.replays) add_member(members, "note", "not yet seen when it was run again");
  add_member(members, "not triaged", text(fault.why, 1200));
  if (!fault.suggestion.empty()) {
    add_member(members, "keep out", copied(fault.suggestion, "the suggestion", kLongestRule));
  }
  if (const std::string link = link_to(fault.page, options); !link.empty()) {
    add_member(members, "see", fmt::format("<a href=\"{}\">what triage made of it</a>", link));
  }
  return fmt::format("<article class=\"finding error\">\n<h3>{} <span>{}</span></h3>\n<dl>\n{}</dl>\n</article>\n",
                     badge(standing), sentence(sentence_of(fault), 1200), members);
}

std::string cards(const Morning& morning, Standing standing, const PageOptions& options, std::size_t& room) {
  std::string out;
  std::size_t left = 0;
  for (const FaultRecord& fault : morning.records.faults) {
    if (morning.records.standing_of(fault) != standing) continue;
    if (room == 0) {
      ++left;
      continue;
    }
    --room;
    out += card(fault, standing, morning.records.worker, options);
  }
  return out + left_out(left, standing == Standing::fresh ? "new faults are" : "returned faults are");
}

// Nights in which it has been open, this one included.
std::string age(const FaultRecord& fault, std::int64_t night) {
  const std::int64_t nights = night - std::max<std::int64_t>(fault.first_night, 1) + 1;
  return fault.first_night == 0 ? "before night 1" : fmt::format("{} ({} nights)", fault.first_night, nights);
}

std::string row(const FaultRecord& fault, Standing standing, std::int64_t night, const PageOptions& options) {
  return fmt::format(
      "<tr><td>{}</td><th scope=\"row\">{}<div class=\"in\">{}</div></th><td>{} {}</td><td>{}</td><td>{}</td><td "
      "class=\"number\">{}</td></tr>\n",
      badge(standing), linked(sentence(sentence_of(fault), 300), fault, options), code(fault.identity, 200),
      code(fault.target, 80), code(fault.build, 80),
      fault.guilty.empty() ? "" : path(report::short_path(fault.guilty), 200), age(fault, night), fault.last_night);
}

std::string table(const Morning& morning, const PageOptions& options) {
  std::string rows;
  std::size_t count = 0;
  for (const Standing standing : {Standing::open, Standing::fixed}) {
    for (const FaultRecord& fault : morning.records.faults) {
      if (morning.records.standing_of(fault) != standing || ++count > kMostRows) continue;
      rows += row(fault, standing, morning.records.night.number, options);
    }
  }
  if (rows.empty()) return {};
  return scrolling("Open and fixed faults",
                   "<table class=\"index known\"><thead><tr>" +
                       header({"State", "What is wrong", "On", "Field", "Since night", "Last seen"}) +
                       "</tr></thead><tbody>\n" + rows + "</tbody></table>\n") +
         left_out(count - std::min(count, kMostRows), "faults are");
}

}  // namespace

std::string faults(const Morning& morning, const PageOptions& options) {
  const FaultCounts counts = morning.records.fault_counts();
  if (morning.records.night.number == 0) return {};
  std::size_t room = kMostCards;
  std::string out = cards(morning, Standing::fresh, options, room) + cards(morning, Standing::returned, options, room);
  out += table(morning, options);
  if (out.empty()) out = "<p>No fault is known that any build shows.</p>\n";
  const std::size_t before = counts[static_cast<std::size_t>(Standing::fixed_before)];
  if (before > 0) {
    out += fmt::format("<p class=\"left\">{} fixed in earlier nights.</p>\n",
                       before == 1 ? "1 more fault was" : fmt::format("{} more faults were", before));
  }
  return out;
}

}  // namespace sluice::farm::page
