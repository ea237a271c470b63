#include <fmt/core.h>

#include "tests/bench/bench.h"
#include "tests/bench/content.h"
#include "tests/bench/measure.h"
#include "tests/bench/peers.h"
#include "tests/bench/schemas.h"

namespace sluice::bench {

namespace {

constexpr std::size_t kSize = 64u << 20;

void bench_memory(const Setting& setting, const std::string& schema, const std::string& file, std::uint64_t size) {
  const Run run = best_run({setting.sluice, "check", file, "--schema", schema}, 3);
  const double beyond = (static_cast<double>(run.memory) - static_cast<double>(size)) / (1 << 20);
  print_speed("sluice check FILE", size, run.processor, "processor time of the whole program, start-up included");
  print_target("resident memory beyond the file", beyond, "MiB", 16, true);
}

}  // namespace

void bench_channel(const Setting& setting) {
  const std::string schema = setting.folder + "/channel.ksy";
  const std::string file = setting.folder + "/channel.bin";
  apart([&] { write_file(file, channel_content(kSize)); });
  write_file(schema, Bytes(kChannel, kChannel + std::string_view(kChannel).size()));

  const Bytes content = [&] {
    bench_memory(setting, schema, file, kSize);
    return read_file(file);
  }();
  const program::Program program = compiled(kChannel);
  const program::Program machine = compiled(kChannel, false);
  std::vector<Contender> race_of = {
      {"sluice", [&] { require(is_accepted(program, content), "sluice refuses the channel"); }},
      {"toy interpreter", [&] { require(check_by_toy(content), "the toy refuses the channel"); }},
      {"hand-written", [&] { require(check_by_hand(content), "the hand-written checker refuses the channel"); }},
  };
  race(race_of, setting.rounds);
  std::vector<Contender> alone = {
      {"sluice without the scan", [&] { require(is_accepted(machine, content), "the machine refuses the channel"); }},
  };
  race(alone, std::min(setting.rounds, 3));
  const double ours = race_of[0].best;
  for (const Contender& c : race_of) print_speed(c.name, content.size(), c.best);
  print_speed(alone[0].name, content.size(), alone[0].best,
              fmt::format("{:.1f} x slower than with it", alone[0].best / ours));
  print_target("speed, of the toy interpreter's", race_of[1].best / ours, "x", 1.05);
  print_speed("aim", content.size(), race_of[2].best * 2,
              fmt::format("half of the hand-written speed; now {:.2f} of it", race_of[2].best / ours));
}

}  // namespace sluice::bench
