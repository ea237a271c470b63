// The faults of a farm as this worker knows them: filed, seen again, fixed, come back.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/farm/folders.h"
#include "fuzz/farm/lanes.h"
#include "fuzz/farm/state.h"

namespace sluice::farm {

class Faults {
 public:
  // All are aliased.
  Faults(const Folders& folders, State& state, const Night& night) : folders_(folders), state_(state), night_(night) {}

  // What the state knows.
  void load();

  // Whatever lies in the target's folder and is not known: filed, by this worker if by nobody else. False: some could
  // not be, and `problem` says why.
  [[nodiscard]] bool take(const std::string& target, std::string& problem);
  // A campaign has met it. False: it is not known.
  [[nodiscard]] bool see(const std::string& target, const std::string& identity);
  // Runs all that is known of a lane's target and build. False, and `problem`: some could not be run.
  [[nodiscard]] bool replay(const Lane& lane, std::string& problem);

  // Of this night: those that nobody knew before this worker, and those that were fixed and are back.
  [[nodiscard]] std::size_t num_new() const;
  [[nodiscard]] std::size_t num_returned() const;
  [[nodiscard]] std::size_t num_fixed() const;
  // False: the state could not be written to.
  [[nodiscard]] bool is_kept() const { return is_kept_; }

 private:
  void save(const FaultRecord& fault) { is_kept_ = state_.save(fault) && is_kept_; }
  void change(FaultRecord& fault, FaultRecord::State to);

  const Folders& folders_;
  State& state_;
  const Night& night_;
  std::map<std::pair<std::string, std::string>, FaultRecord> known_;  // by target and identity
  bool is_kept_ = true;
};

}  // namespace sluice::farm
