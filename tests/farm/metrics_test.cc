#include "fuzz/farm/metrics.h"

#include <catch2/catch.hpp>

namespace sluice::farm {
namespace {

Records some() {
  Records records;
  records.worker = "w1";
  records.night = {.number = 2, .milliseconds = 1500};
  LaneNight lane;
  lane.night = 1;
  lane.target = "sensor";
  lane.build = "a\"b\\c\nd";
  lane.executions = 1000;
  lane.milliseconds = 1000;
  lane.new_at = 77;
  records.lanes.push_back(lane);
  lane.night = 2;
  lane.executions = 3000;
  lane.milliseconds = 2000;
  lane.blocks_covered = 12;
  lane.new_at = 0;
  records.lanes.push_back(lane);
  FaultRecord fault{.target = "sensor", .identity = "x", .build = lane.build, .sentence = {}, .worker = "w1"};
  fault.first_night = 2;
  records.faults.push_back(fault);
  fault.identity = "y";
  fault.worker = "w2";
  records.faults.push_back(fault);
  return records;
}

TEST_CASE("counters count over all nights, gauges are of the last, and labels are escaped") {
  const std::string text = metrics_text("f", some());
  const std::string labels = R"({farm="f",worker="w1",target="sensor",build="a\"b\\c\nd")";
  CHECK_THAT(text, Catch::Contains("# TYPE sluice_farm_executions_total counter\nsluice_farm_executions_total" +
                                   labels + "} 4000\n"));
  CHECK_THAT(text, Catch::Contains("sluice_farm_executions_per_second" + labels + "} 1500\n"));
  CHECK_THAT(text, Catch::Contains("sluice_farm_blocks_covered" + labels + "} 12\n"));
  CHECK_THAT(text, Catch::Contains("sluice_farm_last_new_timestamp_seconds" + labels + "} 77\n"));
  CHECK_THAT(text, Catch::Contains("sluice_farm_faults" + labels + ",state=\"new\"} 1\n"));
  CHECK_THAT(text, Catch::Contains("sluice_farm_faults" + labels + ",state=\"open\"} 1\n"));
  CHECK_THAT(text, Catch::Contains("sluice_farm_night{farm=\"f\",worker=\"w1\"} 2\n"));
}

TEST_CASE("large numbers are whole") {
  Records records = some();
  records.lanes.back().executions = 123'456'789'012;
  CHECK_THAT(metrics_text("f", records), Catch::Contains("} 123456790012\n"));
}

}  // namespace
}  // namespace sluice::farm
