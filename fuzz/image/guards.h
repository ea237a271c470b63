// Reads by an index, and what checks the index before: a comparison and a branch that every way to the read goes
// through, on its good side. A heuristic that finds candidates: see docs/audit.md.
#pragma once

#include <cstdint>
#include <vector>

#include "fuzz/image/values.h"

namespace sluice::image {

enum class GuardKind : std::uint8_t {
  none,
  compared,  // and only the good side leads here
  counted,   // a loop's counter, compared at the loop's end
  masked,    // its high bits are cleared
  selected,  // one of two values, by a comparison
};

struct Guard {
  GuardKind kind = GuardKind::none;
  std::uint32_t offset = 0;  // of the comparison, or of the instruction that masks or selects
  bool is_signed = false;    // negative ones pass
  bool is_reread = false;    // the comparison read the memory once, the index reads it again
};

struct ScaledRead {
  std::uint32_t offset;
  Guard guard;
};

std::vector<ScaledRead> find_scaled_reads(const Function& function, Values& values);

}  // namespace sluice::image
