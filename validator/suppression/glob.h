// Patterns over field paths and file names.
#pragma once

#include <string_view>

namespace sluice::suppression {

// Whether `pattern` is all of `text`. `*` stands for any characters but those in `separators`, `**` for any at all, `?`
// for one that is not in `separators`; everything else, `[` too, stands for itself. The time is in proportion to the
// product of both lengths at most.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text, std::string_view separators);

}  // namespace sluice::suppression
