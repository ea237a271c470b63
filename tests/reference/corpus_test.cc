// What one build of the sensor says of each file of corpus/channel. Compiled for each build.
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <set>

#include "tests/reference/loaded.h"

namespace sluice {

namespace {

// By file; the builds that say something else are named. What is not in here is loaded.
struct Refusal {
  sensor_status status;
  std::set<int> builds = {710, 711, 7111, 712};
};
const std::map<std::string, Refusal> kRefused = {
    {"cut_short", {SENSOR_BAD_SIZE}},
    {"nothing_but_zeros", {SENSOR_NOT_A_CHANNEL}},
    {"zeros_after_the_first_sector", {SENSOR_BAD_CHECKSUM}},
    {"changed_after_its_checksum", {SENSOR_BAD_CHECKSUM}},
    {"version_that_goes_back", {SENSOR_BAD_HEADER}},
    {"count_whose_product_wraps", {SENSOR_TOO_MANY}},
    {"more_instances_than_a_build_holds", {SENSOR_TOO_MANY, {710, 711, 7111}}},
    {"more_criteria_than_any_build_holds", {SENSOR_TOO_MANY}},
    {"offset_beyond_the_file", {SENSOR_OUT_OF_FILE}},
    {"offset_and_length_that_wrap", {SENSOR_OUT_OF_FILE}},
    {"groups_that_overlap", {SENSOR_BAD_GROUP}},
    {"group_of_instances_that_are_not_there", {SENSOR_BAD_GROUP}},
    {"groups_nested_too_deeply", {SENSOR_BAD_GROUP}},
    {"groups_in_a_circle", {SENSOR_BAD_GROUP}},
    {"two_instances_with_one_id", {SENSOR_BAD_INSTANCE}},
    {"instances_out_of_order", {SENSOR_BAD_INSTANCE}},
    {"more_criteria_than_inputs", {SENSOR_BAD_INSTANCE}},
    {"instance_of_a_type_that_is_not_there", {SENSOR_BAD_INSTANCE}},
    {"template_type_twice", {SENSOR_BAD_INSTANCE}},
    {"instances_in_a_circle", {SENSOR_BAD_CHAIN}},
    {"instance_that_leads_to_itself", {SENSOR_BAD_CHAIN}},
    {"wildcard_on_an_undefined_input", {SENSOR_BAD_CRITERION}},
    {"wildcard_with_an_operand", {SENSOR_BAD_CRITERION}},
    {"number_judged_as_text", {SENSOR_BAD_CRITERION}},
    {"number_at_an_odd_offset", {SENSOR_BAD_CRITERION}},
    {"range_over_text", {SENSOR_BAD_CRITERION}},
    {"operator_that_nobody_knows", {SENSOR_BAD_CRITERION}},
    {"operand_left_blank", {SENSOR_BAD_CRITERION}},
    {"regex_with_no_room", {SENSOR_BAD_CRITERION}},
    {"replay_291", {SENSOR_TYPE_UNKNOWN, {710}}},
    {"template_type_newer_than_a_build", {SENSOR_TYPE_UNKNOWN, {710}}},
};

sensor_status expected_of(const std::string& file) {
  const auto refused = kRefused.find(file);
  const bool is_refused = refused != kRefused.end() && refused->second.builds.contains(SENSOR_BUILD);
  return is_refused ? refused->second.status : SENSOR_OK;
}

}  // namespace

TEST_CASE("each file of the corpus is loaded or refused as it should be by build " SENSOR_BUILD_NAME) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(SLUICE_CORPUS)) names.insert(entry.path().stem());
  CHECK(names.contains("good_mixed"));
  for (const auto& [file, refusal] : kRefused) CHECK(names.contains(file));
  for (const std::string& file : names) {
    CAPTURE(file);
    const Loaded loaded(corpus_file(file));
    CHECK(loaded.status() == expected_of(file));
    if (loaded.status() != SENSOR_OK) continue;
    for (std::uint32_t i = 0; i < loaded.sensor().num_instances; i++) {
      const sensor_instance& instance = loaded.sensor().instances[i];
      if (instance.definition == nullptr) continue;
      const sensor_event event = loaded.event_for(instance);
      const bool reads_the_last_ipc_input = file == "replay_291" && event.type == 3 && SENSOR_IPC_SUPPLIED == 20;
      if (reads_the_last_ipc_input && !SENSOR_CHECKS_INDEX) continue;  // 7.11: what sluice-run is for
      sensor_verdict verdict;
      CHECK(sensor_evaluate(&loaded.sensor(), &event, &verdict) ==
            (reads_the_last_ipc_input ? SENSOR_INPUT_NOT_SUPPLIED : SENSOR_OK));
    }
  }
}

TEST_CASE("good content is evaluated by build " SENSOR_BUILD_NAME) {
  const Loaded loaded(corpus_file("good_mixed"));
  REQUIRE(loaded.status() == SENSOR_OK);
  const sensor_instance& sys_file = loaded.sensor().instances[2];
  const sensor_event event = loaded.event_for(sys_file);
  sensor_verdict verdict;
  REQUIRE(sensor_evaluate(&loaded.sensor(), &event, &verdict) == SENSOR_OK);
  CHECK(verdict.num_matches == 1);
  CHECK(verdict.action == SENSOR_DETECT);
  const sensor_instance& ipc = loaded.sensor().instances[4];
  CHECK((ipc.definition != nullptr) == static_cast<bool>(SENSOR_HAS_IPC));
}

}  // namespace sluice
