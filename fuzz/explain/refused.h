// The fields that `check` has something against.
#pragma once

#include <vector>

#include "fuzz/mutate/tree.h"

namespace sluice::explain {

struct RefusedFields {
  std::vector<mutate::NodeId> named;  // by an error, or the only one that says where what it names lies or ends
  std::vector<mutate::NodeId> read;   // by a rule or an assertion that does not hold
};
[[nodiscard]] RefusedFields refused_fields(const mutate::Tree& tree);

}  // namespace sluice::explain
