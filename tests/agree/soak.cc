// agree_soak --seed N --runs N: random schemas and contents through walk and twin, for as long as one likes.
#include <fmt/core.h>

#include <cstdlib>
#include <cstring>

#include "tests/agree/agree.h"
#include "tests/agree/random_schema.h"

using namespace sluice::agree;

int main(int argc, char** argv) {
  std::uint64_t seed = 1, runs = 1000, shown = 3;
  for (int i = 1; i + 1 < argc; i += 2) {
    std::uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--seed") == 0) seed = value;
    if (std::strcmp(argv[i], "--runs") == 0) runs = value;
    if (std::strcmp(argv[i], "--show") == 0) shown = value;
  }
  Tally tally;
  std::uint64_t refused = 0, differing = 0;
  for (std::uint64_t run = 0; run < runs; ++run) {
    RandomSchema random(seed + run);
    auto pair = load_pair(random.draw());
    if (!pair) {
      ++refused;
      continue;
    }
    for (int i = 0; i < 100; ++i) {
      auto content = random.draw_content(24);
      std::string difference = compare(*pair, content, tally);
      if (difference.empty()) continue;
      if (++differing <= shown) fmt::print("seed {}\n{}\n", seed + run, difference);
      break;
    }
  }
  fmt::print(
      "{} schemas from seed {} ({} refused), {} walks: {} accepted, {} redone, {} out of limits; {} schemas differ\n",
      runs, seed, refused, tally.walks, tally.accepted, tally.redone, tally.out_of_limits, differing);
  return differing == 0 ? 0 : 1;
}
