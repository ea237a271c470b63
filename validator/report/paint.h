// What the writers for people share.
#pragma once

#include <string>
#include <string_view>

#include "validator/report/model.h"

namespace sluice::report {

// Paints if there is colour, else returns the text as it is.
[[nodiscard]] std::string painted(std::string_view text, std::string_view code, bool colour);
[[nodiscard]] std::string_view colour_of(Severity severity);
[[nodiscard]] std::string_view colour_of(Verdict verdict);

// `  because  20 is greater than 19`; nothing where there is no text, which is safe to print.
void add_line(std::string& out, std::string_view label, std::string_view text);

}  // namespace sluice::report
