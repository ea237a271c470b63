// A field that somebody has found to be to blame for a fault: `sluice fuzz` does, by changing one field after the
// other.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "validator/finding/finding.h"

namespace sluice::run {

struct Blame {
  std::string path;
  ByteRange bytes;    // empty: not known
  std::string value;  // with which there is no fault; empty: not known
};

// `groups[2].parent=0@1204..1208`. Empty: it is not written so, or the range is none.
[[nodiscard]] std::optional<Blame> read_blame(std::string_view text);

}  // namespace sluice::run
