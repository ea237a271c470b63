// write_pages DIR: pages of fixtures, and of hostile runs, for a browser to judge (page_test.py).
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "tests/report/gate_samples.h"

using namespace sluice::report;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  const auto write = [&folder](const std::string& name, const std::string& page) {
    std::ofstream(folder / (name + ".html"), std::ios::binary) << page;
  };
  write("gate", report_of(Format::html, gate_options(), gate_run(), gate_release()));
  write("nothing", report_of(Format::html, {}, {}));
  write("sample", report_of(Format::html, {.tool_version = "1.2.3"}, sample_run()));
  write("large", report_of(Format::html, gate_options(), large_run()));
  write("breaking-out", report_of(Format::html, gate_options(), breaking_out_run(), breaking_out_release()));
  constexpr std::uint64_t kHostile = 40;
  for (std::uint64_t seed = 0; seed < kHostile; ++seed) {
    write(fmt::format("hostile-{}", seed), report_of(Format::html, hostile_options(), hostile_run(seed)));
  }
  return 0;
}
