// The page for the morning after: what a night came to and what all nights before it did, on one self-contained page
// (docs/farm.md). The same records give the same bytes.
#pragma once

#include <string>

#include "fuzz/farm/morning.h"

namespace sluice::farm {

struct PageOptions {
  std::string file = {};    // where the page will be: links lead from there
  std::string folder = {};  // the farm's
  std::string tool_version = {};
};

[[nodiscard]] std::string page_html(const Morning& morning, const PageOptions& options);

}  // namespace sluice::farm
