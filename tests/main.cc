// The one Catch2 main. It prints the random seed, so that an order or a draw that failed can be run again:
// `test_x --order rand --rng-seed N`.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  Catch::Session session;
  if (const int error = session.applyCommandLine(argc, argv); error != 0) return error;
  auto& config = session.configData();
  if (config.rngSeed == 0) config.rngSeed = 20240719;
  if (!config.listTests && !config.listTags) std::printf("random seed %u\n", config.rngSeed);
  return session.run();
}
