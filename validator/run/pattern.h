// Regular expressions in content, as far as events need them: a text that one matches.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::run {

// A text that `pattern` probably matches, made without looking for anything: the first member of a class, one of what
// may repeat, `a` for any. Anchors are dropped. Empty where the text has nothing of a pattern about it, or groups, and
// where it would get long. A guess: whether it matched is seen when the driver evaluates it.
[[nodiscard]] std::optional<std::string> sample_of(std::string_view pattern);

}  // namespace sluice::run
