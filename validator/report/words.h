// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::report {

// `1 file`, `2 files`.
[[nodiscard]] std::string count_text(std::uint64_t count, std::string_view noun);

// `1,204`.
[[nodiscard]] std::string with_commas(std::uint64_t number);

}  // namespace sluice::report
