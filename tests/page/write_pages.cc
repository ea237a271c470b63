// write_pages DIR: pages of fixtures, and of hostile runs, for a browser to judge (page_test.py).
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "tests/report/gate_samples.h"
#include "tests/report/triage_samples.h"

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
  const auto write_triage = [&write](const std::string& name, const Triage& triage) {
    write("triage-" + name, triage_html(triage, {.tool_version = "1.2.3"}));
  };
  write_triage("sample", triage_sample());
  write_triage("hidparse", triage_of_hidparse());
  write_triage("nothing", triage_of_nothing());
  write_triage("large", large_triage());
  write_triage("breaking-out", breaking_out_triage());
  for (std::uint64_t seed = 0; seed < kHostile; ++seed) {
    write_triage(fmt::format("hostile-{}", seed), hostile_triage(seed));
  }
  return 0;
}
