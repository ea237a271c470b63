#include "fuzz/platform/driver.h"

#include <memory>
#include <string>

#include "fuzz/engine/adapter.h"
#include "fuzz/engine/counters.h"
#include "fuzz/engine/execution.h"
#include "fuzz/engine/lib_fuzzer.h"
#include "fuzz/engine/lit.h"
#include "fuzz/engine/mutation.h"
#include "fuzz/engine/parents.h"
#include "fuzz/mutate/features.h"
#include "fuzz/mutate/tree.h"
#include "fuzz/platform/beside.h"
#include "fuzz/platform/end.h"
#include "fuzz/platform/fatal_host.h"

namespace sluice::platform {

namespace {

class DriverFuzzer {
 public:
  explicit DriverFuzzer(Beside beside)
      : beside_(std::move(beside)), features_(*beside_.format), tree_(*beside_.format), counters_(features_.size()) {}

  [[nodiscard]] image::Parsed<void> start();
  void run(std::span<const std::uint8_t> input);
  [[nodiscard]] engine::Mutation& mutation() { return *mutation_; }

 private:
  [[nodiscard]] bool mark_features(std::span<const std::uint8_t> content);
  static void end_if_wrong(const engine::Execution::Result& result) {
    if (result.num_faults != 0) end_with_report(result.faults[0], {});
  }

  Beside beside_;
  engine::Memory memory_;
  engine::Pulse pulse_{};
  std::unique_ptr<engine::Host> host_;
  std::unique_ptr<engine::Execution> execution_;
  std::unique_ptr<engine::Exploration> exploration_;
  std::unique_ptr<engine::Mutation> mutation_;
  engine::Parents parents_;
  mutate::Features features_;
  mutate::Tree tree_;
  std::vector<std::uint8_t> counters_;  // of features
  engine::Lit lit_;
};

DriverFuzzer* fuzzer = nullptr;

image::Parsed<void> DriverFuzzer::start() {
  if (!memory_.map()) return std::unexpected(std::string("there is no memory for what the driver is given"));
  memory_.content.arm();
  memory_.events.arm();
  memory_.arrays.arm();
  engine::on_adapter_mistake(cannot_run);
  auto host = open_host(beside_.files, memory_);
  if (!host) return std::unexpected(host.error());
  host_ = std::move(*host);
  memory_.arrays.begin_request(beside_.files.supplies);
  execution_ = std::make_unique<engine::Execution>(*host_, memory_, pulse_);
  if (auto started = execution_->start(); !started) return started;
  exploration_ = std::make_unique<engine::Exploration>(*beside_.format, execution_->types());
  mutation_ = std::make_unique<engine::Mutation>(*beside_.format, execution_->types(), parents_);
  engine::register_counters(host_->counters());
  engine::register_counters(counters_);
  return {};
}

// Whether the content, which the driver accepted, has something in it that none before had.
bool DriverFuzzer::mark_features(std::span<const std::uint8_t> content) {
  tree_.parse(content);
  features_.mark(tree_, counters_);
  return lit_.add(counters_) != 0;
}

void DriverFuzzer::run(std::span<const std::uint8_t> input) {
  if (input.size() > engine::kMaxInput) return;
  const engine::Execution::Result result = execution_->run(input);
  end_if_wrong(result);
  engine::end_counters()[result.is_accepted ? 1 : 2] = 1;
  if (result.is_accepted) {
    const std::span<const std::uint8_t> content = bytes::content_part(input);
    if (mark_features(content) || result.has_new_block) {
      parents_.add(input);
      std::vector<run::Reached> reached;
      end_if_wrong(execution_->explore(content, *exploration_, reached));
    }
  }
  engine::hand_counters_over();
}

}  // namespace

void start_driver(const std::string& document, const std::string& build) {
  std::string why;
  auto beside = load_beside(document, build, why);
  if (!beside) cannot_run(why.c_str());
  fuzzer = new DriverFuzzer(std::move(*beside));  // for ever, as its target
  if (const auto started = fuzzer->start(); !started) cannot_run(started.error().c_str());
  engine::mutate_by(
      [](std::uint8_t* data, std::size_t size, std::size_t max, std::uint32_t seed) {
        return fuzzer->mutation().mutate(data, size, max, seed);
      },
      [](std::span<const std::uint8_t> first, std::span<const std::uint8_t> second, std::span<std::uint8_t> out,
         std::uint32_t seed) { return fuzzer->mutation().cross_over(first, second, out, seed); });
}

void run_driver(std::span<const std::uint8_t> input) { fuzzer->run(input); }

}  // namespace sluice::platform
