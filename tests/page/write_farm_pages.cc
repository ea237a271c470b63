// write_farm_pages DIR: pages of farms by hand, for a browser to judge (farm_page_test.py).
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "tests/farm/samples.h"

using namespace sluice::farm;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  const auto write = [&folder](const std::string& name, const Morning& morning) {
    std::ofstream(folder / ("farm-" + name + ".html"), std::ios::binary) << page_html(morning, sample_options());
  };
  write("sample", sample_morning());
  write("first", first_morning());
  write("begun", night_begun());
  write("none", no_night());
  write("large", large_morning());
  write("breaking-out", breaking_out_morning());
  constexpr std::uint64_t kHostile = 20;
  for (std::uint64_t seed = 0; seed < kHostile; ++seed) write(fmt::format("hostile-{}", seed), hostile_morning(seed));
  return 0;
}
