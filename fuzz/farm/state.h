// The state of one worker, in one SQLite file: each call is there in full, or not at all, when it returns.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/farm/records.h"
#include "validator/store/database.h"

namespace sluice::farm {

[[nodiscard]] const store::Form& state_form();

// What a worker keeps: cases, and what campaigns found, be it of one or not.
struct Known {
  FaultRecord fault;
  bool is_case = false;
  std::string of_case = {};  // what was found: the case that it is of; empty: of none (yet)
  std::int64_t tried = 0;    // what was found: the night in which triage last had nothing to say of it
};

// Each fault once: the cases, and what is of none.
[[nodiscard]] std::vector<FaultRecord> each_once(const std::vector<Known>& known);

class State {
 public:
  // Turns of a target in one night, and points of all of its lanes, that are kept one by one: what comes after thins
  // out what was before. So a night of a target is less than 1 MiB.
  static constexpr std::int64_t kMostTurns = 1000;
  static constexpr std::int64_t kMostPoints = 256;  // of a lane
  static constexpr std::int64_t kMostTold = 200;    // sentences of a night

  explicit State(const std::filesystem::path& path) : database_(path, state_form()) {}

  // False: it cannot be read or not be written to, and `messages` says why.
  [[nodiscard]] bool is_good() const { return database_.is_usable() && !database_.is_read_only(); }
  [[nodiscard]] bool is_readable() const { return database_.is_usable(); }
  [[nodiscard]] std::vector<std::string> messages() { return database_.messages(); }

  // The night that did not end, or a new one. Nothing: `messages` says why.
  [[nodiscard]] std::optional<Night> begin_night(std::int64_t now);
  [[nodiscard]] bool save(const Night& night);

  // Takes the next number of a turn. The turn is `open` until it ends.
  [[nodiscard]] bool begin_turn(Night& night, Turn& turn);
  [[nodiscard]] std::vector<Turn> open_turns(std::int64_t night);
  // What it came to, the lane with it included; a point and the dark operators where there are any. `is_whole_dark`:
  // the list has all of them.
  struct Outcome {
    const LaneNight& lane;
    std::int64_t executions = 0;
    std::int64_t milliseconds = 0;
    std::string problem;  // empty: it was done
    std::optional<Point> point;
    const std::vector<std::string>* dark = nullptr;  // null: not known
  };
  [[nodiscard]] bool end_turn(const Turn& turn, const Outcome& outcome);
  [[nodiscard]] bool save(const LaneNight& lane);
  [[nodiscard]] std::vector<LaneNight> lanes(std::int64_t night);
  [[nodiscard]] std::vector<Point> points(std::int64_t night, const std::string& target, const std::string& build);

  [[nodiscard]] bool save(const Known& known);
  [[nodiscard]] std::vector<Known> known();

  // In place of all that was known of the target; of each build the first `SlowRecord::kMost`.
  [[nodiscard]] bool save_slow(const std::string& target, const std::vector<SlowRecord>& slow);

  // Once a night.
  [[nodiscard]] bool tell(std::int64_t night, const std::string& sentence);

  // Without courses.
  [[nodiscard]] Records records(const std::string& worker);
  void add_courses(Records& records);

 private:
  void thin_points(const Turn& turn);
  bool keep_dark(const Turn& turn, const std::vector<std::string>& dark);

  store::Database database_;
};

}  // namespace sluice::farm
