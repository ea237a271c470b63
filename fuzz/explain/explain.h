// A fault in the words of who writes content: which field, what the driver made of it, and what it left by how much.
#pragma once

#include <string>
#include <vector>

#include "fuzz/explain/effects.h"
#include "validator/report/triage.h"

namespace sluice::explain {

struct Explanation {
  std::string sentence;
  std::string inequality;                   // `20 >= 20 elements`; empty: no field is known to be an index or an offset
  std::vector<report::TriageField> fields;  // those that do something, the guilty one first
};

[[nodiscard]] Explanation explain(const Effects& effects);

// "each step moves the read 8 bytes further"; empty: it takes the fault away, and no more.
[[nodiscard]] std::string does_of(const Effect& effect, const engine::Fault& fault);

}  // namespace sluice::explain
