#include "fuzz/farm/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/finding/finding.h"
#include "validator/report/escape.h"
#include "validator/report/json_writer.h"
#include "validator/report/table.h"

namespace sluice::farm {

namespace {

using report::JsonWriter;

constexpr std::size_t kMostNamed = 3;

std::uint64_t count(std::int64_t number) { return static_cast<std::uint64_t>(std::max<std::int64_t>(0, number)); }

std::int64_t rate_of(const LaneNight& lane) {
  return lane.milliseconds <= 0 ? 0 : lane.executions * 1000 / lane.milliseconds;
}

// Those of the night first, each with what is to be done about it at the end of the list.
std::string faults_text(const Records& records) {
  std::string text;
  const auto add = [&](std::string_view word, Standing standing) {
    for (const FaultRecord& fault : records.faults) {
      if (records.standing_of(fault) != standing) continue;
      text += fmt::format("{:8}  {} {}: {}\n", word, fault.target, report::visible(fault.identity),
                          report::visible(fault.sentence));
    }
  };
  add("NEW", Standing::fresh);
  add("RETURNED", Standing::returned);
  add("FIXED", Standing::fixed);
  add("open", Standing::open);
  return text;
}

std::string dark_text(const Records& records) {
  std::string text;
  for (const LaneNight& lane : records.lanes_of_night()) {
    std::string names;
    std::size_t found = 0;
    std::int64_t oldest = records.night.number;
    for (const DarkRecord& dark : records.dark) {
      if (dark.target != lane.target || dark.build != lane.build) continue;
      if (++found <= kMostNamed) names += (names.empty() ? "" : "; ") + report::visible(dark.text);
      oldest = std::min(oldest, dark.first_night);
    }
    if (found == 0) continue;
    text += fmt::format("dark      {} {}: {} of {} operators, some since night {}: {}{}\n", lane.target,
                        report::visible(lane.build), found, lane.expressible, oldest, names,
                        found > kMostNamed ? fmt::format("; and {} more", found - kMostNamed) : "");
  }
  return text;
}

std::string slow_text(const Records& records) {
  std::string text;
  for (std::size_t i = 0; i < std::min(kMostNamed, records.slow.size()); ++i) {
    const SlowRecord& slow = records.slow[i];
    text += fmt::format("slow      {} {}: {} us for {}, where {} are usual\n", slow.target, report::visible(slow.build),
                        grouped(slow.microseconds), report::visible(slow.content), grouped(slow.usual));
  }
  return text;
}

std::string next_text(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) {
    text += fmt::format("next      {}\n", report::visible(step.what));
    if (!step.command.empty()) text += fmt::format("            {}\n", step.command);
  }
  return text;
}

std::string verdict_text(const Morning& morning) {
  const FaultCounts counts = morning.records.fault_counts();
  const auto of = [&](Standing standing) { return counts[static_cast<std::size_t>(standing)]; };
  const std::string faults =
      fmt::format("{} new or returned, {} open, {} fixed tonight", of(Standing::fresh) + of(Standing::returned),
                  of(Standing::open), of(Standing::fixed));
  if (!morning.code) return fmt::format("so far    faults: {}\n", faults);
  const std::string_view verdict = verdict_of(morning);
  if (*morning.code == 1) return fmt::format("{}  faults: {}\n", verdict, faults);
  if (*morning.code == 0) return fmt::format("{}  nothing new; faults: {}\n", verdict, faults);
  return fmt::format("{}  not all could be done; faults: {}\n", verdict, faults);
}

std::string lanes_text(const std::vector<LaneNight>& lanes) {
  report::Table table;
  table.add({{"TARGET"},
             {"BUILD"},
             {"TURNS"},
             {"EXECUTIONS"},
             {"A SECOND"},
             {"BLOCKS OF REACHABLE"},
             {"OPERATORS"},
             {"CORPUS"},
             {"LAST NEW AT"}});
  for (const LaneNight& lane : lanes) {
    table.add(
        {{lane.target},
         {lane.build},
         {lane.problem.empty() ? std::to_string(lane.turns) : fmt::format("{}, left out", lane.turns)},
         {grouped(lane.executions)},
         {grouped(rate_of(lane))},
         {fmt::format("{} of {} (began with {})", lane.blocks_covered, lane.blocks_reachable, lane.blocks_of_seeds)},
         {lane.expressible == 0 ? "-" : fmt::format("{} of {}", lane.executed, lane.expressible)},
         {grouped(lane.corpus)},
         {lane.last_new == 0 ? "-" : grouped(lane.last_new)}});
  }
  return table.text(false);
}

void write(JsonWriter& json, const LaneNight& lane) {
  json.begin_object(JsonWriter::Shape::tight);
  json.string("target", lane.target);
  json.string("build", lane.build);
  json.number("turns", count(lane.turns));
  json.number("failed_turns", count(lane.failures));
  json.number("executions", count(lane.executions));
  json.number("milliseconds", count(lane.milliseconds));
  json.number("accepted", count(lane.accepted));
  json.number("faulted", count(lane.faulted));
  json.number("restarts", count(lane.restarts));
  json.begin_object("blocks", JsonWriter::Shape::tight);
  json.number("seeds", count(lane.blocks_of_seeds));
  json.number("covered", count(lane.blocks_covered));
  json.number("reachable", count(lane.blocks_reachable));
  json.number("all", count(lane.blocks));
  json.end();
  json.number("corpus", count(lane.corpus));
  json.number("expressible", count(lane.expressible));
  json.number("executed", count(lane.executed));
  json.number("last_new_execution", count(lane.last_new));
  if (!lane.problem.empty()) json.string("problem", lane.problem);
  json.end();
}

void write(JsonWriter& json, const FaultRecord& fault, const Records& records) {
  json.begin_object(JsonWriter::Shape::tight);
  json.string("target", fault.target);
  json.string("build", fault.build);
  json.string("identity", fault.identity);
  json.string("fault", fault.sentence);
  json.string("state", state_of(fault, records));
  json.string("filed_by", fault.worker);
  json.number("first_night", count(fault.first_night));
  json.number("last_night", count(fault.last_night));
  json.number("since_night", count(fault.since));
  json.boolean("replays", fault.replays);
  json.end();
}

}  // namespace

