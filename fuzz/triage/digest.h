// One place, looked at: how often it comes, the smallest file that shows it, the fields that it is owed to, the rule
// that would have kept it out. Each is made in a process of its own and handed over as bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/fault.h"
#include "fuzz/triage/targets.h"
#include "validator/report/triage.h"

namespace sluice::triage {

// What is asked.
struct Suspect {
  std::size_t build = 0;
  engine::Fault fault{};
  std::vector<std::uint8_t> input;
};

struct Digest {
  std::string problem;              // why the rest is missing, or may be; empty: nothing is
  std::vector<std::uint8_t> input;  // shrunk; what was given where it never came again
  bool is_shrunk_fully = false;
  std::uint64_t reproduced = 0;  // times of `runs`
  std::uint64_t runs = 0;
  engine::Fault fault{};                    // as the shrunk input shows it
  std::vector<report::TriageField> fields;  // the guilty one first
  bool is_of_parts = false;                 // Effects::is_of_parts
  std::string sentence;                     // for who writes content; empty: no field is known
  std::string inequality;                   // `20 >= 20`; may be empty
};

// In the process that starts the target.
[[nodiscard]] std::string make_digest(const Targets& targets, const Suspect& suspect);
[[nodiscard]] Digest read_digest(const std::string* made);

// `crashes` are others of the same identity, `good` what no build faults on.
struct Witnesses {
  std::vector<std::vector<std::uint8_t>> crashes;
  std::span<const std::vector<std::uint8_t>> good;
};
[[nodiscard]] std::string make_suggestion(const Targets& targets, const Suspect& shrunk, const Witnesses& witnesses);
[[nodiscard]] report::TriageSuggestion read_suggestion(const std::string* made);

}  // namespace sluice::triage
