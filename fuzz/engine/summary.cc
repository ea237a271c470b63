#include "fuzz/engine/summary.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace sluice::engine {

namespace {

using Json = nlohmann::ordered_json;

// Numbers of any size are numbers where JSON has them.
Json json_of(Integer number) { return static_cast<std::int64_t>(number); }

void name_type(Json& to, const std::optional<Integer>& type, const std::string& name) {
  if (type) to["template_type"] = json_of(*type);
  if (!name.empty()) to["name"] = name;
}

Json json_of(const Operators& operators) {
  Json out = {{"build", operators.build}};
  if (!operators.not_told.empty()) {
    out["not_told"] = operators.not_told;
    return out;
  }
  out["expressible"] = operators.expressible;
  out["executed"] = operators.executed;
  out["executed_means"] = operators.is_by_events ? "evaluated" : "accepted";
  out["template_types"] = Json::array();
  for (const Operators::Type& type : operators.types) {
    Json& to = out["template_types"].emplace_back(Json::object());
    name_type(to, type.type, type.name);
    to["inputs"] = json_of(type.inputs);
  }
  out["dark"] = Json::array();
  for (const DarkOperator& dark : operators.dark) {
    Json& to = out["dark"].emplace_back(Json::object());
    name_type(to, dark.type, dark.type_name);
    to["input"] = json_of(dark.input);
    if (!dark.name.empty()) to["operator"] = dark.name;
    to["accepted"] = dark.is_accepted;
    to["text"] = dark.text;
  }
  out["dark_left_out"] = operators.left_out;
  return out;
}

}  // namespace

std::string summary_json(const Options& options, const Totals& totals, const std::vector<Operators>& operators,
                         const Corpus& corpus, const std::vector<Known>& faults, const std::string& problem,
                         Moment moment) {
  Json summary;
  summary["version"] = 1;
  summary["verdict"] = !problem.empty() ? "NO VERDICT" : faults.empty() ? "PASS" : "FAIL";
  if (!problem.empty()) summary["problem"] = problem;
  if (moment == Moment::running) summary["running"] = true;
  summary["interrupted"] = moment == Moment::interrupted;
  for (const BuildOptions& build : options.builds) summary["builds"].push_back(build.name);
  summary["seed"] = options.seed;
  summary["jobs"] = options.jobs;
  summary["executions"] = totals.executions;
  summary["deterministic"] = totals.deterministic;
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
  summary["operators"] = Json::array();
  for (const Operators& build : operators) summary["operators"].push_back(json_of(build));
  summary["corpus"] = {{"seeds", corpus.num_seeds()}, {"new", corpus.num_new()}};
  summary["progress"] = Json::array();
  for (const ProgressPoint& point : totals.progress) {
    summary["progress"].push_back(
        {{"executions", point.executions}, {"blocks", point.blocks}, {"corpus", point.corpus}});
  }
  summary["faults"] = Json::array();
  for (const Known& known : faults) {
    auto& to = summary["faults"].emplace_back();
    to = {{"identity", known.identity}, {"build", known.build},
          {"escape", known.is_escape},  {"drift", known.is_drift},
          {"fault", known.sentence},    {"first_execution", known.execution},
          {"job", known.job},           {"known_before", known.was_there},
          {"file", known.file},         {"inputs", known.inputs}};
    if (!known.field.empty()) to["field"] = known.field;
  }
  return summary.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string summary_text(const Totals& totals, const std::vector<Operators>& operators, const Corpus& corpus,
                         const std::vector<Known>& faults, bool has_verdict) {
  std::string text = fmt::format("{} executions in {:.1f} s, {:.0f} a second; the driver accepted {}\n",
                                 totals.executions, totals.seconds, totals.rate(), totals.accepted);
  if (totals.blocks != 0) {
    text += fmt::format("{} of {} reachable blocks covered, {} by the seeds alone; the driver has {}\n",
                        totals.blocks_covered, totals.blocks_reachable, totals.blocks_of_seeds, totals.blocks);
  }
  for (const Operators& build : operators) {
    if (!build.not_told.empty()) continue;
    text += fmt::format("build {}: {} of {} operators on inputs {}", build.build, build.executed, build.expressible,
                        build.is_by_events ? "evaluated" : "in accepted content");
    if (!build.dark.empty()) text += fmt::format(", not yet {}", build.dark.front().text);
    if (build.executed + 1 < build.expressible)
      text += fmt::format(", and {} more", build.expressible - build.executed - 1);
    text += "\n";
  }
  text += fmt::format("corpus: {} seeds, {} new\n", corpus.num_seeds(), corpus.num_new());
  for (const Known& known : faults) {
    text += fmt::format("{}  {}\n", known.is_escape ? "ESCAPE" : known.is_drift ? "DRIFT " : "FAULT ", known.file);
  }
  text += !has_verdict     ? fmt::format("NO VERDICT  {} faults so far\n", faults.size())
          : faults.empty() ? "PASS  no faults\n"
                           : fmt::format("FAIL  {} faults\n", faults.size());
  return text;
}

}  // namespace sluice::engine
