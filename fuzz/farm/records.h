// What a farm knows of its nights: the state keeps it, and summaries, metrics and pages are made of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::farm {

// Nights are counted, not dated: a clock may be set back.
struct Night {
  enum class Phase : std::uint8_t { regressions, turns, merging, ended };
  static constexpr std::int64_t kNoCode = -1;

  std::int64_t number = 0;  // of this worker, from 1
  std::int64_t begun = 0;   // seconds since 1970, by the clock of that day
  std::int64_t milliseconds = 0;
  std::int64_t turns = 0;  // that were begun
  Phase phase = Phase::regressions;
  std::int64_t code = kNoCode;  // with which it ended
};

// A target and a build, in one night. What campaigns count is summed up; blocks are those of its last turn.
struct LaneNight {
  std::int64_t night = 0;
  std::string target;
  std::string build;
  std::int64_t turns = 0;
  std::int64_t executions = 0;
  std::int64_t milliseconds = 0;
  std::int64_t accepted = 0;
  std::int64_t faulted = 0;
  std::int64_t restarts = 0;
  std::int64_t blocks_of_seeds = 0;  // of its first turn: what it began the night with
  std::int64_t blocks_covered = 0;
  std::int64_t blocks_reachable = 0;
  std::int64_t blocks = 0;
  std::int64_t corpus = 0;
  std::int64_t expressible = 0;
  std::int64_t executed = 0;  // by its best turn
  std::int64_t last_new = 0;  // the execution of the night that found something new last
  std::int64_t new_at = 0;    // when that turn ended, in seconds since 1970; 0: none did
  std::int64_t failures = 0;  // turns that came to nothing
  // As the schedule has them, in millionths.
  std::int64_t used = 0;
  std::int64_t growth = 0;
  std::string problem;  // why it was left out; empty: it was not
};

// At the end of a turn; counted over the night.
struct Point {
  std::int64_t executions = 0;
  std::int64_t milliseconds = 0;
  std::int64_t blocks = 0;
  std::int64_t corpus = 0;
};

struct Turn {
  std::int64_t night = 0;
  std::int64_t number = 0;
  std::string target;
  std::string build;
  std::int64_t seed = 0;
};

struct FaultRecord {
  enum class State : std::uint8_t { open, fixed, returned };

  std::string target;
  std::string identity;
  std::string build;
  std::string sentence;
  std::string worker;  // that filed it
  std::int64_t first_night = 0;
  std::int64_t last_night = 0;  // in which it was seen
  std::int64_t since = 0;       // the night in which it came to its state
  State state = State::open;
  bool replays = false;  // `sluice run` shows it too
  // In the schema's words, as triage has them (docs/triage.md); empty where it could not say.
  std::string cause = {};
  std::string guilty = {};      // a field's path
  std::string suggestion = {};  // a rule, or a line of the schema
  std::string page = {};        // an HTML file, beside the farm's folder's others

  // Whether `asking` filed it in this night of its own.
  [[nodiscard]] bool is_new(std::int64_t night, const std::string& asking) const {
    return first_night == night && worker == asking;
  }
};

[[nodiscard]] std::string_view name_of(FaultRecord::State state);

// What a build can read by what its documents say, and no campaign has come to.
struct DarkRecord {
  std::string target;
  std::string build;
  std::string text;
  std::int64_t first_night = 0;  // of those in a row
};

// Content that a build took long over, in the last night.
struct SlowRecord {
  std::string target;
  std::string build;
  std::string content;  // a file of the target's corpus
  std::int64_t microseconds = 0;
};

// All that a page shows of one worker.
struct Records {
  std::string worker;
  Night night;                   // the last one; number 0: there was none
  std::vector<Night> nights;     // all, in order
  std::vector<LaneNight> lanes;  // of all nights, in order
  std::vector<FaultRecord> faults;
  std::vector<DarkRecord> dark;   // of the last night
  std::vector<SlowRecord> slow;   // of the last night, the slowest first
  std::vector<std::string> told;  // of the last night: what somebody should know

  [[nodiscard]] std::vector<LaneNight> lanes_of_night() const;
};

}  // namespace sluice::farm
