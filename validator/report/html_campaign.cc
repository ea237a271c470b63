#include "validator/report/html_campaign.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/report/html_plot.h"
#include "validator/report/words.h"

namespace sluice::report::html {

namespace {

std::string fact(std::string_view name, const std::string& value) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, value);
}

std::string facts(const Campaign& campaign) {
  std::string out = "<dl class=\"counts\">\n";
  out += fact("executions", with_commas(campaign.executions));
  out += fact("accepted by the driver", with_commas(campaign.accepted));
  out += fact("escapes", with_commas(campaign.escapes));
  out += fact("kept out by the gate", with_commas(campaign.kept_out));
  out += fact("restarts", with_commas(campaign.restarts));
  return out + "</dl>\n";
}

std::string measure(const std::string& sentence, std::uint64_t before, std::uint64_t part, std::uint64_t of) {
  return fmt::format("<div class=\"measure\"><p>{}</p>\n{}</div>\n", sentence, bar(before, part, of, sentence));
}

std::string dark(const Campaign& campaign) {
  if (campaign.dark.empty()) return {};
  const std::uint64_t count = std::max<std::uint64_t>(
      campaign.dark.size(), campaign.expressible - std::min(campaign.expressible, campaign.executed));
  std::string out = fmt::format("<details><summary>{} never executed</summary>\n<ul class=\"dark\">\n",
                                count == 1 ? "1 operator was" : with_commas(count) + " operators were");
  const std::size_t shown = std::min(campaign.dark.size(), kMostDark);
  for (std::size_t k = 0; k < shown; ++k) out += fmt::format("<li>{}</li>\n", text(campaign.dark[k], 200));
  return out + "</ul>\n" + left_out(count - shown, "are") + "</details>\n";
}

}  // namespace

std::string campaign(const Campaign& campaign) {
  std::string out = fmt::format("<article class=\"campaign\">\n<h3>{} <span class=\"name\">{}</span></h3>\n",
                                badge(campaign.verdict), code(campaign.build, 80));
  if (!campaign.problem.empty()) out += fmt::format("<p class=\"because\">{}</p>\n", text(campaign.problem, 1200));
  out += facts(campaign);
  if (campaign.blocks > 0) {
    out += measure(fmt::format("{} of {} reachable blocks covered, {} by the seeds alone; the driver has {}",
                               with_commas(campaign.blocks_covered), with_commas(campaign.blocks_reachable),
                               with_commas(campaign.blocks_of_seeds), with_commas(campaign.blocks)),
                   campaign.blocks_of_seeds, campaign.blocks_covered, campaign.blocks_reachable);
  }
  if (campaign.expressible > 0) {
    out += measure(fmt::format("{} of {} operators that the schema can express were executed",
                               with_commas(campaign.executed), with_commas(campaign.expressible)),
                   0, campaign.executed, campaign.expressible);
  }
  if (!campaign.not_told.empty()) {
    out += fmt::format("<p class=\"left\">Operators are not counted: {}</p>\n", text(campaign.not_told));
  }
  out += dark(campaign);
  if (campaign.progress.size() > 1) {
    out += "<div class=\"plots\">\n" + plot(campaign, "Blocks covered", &Campaign::Point::blocks) +
           plot(campaign, "Contents in the corpus", &Campaign::Point::corpus) + "</div>\n";
  }
  return out + "</article>\n";
}

}  // namespace sluice::report::html
