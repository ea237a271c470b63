#include "fuzz/farm/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace sluice::farm {

namespace {

// Values of labels: backslash, quote and newline are escaped.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

using Key = std::pair<std::string, std::string>;  // target and build

class Writer {
 public:
  Writer(const std::string& farm, const std::string& worker)
      : common_(fmt::format("farm=\"{}\",worker=\"{}\"", escaped(farm), escaped(worker))) {}

  void begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = fmt::format("sluice_farm_{}", name);
    out_ += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name_, type, help);
  }
  void add(const std::string& labels, double value) {
    out_ += fmt::format("{}{{{}{}{}}} {}\n", name_, common_, labels.empty() ? "" : ",", labels, value);
  }
  void add(const Key& key, double value) { add(labels_of(key), value); }
  static std::string labels_of(const Key& key) {
    return fmt::format("target=\"{}\",build=\"{}\"", escaped(key.first), escaped(key.second));
  }
  [[nodiscard]] const std::string& text() const { return out_; }

 private:
  std::string common_;
  std::string name_;
  std::string out_;
};

}  // namespace

std::string metrics_text(const std::string& farm, const Records& records) {
  struct Sum {
    std::int64_t executions = 0;
    std::int64_t new_at = 0;
    const LaneNight* last = nullptr;
  };
  std::map<Key, Sum> lanes;
  for (const LaneNight& lane : records.lanes) {
    Sum& sum = lanes[{lane.target, lane.build}];
    sum.executions += lane.executions;
    sum.new_at = std::max(sum.new_at, lane.new_at);
    sum.last = &lane;
  }
  Writer writer(farm, records.worker);
  const auto of_lanes = [&](std::string_view name, std::string_view type, std::string_view help, const auto& value) {
    writer.begin(name, type, help);
    for (const auto& [key, sum] : lanes) writer.add(key, static_cast<double>(value(sum)));
  };
  writer.begin("night", "gauge", "The number of the night.");
  writer.add("", static_cast<double>(records.night.number));
  writer.begin("night_seconds", "gauge", "How long the night has been.");
  writer.add("", static_cast<double>(records.night.milliseconds) / 1000);
  of_lanes("executions_total", "counter", "Inputs that were run, over all nights.",
           [](const Sum& sum) { return sum.executions; });
  of_lanes("executions_per_second", "gauge", "Inputs run in a second of the night's turns.", [](const Sum& sum) {
    return sum.last->milliseconds == 0
               ? 0
               : static_cast<double>(sum.last->executions) * 1000 / static_cast<double>(sum.last->milliseconds);
  });
  of_lanes("blocks_covered", "gauge", "Blocks of the driver that ran.",
           [](const Sum& sum) { return sum.last->blocks_covered; });
  of_lanes("blocks_reachable", "gauge", "Blocks that what ran leads to.",
           [](const Sum& sum) { return sum.last->blocks_reachable; });
  of_lanes("corpus_files", "gauge", "Contents in the corpus.", [](const Sum& sum) { return sum.last->corpus; });
  of_lanes("failed_turns", "gauge", "Turns of the night that came to nothing.",
           [](const Sum& sum) { return sum.last->failures; });
  of_lanes("last_new_timestamp_seconds", "gauge", "When a turn last found something new; 0: none did.",
           [](const Sum& sum) { return sum.new_at; });
  std::map<std::pair<Key, std::string>, std::int64_t> faults;
  for (const auto& [key, sum] : lanes) {
    for (const char* state : {"new", "open", "fixed", "returned"}) faults[{key, state}] = 0;
  }
  for (const FaultRecord& fault : records.faults) {
    const bool is_new = fault.is_new(records.night.number, records.worker);
    ++faults[{{fault.target, fault.build}, is_new ? "new" : std::string(name_of(fault.state))}];
  }
  writer.begin("faults", "gauge", "Faults that are known, each once.");
  for (const auto& [key, count] : faults) {
    writer.add(fmt::format("{},state=\"{}\"", Writer::labels_of(key.first), key.second), static_cast<double>(count));
  }
  return writer.text();
}

}  // namespace sluice::farm
