#include "validator/report/release_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/report/escape.h"
#include "validator/report/paint.h"

namespace sluice::report {

namespace {

// Columns as wide as what stands in them; a cell may be painted without being wider.
class Table {
 public:
  struct Cell {
    std::string text;
    std::string_view colour = {};
  };
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }

  [[nodiscard]] std::string text(bool colour) const {
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].text.size());
    }
    std::string out;
    for (const auto& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        const bool is_last = i + 1 == row.size();
        out += row[i].colour.empty() ? row[i].text : painted(row[i].text, row[i].colour, colour);
        if (!is_last) out += std::string(widths[i] - row[i].text.size() + 2, ' ');
      }
      out += "\n";
    }
    return out;
  }

 private:
  std::vector<std::vector<Cell>> rows_;
};

std::string share(std::uint64_t count, std::uint64_t of) {
  return of == 0 ? "-" : fmt::format("{} of {}", with_commas(count), with_commas(of));
}

std::string first_of(const BuildTotals& build) {
  if (build.first_id.empty()) return "-";
  std::string text = build.first_id;
  const std::string path = short_path(build.first_path);
  if (!path.empty()) text += " " + path;
  return visible(text + " in " + build.first_file);
}

std::string matrix_of(const Totals& totals, bool colour) {
  Table table;
  table.add({{"BUILD"}, {"SUPPORT"}, {"VERDICT"}, {"PASSED"}, {"FIRST FINDING"}});
  for (const BuildTotals& build : totals.builds) {
    const Verdict verdict = build.verdict();
    table.add({{visible(build.build)},
               {visible(build.support)},
               {std::string(name_of(verdict)), colour_of(verdict)},
               {share(build.passed, build.passed + build.failed + build.undecided)},
               {first_of(build)}});
  }
  return table.text(colour);
}

std::string campaigns_of(const Release& release, bool colour) {
  if (release.campaigns.empty()) return {};
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
    table.add({{visible(campaign.build)},
               {std::string(name_of(campaign.verdict)), colour_of(campaign.verdict)},
               {with_commas(campaign.executions)},
               {with_commas(campaign.accepted)},
               {share(campaign.blocks_covered, campaign.blocks_reachable)},
               {share(campaign.executed, campaign.expressible)},
               {with_commas(campaign.escapes)},
               {with_commas(campaign.kept_out)}});
  }
  return "\n" + table.text(colour);
}

std::string counts_of(const Release& release) {
  std::string text;
  if (release.remembered > 0) {
    text += fmt::format("{} of {} runs are remembered: nothing that they depend on has changed\n",
                        with_commas(release.remembered), with_commas(release.judged));
  }
  if (release.first_uses > 0) {
    text += fmt::format("{}, {} signed off\n", count_text(release.first_uses, "first use"), release.signed_off);
  }
  if (!release.attestations.empty()) {
    text += fmt::format("{}: {}", count_text(release.attestations.size(), "attestation"),
                        visible(release.attestations.front()));
    text += release.attestations.size() > 1 ? " ..\n" : "\n";
  }
  return text.empty() ? text : "\n" + text;
}

}  // namespace

std::string release_text(const Totals& totals, bool colour) {
  const Release& release = *totals.release;
  std::string text =
      fmt::format("release {}: {} on {}; {}\n\n", visible(release.name), count_text(totals.contents, "file"),
                  count_text(totals.builds.size(), "build"), fmt::join(release.asked, ", "));
  if (!totals.builds.empty()) text += matrix_of(totals, colour) + campaigns_of(release, colour);
  text += counts_of(release);
  const Deployable answer = deployable(totals, {});
  return text + fmt::format("\n{}  {}\n", painted(name_of(totals.verdict), colour_of(totals.verdict), colour),
                            visible(answer.reason));
}

}  // namespace sluice::report
