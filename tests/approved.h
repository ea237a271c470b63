// Approved text: what a program says is compared with a file that a person has read. SLUICE_REBASE=1 in the environment
// writes the file instead; read the difference before committing it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace sluice::test {

[[nodiscard]] std::string read_file(const std::string& path);

// Checks that `actual` is the text of `path` (relative to tests/).
void check_approved(const std::string& path, const std::string& actual);

// A file of cases, each `=== title`, the input, a line `>>>` and what `run` says of the input. Checks all of them.
void check_cases(const std::string& path, const std::function<std::string(std::string_view input)>& run);

}  // namespace sluice::test
