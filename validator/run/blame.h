// What somebody has found out who ran the driver in other ways: `sluice fuzz` does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "validator/finding/finding.h"

namespace sluice::run {

// A field that is to blame for a fault: with another value there is none.
struct Blame {
  std::string path;
  ByteRange bytes;    // empty: not known
  std::string value;  // with which there is no fault; empty: not known
};

// `groups[2].parent=0@1204..1208`. Empty: it is not written so, or the range is none.
[[nodiscard]] std::optional<Blame> read_blame(std::string_view text);

// A fault that the content by itself does not show.
struct SeenFault {
  FindingId id;
  std::string text;
};

// `use_after_free=read of 8 bytes, ..`. Empty: it is not written so, or that is no fault of a driver.
[[nodiscard]] std::optional<SeenFault> read_seen_fault(std::string_view text);

}  // namespace sluice::run
