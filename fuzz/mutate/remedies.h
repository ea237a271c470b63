// What may help against a finding: changes to try, by what the schema and the rules say that the finding is about.
// Nothing here knows a format; whether a change helps is for the validator to say (settle.h).
#pragma once

#include <functional>
#include <vector>

#include "fuzz/mutate/editor.h"
#include "fuzz/mutate/question.h"
#include "fuzz/mutate/random.h"
#include "fuzz/mutate/tree.h"
#include "validator/finding/finding.h"

namespace sluice::mutate {

// Changes a copy of the tree that it was made for. Fields that it sets are pinned. False: it cannot be done, and the
// tree is of no use.
using Remedy = std::function<bool(Editor&)>;

// Those most likely to help come first. The tree must outlive the call only; the format all that is returned.
[[nodiscard]] std::vector<Remedy> remedies_for(const Tree& tree, const Finding& finding, Random& random);

}  // namespace sluice::mutate
