// The command line of sluice-run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace sluice::worker {

struct Options {
  std::size_t stack = 24u << 10;
  std::uint32_t wall_ms = 10'000;  // for one call into the driver
  std::uint32_t cpu_ms = 1000;     // likewise
  std::size_t memory = 512u << 20;
  std::size_t pool = 64u << 20;
  std::string target;     // absolute
  std::string image;      // the driver that ships, where the target is its adapter; empty: there is none
  bool coverage = false;  // count the image's blocks that run
};

// On a mistake returns nothing and sets `why`.
std::optional<Options> parse_options(int argc, char** argv, std::string& why);

}  // namespace sluice::worker
