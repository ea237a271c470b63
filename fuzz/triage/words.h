// Words of commands and events, ready to be copied.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/engine/input.h"

namespace sluice::triage {

// In single quotes, where a shell would make something else of it.
[[nodiscard]] std::string shell_word(std::string_view text);

// `{type: 3, inputs: [null, "\\pipe\\"]}`, as an events file has it (docs/run.md).
[[nodiscard]] std::string text_of(const engine::Event& event);

}  // namespace sluice::triage
