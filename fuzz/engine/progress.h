// A campaign's way, for plots.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sluice::engine {

// How far a campaign was after so many executions.
struct ProgressPoint {
  std::uint64_t executions = 0;
  std::uint64_t blocks = 0;
  std::uint64_t corpus = 0;  // seeds included
};

// Points at even distances in time. When there are too many, every other one is dropped and the distance doubles.
class Progress {
 public:
  static constexpr std::size_t kMost = 200;

  void add(const ProgressPoint& point);
  // The last one, however near to the one before.
  void end(const ProgressPoint& point);
  [[nodiscard]] const std::vector<ProgressPoint>& points() const { return points_; }

 private:
  std::vector<ProgressPoint> points_;
  std::size_t distance_ = 1;
  std::size_t passed_ = 0;  // since the last one that was kept
};

}  // namespace sluice::engine
