// Whose turn it is: by share, and by where coverage still grows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace sluice::farm {

// Each lane has a weight: its share, up to four times that while its last turns found something new. The turn goes to
// the lane that has used least for its weight; a lane that has had none comes first. So none starves: even where all
// others grow it has a quarter of its share. The same turns with the same outcome give the same order.
class Schedule {
 public:
  static constexpr double kMostGrowth = 3;

  struct Lane {
    double share = 1;
    std::uint64_t turns = 0;    // those that run now included
    double used = 0;            // by weight
    double growth = 0;          // 0 to kMostGrowth
    std::uint64_t running = 0;  // turns
    bool is_left_out = false;   // it cannot be fuzzed, or keeps failing
    [[nodiscard]] double weight() const { return share * (1 + growth); }
  };

  // `most_turns` of each; 0: no limit.
  Schedule(std::vector<Lane> lanes, std::uint64_t most_turns) : lanes_(std::move(lanes)), most_turns_(most_turns) {}

  // None: all have had their turns, or are left out.
  [[nodiscard]] std::optional<std::size_t> next() const;

  // A turn that will cost about so much, in seconds or executions. Returns what `end` and `fail` want back.
  [[nodiscard]] double begin(std::size_t lane, double expected);
  // What it did cost, and how much new it found: blocks, and contents of the corpus.
  void end(std::size_t lane, double charged, double cost, std::uint64_t blocks, std::uint64_t contents);
  // It came to nothing, and counts as if it had never been.
  void fail(std::size_t lane, double charged);
  void leave_out(std::size_t lane) { lanes_[lane].is_left_out = true; }

  [[nodiscard]] const std::vector<Lane>& lanes() const { return lanes_; }
  // Lanes that have had no turn and are to have one.
  [[nodiscard]] std::size_t num_waiting() const;

 private:
  std::vector<Lane> lanes_;
  std::uint64_t most_turns_;
};

}  // namespace sluice::farm
