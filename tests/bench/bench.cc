// sluice_bench: how fast is `check`? Prints ratios, because another machine gives other times.
//
//   sluice_bench --sluice BINARY [--rounds N] [NAME...]
#include "tests/bench/bench.h"

#include <fmt/core.h>
#include <stdlib.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <vector>

#include "tests/bench/measure.h"
#include "validator/program/walk.h"

namespace sluice::bench {

bool is_accepted(const program::Program& program, std::span<const std::uint8_t> content) {
  Findings findings;
  (void)program::check(program, content, {}, "content", findings);
  return findings.empty();
}

void print_speed(std::string_view name, std::uint64_t bytes, double seconds, std::string_view remark) {
  fmt::print("  {:<28} {:8.3f} ms  {:7.2f} GB/s  {}\n", name, seconds * 1e3, static_cast<double>(bytes) / seconds / 1e9,
             remark);
}

void print_target(std::string_view what, double value, std::string_view unit, double wanted, bool at_most) {
  const bool met = at_most ? value <= wanted : value >= wanted;
  fmt::print("  {} {:<48} {:10.2f} {:<8} wanted {} {:.2f}\n", met ? "met   " : "MISSED", what, value, unit,
             at_most ? "at most" : "at least", wanted);
}

namespace {

struct Benchmark {
  std::string_view name;
  std::string_view group;
  std::string_view what;
  void (*run)(const Setting&);
};

constexpr Benchmark kBenchmarks[] = {
    {"channel", "check", "64 MiB of a content channel: structures, counts, lengths, text", bench_channel},
    {"records", "check", "64 MiB of 16-byte records with ranges on four columns", bench_records},
    {"files", "check", "10,000 channel files of 4 KiB", bench_files},
    {"start", "check", "one small file, a schema of 200 lines", bench_start},
    {"rules", "rules", "1,000,000 instances of 8 criteria, 12 rules, 8 builds", bench_rules},
    {"replica", "run", "the reference sensor: 1,000 events a content file", bench_replica},
    {"runs", "run", "1,000 content files on the four builds of the reference sensor", bench_runs},
    {"image", "run", "the reference sensor's 7.12.sys in this process, and a driver that faults", bench_image},
    {"mutate", "mutate", "1 KiB channel files, changed and repaired", bench_mutate},
};

void run(const Benchmark& benchmark, Setting setting) {
  setting.folder = (std::filesystem::temp_directory_path() / "sluice-bench-XXXXXX").string();
  require(::mkdtemp(setting.folder.data()) != nullptr, setting.folder + " cannot be made");
  fmt::print("{}: {}\n", benchmark.name, benchmark.what);
  apart([&] { benchmark.run(setting); });
  fmt::print("\n");
  std::error_code ignored;
  std::filesystem::remove_all(setting.folder, ignored);
}

int refuse(std::string_view why) {
  fmt::print(stderr, "{}\nUsage: sluice_bench --sluice BINARY [--rounds N] [NAME...]\n", why);
  for (const Benchmark& b : kBenchmarks) fmt::print(stderr, "  {:<8} {}\n", b.name, b.what);
  fmt::print(stderr, "  {:<8} the first four\n  {:<8} replica, runs and image\n", "check", "run");
  return 2;
}

int main_of(const std::vector<std::string_view>& arguments) {
  Setting setting;
  std::vector<std::string_view> names;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const std::string_view a = arguments[k];
    if (a == "--sluice" && k + 1 < arguments.size()) {
      setting.sluice = arguments[++k];
    } else if (a == "--rounds" && k + 1 < arguments.size()) {
      const std::string_view n = arguments[++k];
      const auto [end, error] = std::from_chars(n.data(), n.data() + n.size(), setting.rounds);
      if (error != std::errc{} || end != n.data() + n.size() || setting.rounds < 1)
        return refuse("--rounds takes a number");
    } else {
      names.push_back(a);
    }
  }
  if (setting.sluice.empty()) return refuse("--sluice is missing");
  const auto is_known = [](std::string_view name) {
    return std::ranges::any_of(kBenchmarks, [&](const Benchmark& b) { return b.name == name || b.group == name; });
  };
  if (!std::ranges::all_of(names, is_known)) return refuse("there is no such benchmark");
  const auto is_wanted = [&](const Benchmark& b) {
    return names.empty() || std::ranges::any_of(names, [&](std::string_view n) { return n == b.name || n == b.group; });
  };
  for (const Benchmark& b : kBenchmarks) {
    if (is_wanted(b)) run(b, setting);
  }
  return 0;
}

}  // namespace

}  // namespace sluice::bench

int main(int count, char** words) { return sluice::bench::main_of({words + 1, words + count}); }
