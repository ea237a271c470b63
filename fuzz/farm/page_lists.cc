#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "fuzz/farm/page_parts.h"
#include "validator/report/html.h"
#include "validator/report/words.h"

namespace sluice::farm::page {

namespace {

using namespace report::html;

std::string since(const DarkRecord& dark, std::int64_t night) {
  const std::int64_t nights = night - dark.first_night + 1;
  return nights <= 1 ? "this night" : fmt::format("night {} ({} nights)", dark.first_night, nights);
}

std::string oldest(const std::vector<const DarkRecord*>& dark, std::int64_t night) {
  std::string rows;
  for (std::size_t k = 0; k < std::min(kOldestDark, dark.size()); ++k) {
    const DarkRecord& one = *dark[k];
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{} {}</td><td>{}</td></tr>\n", text(one.text, 200),
                        code(one.target, 80), code(one.build, 80), since(one, night));
  }
  return scrolling("The longest in the dark", "<table class=\"index\"><thead><tr>" +
                                                  header({"The longest in the dark", "On", "Dark since"}) +
                                                  "</tr></thead><tbody>\n" + rows + "</tbody></table>\n");
}

std::string of_lane(const std::vector<const DarkRecord*>& dark, std::int64_t night, std::int64_t expressible) {
  const DarkRecord& first = *dark.front();
  std::string out = fmt::format(
      "<details><summary>{} {}: {}{}</summary>\n<ul class=\"dark\">\n", code(first.target, 80), code(first.build, 80),
      report::count_text(dark.size(), "operator"), expressible == 0 ? "" : fmt::format(" of {}", number(expressible)));
  const std::size_t shown = std::min(dark.size(), kMostDarkOfLane);
  for (std::size_t k = 0; k < shown; ++k) {
    out += fmt::format("<li>{}, since {}</li>\n", text(dark[k]->text, 200), since(*dark[k], night));
  }
  return out + "</ul>\n" + left_out(dark.size() - shown, "are") + "</details>\n";
}

}  // namespace

std::string dark(const Records& records) {
  if (records.dark.empty()) return {};
  const std::int64_t night = records.night.number;
  std::vector<const DarkRecord*> all;
  for (const DarkRecord& one : records.dark) all.push_back(&one);
  std::ranges::stable_sort(all, {}, [](const DarkRecord* one) { return one->first_night; });
  std::string out =
      "<p class=\"facts\">What content can read on a build and no content of these nights has read: nobody knows what "
      "the "
      "driver does there.</p>\n" +
      oldest(all, night);
  std::size_t shown = 0;
  std::size_t left = 0;
  for (const LaneNight& lane : records.lanes_of_night()) {
    std::vector<const DarkRecord*> its;
    std::ranges::copy_if(all, std::back_inserter(its),
                         [&](const DarkRecord* one) { return one->target == lane.target && one->build == lane.build; });
    if (its.empty()) continue;
    if (shown == kMostDarkLanes) {
      ++left;
      continue;
    }
    ++shown;
    out += of_lane(its, night, lane.expressible);
  }
  return out + left_out(left, "builds are");
}

std::string slow(const Records& records) {
  if (records.slow.empty()) return {};
  std::string rows;
  const std::size_t shown = std::min(records.slow.size(), kMostSlow);
  for (std::size_t k = 0; k < shown; ++k) {
    const SlowRecord& one = records.slow[k];
    const std::string times =
        one.usual <= 0 ? ""
                       : fmt::format("{:.1f}", static_cast<double>(one.microseconds) / static_cast<double>(one.usual));
    rows += fmt::format(
        "<tr><td>{} {}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><th "
        "scope=\"row\">{}</th></tr>\n",
        code(one.target, 80), code(one.build, 80), number(one.microseconds), number(one.usual), times,
        code(one.content, 80));
  }
  return fmt::format(
             "<p class=\"facts\">Microseconds of the processor for loading it, its events and unloading it, when night "
             "{} "
             "made the corpora small; half of the corpus take no longer than what is usual.</p>\n",
             records.slow.front().night) +
         scrolling("Slowest contents", "<table class=\"slow\"><thead><tr>" +
                                           header({"On", "Microseconds", "Usual", "Times", "Content"}) +
                                           "</tr></thead><tbody>\n" + rows + "</tbody></table>\n") +
         left_out(records.slow.size() - shown, "contents are");
}

}  // namespace sluice::farm::page
