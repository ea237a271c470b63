// What fuzzing a build came to.
#pragma once

#include <string>

#include "validator/report/html.h"

namespace sluice::report::html {

[[nodiscard]] std::string campaign(const Campaign& campaign);

}  // namespace sluice::report::html
