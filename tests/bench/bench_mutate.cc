// Mutation and repair alone: one input, changed again and again, as an engine does.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "fuzz/mutate/mutator.h"
#include "tests/bench/bench.h"
#include "tests/bench/content.h"
#include "tests/bench/measure.h"

namespace sluice::bench {

namespace {

constexpr std::uint64_t kMutations = 100'000;

Bytes read_content(const std::string& path) {
  std::error_code problem;
  Bytes bytes(std::filesystem::file_size(path, problem));
  std::FILE* file = std::fopen(path.c_str(), "rb");
  require(!problem && file != nullptr && std::fread(bytes.data(), 1, bytes.size(), file) == bytes.size(), path);
  std::fclose(file);
  return bytes;
}

}  // namespace

void bench_mutate(const Setting& setting) {
  const std::string source = SLUICE_SOURCE;
  require(run_program({"python3", "-B", source + "/corpus/channel/generate.py", setting.folder}).exit_code == 0,
          "corpus/channel/generate.py");
  std::vector<std::string> problems;
  const auto format = mutate::Format::load({.schema = source + "/schemas/channel.ksy",
                                            .rules = source + "/schemas/channel.rules.yaml",
                                            .driver = source + "/schemas/sensor.driver.yaml"},
                                           problems);
  require(format != nullptr, problems.empty() ? "schemas/channel.ksy" : problems.front());
  for (const char* name : {"wildcard_only", "good_mixed"}) {
    const Bytes content = read_content(setting.folder + "/" + name + ".bin");
    mutate::Mutator mutator(*format);
    Bytes buffer(4096);
    std::uint64_t seed = 0;
    std::uint64_t changed = 0;
    std::vector<Contender> contenders{
        {name, [&] {
           for (std::uint64_t i = 0; i < kMutations; ++i) {
             std::copy(content.begin(), content.end(), buffer.begin());
             const std::size_t size = mutator.mutate(buffer.data(), content.size(), buffer.size(), ++seed);
             changed += size != content.size() || !std::equal(content.begin(), content.end(), buffer.begin());
           }
         }}};
    race(contenders, setting.rounds);
    require(changed * 100 > seed * 99, "mutations change their input");
    const double rate = kMutations / contenders[0].best;
    fmt::print("  {}: {} bytes, {:.2f} us a mutation\n", name, content.size(), 1e6 / rate);
    print_target(fmt::format("mutations a second, one core, {}", name), rate, "", 500'000);
  }
}

}  // namespace sluice::bench
