// The command line of sluice-triage, which is `sluice triage`'s to write.
#pragma once

#include <optional>
#include <string>

#include "fuzz/engine/options.h"

namespace sluice::triage {

struct Options {
  enum class Do : std::uint8_t { triage, replay, accept, fix, reopen };
  Do what = Do::triage;
  // What fuzzing takes too: --faults is the folder that is triaged, --seeds is content that is good, --corpus is the
  // folder of the cases.
  engine::Options engine;
  std::string identity;  // accept, fix, reopen: the case
  std::string format = "text";
  std::string output;  // empty: standard output
  std::string html;    // empty: no page
  std::string today;   // 2026-11-27
  bool has_colour = false;
};

// On a mistake returns nothing and sets `why`.
std::optional<Options> parse_options(int argc, char** argv, std::string& why);

}  // namespace sluice::triage
