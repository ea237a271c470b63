#include "validator/report/release_text.h"

#include <fmt/format.h>

#include "validator/report/escape.h"
#include "validator/report/paint.h"
#include "validator/report/words.h"

namespace sluice::report {

namespace {

std::string share(std::uint64_t count, std::uint64_t of) {
  return of == 0 ? "-" : fmt::format("{} of {}", with_commas(count), with_commas(of));
}

std::string first_of(const BuildTotals& build) {
  if (build.first_id.empty()) return "-";
  std::string text = build.first_id;
  const std::string path = short_path(build.first_path);
  if (!path.empty()) text += " " + path;
  return text + " in " + build.first_file;
}

}  // namespace

std::string headline_of(const Totals& totals) {
  const Release& release = *totals.release;
  return fmt::format("release {}: {} on {}; {}", release.name, count_text(totals.contents, "file"),
                     count_text(totals.builds.size(), "build"), fmt::join(release.asked, ", "));
}

Table matrix_of(const Totals& totals) {
  Table table;
  table.add({{"BUILD"}, {"SUPPORT"}, {"VERDICT"}, {"PASSED"}, {"FIRST FINDING"}});
  for (const BuildTotals& build : totals.builds) {
    const Verdict verdict = build.verdict();
    table.add({{build.build},
               {build.support},
               {std::string(name_of(verdict)), colour_of(verdict)},
               {share(build.passed, build.passed + build.failed + build.undecided)},
               {first_of(build)}});
  }
  return table;
}

Table campaigns_of(const Release& release) {
  Table table;
  table.add({{"CAMPAIGN"},
             {"VERDICT"},
             {"EXECUTIONS"},
             {"ACCEPTED"},
             {"BLOCKS OF REACHABLE"},
             {"OPERATORS"},
             {"ESCAPES"},
             {"KEPT OUT"}});
  for (const Campaign& campaign : release.campaigns) {
    table.add({{campaign.build},
               {std::string(name_of(campaign.verdict)), colour_of(campaign.verdict)},
               {with_commas(campaign.executions)},
               {with_commas(campaign.accepted)},
               {share(campaign.blocks_covered, campaign.blocks_reachable)},
               {share(campaign.executed, campaign.expressible)},
               {with_commas(campaign.escapes)},
               {with_commas(campaign.kept_out)}});
  }
  return table;
}

std::vector<std::string> counts_of(const Release& release) {
  std::vector<std::string> lines;
  if (release.remembered > 0) {
    lines.push_back(fmt::format("{} of {} runs are remembered: nothing that they depend on has changed",
                                with_commas(release.remembered), with_commas(release.judged)));
  }
  if (release.first_uses > 0) {
    lines.push_back(fmt::format("{}, {} signed off", count_text(release.first_uses, "first use"), release.signed_off));
  }
  if (!release.attestations.empty()) {
    lines.push_back(fmt::format("{}: {}{}", count_text(release.attestations.size(), "attestation"),
                                release.attestations.front(), release.attestations.size() > 1 ? " ..." : ""));
  }
  return lines;
}

std::string release_text(const Totals& totals, bool colour) {
  const Release& release = *totals.release;
  std::string text = visible(headline_of(totals)) + "\n\n";
  if (!totals.builds.empty()) {
    text += matrix_of(totals).text(colour);
    if (!release.campaigns.empty()) text += "\n" + campaigns_of(release).text(colour);
  }
  const std::vector<std::string> counts = counts_of(release);
  if (!counts.empty()) text += "\n";
  for (const std::string& line : counts) text += visible(line) + "\n";
  const Deployable answer = deployable(totals, {});
  return text + fmt::format("\n{}  {}\n", painted(name_of(totals.verdict), colour_of(totals.verdict), colour),
                            visible(answer.reason));
}

std::string files_text(const Totals& totals) {
  std::string text = fmt::format("{}: {} passed", count_text(totals.files, "file"), totals.passed);
  if (totals.failed > 0) text += fmt::format(", {} failed", totals.failed);
  if (totals.undecided > 0) text += fmt::format(", {} without a verdict", totals.undecided);
  return text;
}

}  // namespace sluice::report
