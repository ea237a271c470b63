// The bytes around findings and the fields that they lie in, for pages that show them.
#pragma once

#include <vector>

#include "validator/bytes/reader.h"
#include "validator/finding/finding.h"
#include "validator/program/program.h"
#include "validator/program/walk.h"
#include "validator/report/model.h"

namespace sluice::judge {

// For each of `findings` that has bytes of `content`, those and some rows of 16 around them; of a long range its ends.
// At most 64 KiB of one file and 2,000 fields: what is past that is left out. `tree` is compiled with everything kept;
// null: the bytes alone, and the paths of the findings. Where content cannot be read to its end, the fields are those
// that were read. Nothing is aliased.
[[nodiscard]] std::vector<report::Excerpt> excerpts_of(const program::Program* tree, const program::Limits& limits,
                                                       bytes::View content, const std::vector<Finding>& findings);

}  // namespace sluice::judge
