// The numbers that code compares what it is given with.
#pragma once

#include <set>

#include "fuzz/image/audit.h"
#include "fuzz/image/values.h"

namespace sluice::image {

// Adds those of one function, at most so many that there are `limit`. Results of calls are not input: what they are
// compared with is left out.
void collect_constants(const Function& function, Values& values, std::size_t limit, std::set<Constant>& constants);

}  // namespace sluice::image
