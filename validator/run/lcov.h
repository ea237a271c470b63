// Covered lines as a tracefile of lcov, which genhtml and editors read.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sluice::run {

struct CoveredLine {
  std::string file;
  std::uint64_t line;  // from 1; 0 is not written: the compiler's own code
  bool is_hit;
};

// In any order. A line that is there several times, as code of several blocks, is hit where one of them is. `name` says
// what was run; what lcov does not allow in it becomes `_`.
[[nodiscard]] std::string write_lcov(std::string_view name, std::span<const CoveredLine> lines);

}  // namespace sluice::run
