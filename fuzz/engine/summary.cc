#include "fuzz/engine/summary.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace sluice::engine {

std::string summary_json(const Options& options, const Totals& totals, const Corpus& corpus,
                         const std::vector<Known>& faults, const std::string& problem, bool is_interrupted) {
  nlohmann::ordered_json summary;
  summary["version"] = 1;
  summary["verdict"] = !problem.empty() ? "NO VERDICT" : faults.empty() ? "PASS" : "FAIL";
  if (!problem.empty()) summary["problem"] = problem;
  summary["interrupted"] = is_interrupted;
  for (const BuildOptions& build : options.builds) summary["builds"].push_back(build.name);
  summary["seed"] = options.seed;
  summary["jobs"] = options.jobs;
  summary["executions"] = totals.executions;
  summary["seconds"] = std::round(totals.seconds * 1000) / 1000;
  summary["executions_per_second"] = std::round(totals.rate());
  summary["accepted"] = totals.accepted;
  summary["faulted"] = totals.faulted;
  summary["restarts"] = totals.restarts;
  summary["blocks"] = {{"seeds", totals.blocks_of_seeds},
                       {"covered", totals.blocks_covered},
                       {"reachable", totals.blocks_reachable},
                       {"all", totals.blocks}};
  summary["last_new_execution"] = totals.last_new;
  if (totals.dark != UINT32_MAX) summary["dark_features"] = totals.dark;
  summary["corpus"] = {{"seeds", corpus.num_seeds()}, {"new", corpus.num_new()}};
  summary["progress"] = nlohmann::ordered_json::array();
  for (const ProgressPoint& point : totals.progress) {
    summary["progress"].push_back(
        {{"executions", point.executions}, {"blocks", point.blocks}, {"corpus", point.corpus}});
  }
  summary["faults"] = nlohmann::ordered_json::array();
  for (const Known& known : faults) {
    summary["faults"].push_back({{"identity", known.identity},
                                 {"build", known.build},
                                 {"escape", known.is_escape},
                                 {"drift", known.is_drift},
                                 {"fault", known.sentence},
                                 {"first_execution", known.execution},
                                 {"job", known.job},
                                 {"known_before", known.was_there},
                                 {"file", known.file}});
  }
  return summary.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string summary_text(const Totals& totals, const Corpus& corpus, const std::vector<Known>& faults) {
  std::string text = fmt::format("{} executions in {:.1f} s, {:.0f} a second; the driver accepted {}\n",
                                 totals.executions, totals.seconds, totals.rate(), totals.accepted);
  if (totals.blocks != 0) {
    text += fmt::format("{} of {} reachable blocks covered, {} by the seeds alone; the driver has {}\n",
                        totals.blocks_covered, totals.blocks_reachable, totals.blocks_of_seeds, totals.blocks);
  }
  text += fmt::format("corpus: {} seeds, {} new\n", corpus.num_seeds(), corpus.num_new());
  for (const Known& known : faults) {
    text += fmt::format("{}  {}\n", known.is_escape ? "ESCAPE" : known.is_drift ? "DRIFT " : "FAULT ", known.file);
  }
  text += faults.empty() ? "PASS  no faults\n" : fmt::format("FAIL  {} faults\n", faults.size());
  return text;
}

}  // namespace sluice::engine
