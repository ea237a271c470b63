// The benchmarks; each prints a few lines. `Setting` says where things are.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "validator/program/program.h"

namespace sluice::bench {

struct Setting {
  std::string sluice;  // the binary
  std::string folder;  // for files; empty at the start of each benchmark
  int rounds = 9;
};

void bench_channel(const Setting& setting);
void bench_records(const Setting& setting);
void bench_files(const Setting& setting);
void bench_start(const Setting& setting);
void bench_rules(const Setting& setting);
void bench_replica(const Setting& setting);
void bench_runs(const Setting& setting);
void bench_image(const Setting& setting);
void bench_mutate(const Setting& setting);

// Whether `content` gives no finding.
[[nodiscard]] bool is_accepted(const program::Program& program, std::span<const std::uint8_t> content);

// One line of a table: how fast, and how that compares.
void print_speed(std::string_view name, std::uint64_t bytes, double seconds, std::string_view remark = {});
// One line: what was asked for, what came out.
void print_target(std::string_view what, double value, std::string_view unit, double wanted, bool at_most = false);

}  // namespace sluice::bench
