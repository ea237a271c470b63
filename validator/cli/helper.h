// Programs that lie beside this one and do what the validator may not know.
#pragma once

#include <string>
#include <vector>

namespace sluice::cli {

// Becomes the program `name` in the folder of this one, or the one that the environment's `variable` names; `words` are
// its arguments. Returns only if that fails, with the exit code; the reason was printed.
[[nodiscard]] int become(const char* variable, const std::string& name, std::vector<std::string> words);

}  // namespace sluice::cli
