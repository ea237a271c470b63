#include "fuzz/engine/progress.h"

namespace sluice::engine {

void Progress::add(const ProgressPoint& point) {
  if (++passed_ < distance_) return;
  passed_ = 0;
  points_.push_back(point);
  if (points_.size() < kMost) return;
  for (std::size_t k = 0; 2 * k + 1 < points_.size(); ++k) points_[k] = points_[2 * k + 1];
  points_.resize(points_.size() / 2);
  distance_ *= 2;
}

void Progress::end(const ProgressPoint& point) { points_.push_back(point); }

}  // namespace sluice::engine
