// Covered lines as a tracefile of lcov, which genhtml and editors read.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace sluice::image {

struct CoveredLine {
  std::string file;
  std::uint32_t line;  // from 1; 0 is not written: the compiler's own code
  bool is_hit;
};

// In any order. A line that is there several times, as code of several blocks, is hit where one of them is.
std::string write_lcov(std::span<const CoveredLine> lines);

}  // namespace sluice::image
