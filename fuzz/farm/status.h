// What all workers of a farm are at: their states, read, and what their campaigns tell while they run.
#pragma once

#include <string>

#include "fuzz/farm/document.h"

namespace sluice::farm {

// False: there is nothing to tell of, and `text` says why.
[[nodiscard]] bool status_text(const Farm& farm, std::string& text);

}  // namespace sluice::farm
