#include "fuzz/platform/driver.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <string>

#include "fuzz/engine/adapter.h"
#include "fuzz/engine/counters.h"
#include "fuzz/engine/dark_uses.h"
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
  DriverFuzzer(Beside beside, engine::Shared& shared)
      : beside_(std::move(beside)),
        shared_(shared),
        features_(*beside_.format),
        tree_(*beside_.format),
        counters_(features_.size()),
        dark_uses_(*beside_.format, features_, shared) {}

  [[nodiscard]] image::Parsed<void> start();
  void run(std::span<const std::uint8_t> input);
  std::size_t mutate(std::uint8_t* data, std::size_t size, std::size_t max, std::uint32_t seed);
  [[nodiscard]] engine::Mutation& mutation() { return *mutation_; }

 private:
  [[nodiscard]] bool mark_features(std::span<const std::uint8_t> content);
  void look_closer(std::span<const std::uint8_t> content);
  static void end_if_wrong(const engine::Execution::Result& result) {
    if (result.num_faults != 0) end_with_report(result.faults[0], {});
  }

  Beside beside_;
  engine::Memory memory_;
  engine::Shared& shared_;  // with nobody
  std::unique_ptr<engine::Host> host_;
  std::unique_ptr<engine::Execution> execution_;
  std::unique_ptr<engine::Exploration> exploration_;
  std::unique_ptr<engine::Mutation> mutation_;
  engine::Parents parents_;
  mutate::Features features_;
  mutate::Tree tree_;
  std::vector<std::uint8_t> counters_;  // of features
  engine::Lit lit_;
  engine::DarkUses dark_uses_;
  std::deque<std::vector<std::uint8_t>> next_;  // to be run before anything is mutated again
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
  execution_ = std::make_unique<engine::Execution>(*host_, memory_, shared_.pulse);
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

// Events that come to the content, and to what they did not come to when that is put first: such content is an input of
// its own, so that one which faults is kept as it is.
void DriverFuzzer::look_closer(std::span<const std::uint8_t> content) {
  constexpr std::size_t kMost = 256;
  std::vector<run::Reached> reached;
  const engine::Execution::Result result = execution_->explore(content, *exploration_, reached);
  end_if_wrong(result);
  if (!result.is_accepted) return;
  tree_.parse(content);
  dark_uses_.note(tree_, reached);
  for (std::vector<std::uint8_t>& other : dark_uses_.put_first(tree_)) {
    if (next_.size() < kMost) next_.push_back(std::move(other));
  }
}

std::size_t DriverFuzzer::mutate(std::uint8_t* data, std::size_t size, std::size_t max, std::uint32_t seed) {
  while (!next_.empty()) {
    const std::vector<std::uint8_t> made = std::move(next_.front());
    next_.pop_front();
    if (made.size() <= max) return static_cast<std::size_t>(std::ranges::copy(made, data).out - data);
  }
  return mutation_->mutate(data, size, max, seed);
}

void DriverFuzzer::run(std::span<const std::uint8_t> input) {
  if (input.size() > engine::kMaxInput) return;
  const engine::Execution::Result result = execution_->run(input);
  end_if_wrong(result);
  engine::end_counters()[result.is_accepted ? 1 : 2] = 1;
  if (result.is_accepted) {
    const std::span<const std::uint8_t> content = bytes::content_part(input);
    const bool is_new = mark_features(content) || result.has_new_block;
    const bool is_due = dark_uses_.are_due(counters_);
    if (is_new) parents_.add(input);
    if (is_new || is_due) look_closer(content);
  }
  engine::hand_counters_over();
}

}  // namespace

void start_driver(const std::string& document, const std::string& build) {
  std::string why;
  auto beside = load_beside(document, build, why);
  if (!beside) cannot_run(why.c_str());
  engine::Shared* shared = engine::map_shared();
  if (shared == nullptr) cannot_run("there is no memory for it");
  fuzzer = new DriverFuzzer(std::move(*beside), *shared);  // for ever, as its target
  if (const auto started = fuzzer->start(); !started) cannot_run(started.error().c_str());
  engine::mutate_by(
      [](std::uint8_t* data, std::size_t size, std::size_t max, std::uint32_t seed) {
        return fuzzer->mutate(data, size, max, seed);
      },
      [](std::span<const std::uint8_t> first, std::span<const std::uint8_t> second, std::span<std::uint8_t> out,
         std::uint32_t seed) { return fuzzer->mutation().cross_over(first, second, out, seed); });
}

void run_driver(std::span<const std::uint8_t> input) { fuzzer->run(input); }

}  // namespace sluice::platform
