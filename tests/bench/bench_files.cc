#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "tests/bench/bench.h"
#include "tests/bench/content.h"
#include "tests/bench/measure.h"
#include "tests/bench/schemas.h"

namespace sluice::bench {

namespace {

constexpr int kFiles = 10'000;

std::string write_schema(const Setting& setting, const std::string& text) {
  const std::string path = setting.folder + "/schema.ksy";
  write_file(path, Bytes(text.begin(), text.end()));
  return path;
}

}  // namespace

void bench_files(const Setting& setting) {
  const std::string schema = write_schema(setting, kChannel);
  const Bytes content = channel_content(4096 - 48);
  for (const auto& [name, count] : {std::pair("many", kFiles), std::pair("one", 1)}) {
    const std::string folder = setting.folder + "/" + name;
    std::filesystem::create_directory(folder);
    for (int k = 0; k < count; ++k) write_file(fmt::format("{}/{:05}.bin", folder, k), content);
  }
  const auto check = [&](const std::string& folder) {
    return best_run({setting.sluice, "check", setting.folder + "/" + folder, "--schema", schema}, setting.rounds);
  };
  const Run one = check("one");
  const Run many = check("many");
  const double wall = kFiles / (many.wall - one.wall);
  const double processor = kFiles / (many.processor - one.processor);
  fmt::print("  {} files of {} bytes: {:.1f} ms, {:.1f} ms of processor; start-up {:.1f} ms\n", kFiles, content.size(),
             many.wall * 1e3, many.processor * 1e3, one.wall * 1e3);
  print_target("files a second by the clock, after start-up", wall, "", 50'000);
  print_target("files a second of processor time, 2 cores", 2 * processor, "", 50'000);
}

void bench_start(const Setting& setting) {
  const std::string schema = write_schema(setting, long_schema(200));
  write_file(setting.folder + "/small.bin", Bytes(16));
  // kind 0, no name, no values: 8 bytes are read, and the rest is allowed to be there.
  const std::vector<std::string> command = {
      setting.sluice, "check", setting.folder + "/small.bin", "--schema", schema, "--allow", "trailing-bytes"};
  const Run run = best_run(command, std::max(setting.rounds, 30));
  fmt::print("  {:.2f} ms by the clock, {:.2f} ms of processor, {:.1f} MiB resident\n", run.wall * 1e3,
             run.processor * 1e3, static_cast<double>(run.memory) / (1 << 20));
  print_target("start-up with a schema of 200 lines", run.wall * 1e3, "ms", 10, true);
}

}  // namespace sluice::bench
