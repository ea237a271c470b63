// write_samples DIR: one sample report and many hostile ones in every format, for readers that are not ours to judge
// (report_formats_test.py).
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "tests/report/samples.h"

using namespace sluice::report;

namespace {

void write(const std::filesystem::path& folder, const std::vector<FileResult>& results, Options options) {
  std::filesystem::create_directories(folder);
  options.tool_version = "0.0.0";
  options.schema = results.front().name;
  for (const Variant& variant : kVariants) {
    options.sarif_profile = variant.profile;
    std::ofstream(folder / variant.file, std::ios::binary) << report_of(variant.format, options, results);
  }
  std::ofstream(folder / "report.html", std::ios::binary) << report_of(Format::html, options, results);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  write(folder / "sample", sample_run(), {});
  write(folder / "sample-matrix", matrix_run(), matrix_options());
  write(folder / "sample-ran", ran_run(), ran_options());
  for (std::uint64_t seed = 0; seed < 300; ++seed)
    write(folder / fmt::format("hostile-{:03}", seed), hostile_run(seed), hostile_options());
}