std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), ",");
  }
  return text;
}

std::string state_of(const FaultRecord& fault, const Records& records) {
  const bool is_new = fault.is_new(records.night.number, records.worker);
  return is_new && fault.state == FaultRecord::State::open ? "new" : std::string(name_of(fault.state));
}

std::string_view verdict_of(const Morning& morning) {
  if (!morning.code) {
    const FaultCounts counts = morning.records.fault_counts();
    const auto of = [&](Standing standing) { return counts[static_cast<std::size_t>(standing)]; };
    return of(Standing::fresh) + of(Standing::returned) != 0 ? "FAIL" : "PASS";
  }
  return *morning.code == 0 ? "PASS" : *morning.code == 1 ? "FAIL" : "NO VERDICT";
}

std::string summary_text(const Morning& morning) {
  const Records& records = morning.records;
  std::string text = lanes_text(records.lanes_of_night());
  const std::string below = faults_text(records) + dark_text(records) + slow_text(records);
  if (!below.empty()) text += "\n" + below;
  if (!records.told.empty()) text += "\n";
  for (const std::string& sentence : records.told) text += fmt::format("told      {}\n", report::visible(sentence));
  if (!morning.next.empty()) text += "\n" + next_text(morning.next);
  return text + "\n" + verdict_text(morning);
}

std::string summary_json(const Morning& morning) {
  const Records& records = morning.records;
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.number("version", 1);
  json.string("farm", morning.farm);
  json.string("worker", records.worker);
  json.string("verdict", verdict_of(morning));
  json.begin_object("night", JsonWriter::Shape::tight);
  json.number("number", count(records.night.number));
  json.number("begun", count(records.night.begun));
  json.number("milliseconds", count(records.night.milliseconds));
  json.number("turns", count(records.night.turns));
  json.boolean("ended", records.night.code != Night::kNoCode);
  json.end();
  json.begin_array("lanes");
  for (const LaneNight& lane : records.lanes_of_night()) write(json, lane);
  json.end();
  json.begin_array("faults");
  for (const FaultRecord& fault : records.faults) write(json, fault, records);
  json.end();
  json.begin_array("dark");
  for (const DarkRecord& dark : records.dark) {
    json.begin_object(JsonWriter::Shape::tight);
    json.string("target", dark.target);
    json.string("build", dark.build);
    json.string("text", dark.text);
    json.number("first_night", count(dark.first_night));
    json.end();
  }
  json.end();
  json.begin_array("slow");
  for (const SlowRecord& slow : records.slow) {
    json.begin_object(JsonWriter::Shape::tight);
    json.string("target", slow.target);
    json.string("build", slow.build);
    json.string("content", slow.content);
    json.number("night", count(slow.night));
    json.number("microseconds", count(slow.microseconds));
    json.number("usual_microseconds", count(slow.usual));
    json.end();
  }
  json.end();
  json.begin_array("told");
  for (const std::string& sentence : records.told) json.string(sentence);
  json.end();
  json.begin_array("next");
  for (const Step& step : morning.next) {
    json.begin_object(JsonWriter::Shape::tight);
    json.string("what", step.what);
    if (!step.command.empty()) json.string("command", step.command);
    json.end();
  }
  json.end();
  json.end();
  return out;
}

}  // namespace sluice::farm
