// One content file on one driver build: asking the worker, and what came of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "validator/run/worker.h"

namespace sluice::run {

// By the numbers of `Uses`.
struct Spot {
  std::uint32_t instance = 0;
  std::uint32_t criterion = 0;
  friend auto operator<=>(const Spot&, const Spot&) = default;
};

// An event, and what it was made for.
struct Asked {
  Event event;
  std::optional<Spot> aim;
  std::optional<std::uint32_t> number = {};  // in a file of events
};

// What was found out. `asked` is absent where it came about without an event.
struct Outcome {
  struct FaultAt {
    Fault fault;
    std::optional<Asked> asked;
  };
  struct RefusalAt {
    std::uint32_t code = 0;
    Asked asked;
    std::optional<Spot> last;  // that the driver came to
  };
  struct DisagreementAt {
    Disagreement told;
    std::optional<Asked> asked;
  };

  std::optional<std::uint32_t> load_refused;  // with this code
  std::vector<FaultAt> faults;                // each once
  std::vector<RefusalAt> refusals;            // each code and place once
  std::vector<DisagreementAt> disagreements;  // of load, and the first of an event
  std::vector<Leak> leaks;                    // each once
  std::set<Spot> reached;
  std::uint64_t untold = 0;                          // events that came to more than the worker could tell
  std::map<std::uint32_t, std::uint64_t> evaluated;  // events by template type
  std::uint64_t faulted = 0;                         // events that did not come to their end
  std::uint64_t events_cut = 0;                      // events that were not made
  std::uint64_t left_out = 0;                        // events that were not asked after too many faults
  std::string problem;                               // the worker failed; nothing more was asked

  [[nodiscard]] bool is_loaded() const { return has_loaded && !load_refused; }
  bool has_loaded = false;
  // A mistake of the adapter, or a kernel function that it lacks: nothing was learnt about the driver.
  [[nodiscard]] bool is_unusable() const;
};

class Evaluation {
 public:
  // All are aliased. `criteria`: how many the content has, so that an answer does not get too long.
  Evaluation(Worker& worker, Content& content, const Values& values, std::uint64_t criteria, Outcome& outcome)
      : worker_(worker), content_(content), values_(values), criteria_(criteria), outcome_(outcome) {}

  // What an event came to, by its index in `asked`.
  using Tell = std::function<void(std::size_t index, std::span<const Reached> reached)>;

  // What each event came to, by its index in `asked`: null where it ended in a fault.
  using Watch = std::function<void(std::size_t index, const Asked& asked, const Result* result)>;
  void watch(Watch watch) { watch_ = std::move(watch); }

  // Asks all, in as many requests as it takes; none at all only loads. After a fault it goes on behind the event that
  // made it, without those of the same aim. False: it is of no use to ask more.
  bool ask(std::span<const Asked> asked, const RunOptions& options, const Tell& tell = {});

 private:
  using Indices = std::vector<std::size_t>;
  [[nodiscard]] std::size_t batch_size(std::span<const Asked> asked, const RunOptions& options) const;
  bool take(const RunAnswer& answer, std::span<const Asked> batch);
  void tell_watch(const RunAnswer& answer, std::span<const Asked> batch, std::span<const std::size_t> indices) const;
  void take_fault(const Fault& fault, std::span<const Asked> batch);
  void take_results(const RunAnswer& answer, std::span<const Asked> batch);
  void take_oracles(const RunAnswer& answer, std::span<const Asked> batch);

  Worker& worker_;
  Content& content_;
  const Values& values_;
  const std::uint64_t criteria_;
  Outcome& outcome_;
  std::uint64_t fault_count_ = 0;
  std::size_t most_events_ = 1024;  // of one request; fewer where an answer was not complete
  Watch watch_;
};

}  // namespace sluice::run
