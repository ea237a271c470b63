// What the code of driver builds compares with, as words of a dictionary.
#pragma once

#include <string>
#include <vector>

#include "fuzz/mutate/dictionary.h"
#include "fuzz/mutate/format.h"

namespace sluice::mutate {

// Adds the numbers that `sluice audit --dictionary` finds in the images of the chosen builds, those not in `words` yet.
// Builds without an image add nothing. What is wrong with an image that is named; empty: nothing.
[[nodiscard]] std::string add_image_words(const FormatFiles& files, std::vector<Word>& words);

}  // namespace sluice::mutate
