// Words of commands and events, ready to be copied.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/engine/input.h"
#include "validator/report/escape.h"

namespace sluice::triage {

using report::shell_word;

// `{type: 3, inputs: [null, "\\pipe\\"]}`, as an events file has it (docs/run.md).
[[nodiscard]] std::string text_of(const engine::Event& event);

}  // namespace sluice::triage
