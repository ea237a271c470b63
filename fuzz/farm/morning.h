// A night as people are told of it: the text, the JSON, the page and the status say the same, and are made of this.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fuzz/farm/document.h"
#include "fuzz/farm/next.h"
#include "fuzz/farm/records.h"

namespace sluice::farm {

// Another worker of the folder.
struct Other {
  Records records;
  std::string problem;  // why that is not all; empty: it is
};

struct Morning {
  std::string farm;  // its name
  Records records;
  std::optional<int> code = {};  // with which the night ended; nothing: it goes on
  std::vector<Step> next = {};
  std::vector<Other> others = {};  // where they are asked for
};

}  // namespace sluice::farm
