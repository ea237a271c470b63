#include "fuzz/engine/weigher.h"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::engine {

namespace {

constexpr std::uint32_t kMostRestarts = 1000;

}  // namespace

std::string Weigher::problem() const {
  const std::string& why = problem_.empty() ? job_.problem() : problem_;
  return why.empty() ? why : fmt::format("build {}: {}", build_.name, why);
}

void Weigher::begin(const Batch& batch) {
  batch_ = &batch;
  is_new_.assign(batch.inputs().size(), 0);
  nanoseconds_.assign(batch.inputs().size(), 0);
  hand_over(batch, 0);
}

void Weigher::hand_over(const Batch& batch, std::size_t first) {
  Weighing& weighing = job_.shared().weighing;
  const auto inputs = batch.inputs().subspan(first);
  std::ranges::copy(batch.bytes_from(first), weighing.bytes);
  std::ranges::transform(inputs, weighing.sizes, &Batch::Input::size);
  weighing.num_asked = static_cast<std::uint32_t>(inputs.size());
  weighing.num_done = 0;
  first_ = first;
  job_.ask();
}

// How many inputs are done since then, whatever the child says: it may have written anything.
std::size_t Weigher::take_answers(std::size_t first) {
  const Weighing& weighing = job_.shared().weighing;
  const std::size_t done = std::min<std::size_t>(weighing.num_done, batch_->inputs().size() - first);
  for (std::size_t i = 0; i < done; ++i) {
    nanoseconds_[first + i] = weighing.nanoseconds[i];
    if (weighing.is_new[i] == 0) continue;
    const Batch::Input& input = batch_->inputs()[first + i];
    is_new_[first + i] = 1;
    news_.push_back({input.name, input.size});
  }
  return done;
}

bool Weigher::end() {
  const std::size_t count = batch_->inputs().size();
  for (;;) {
    std::string ended;
    const bool is_answered = job_.wait(ended, &is_asked_to_end_);
    if (!job_.problem().empty()) return false;
    const std::size_t next = first_ + take_answers(first_);
    if (is_asked_to_end_) return false;
    if (is_answered && next == count) return true;
    if (is_answered) problem_ = "the target's process leaves inputs out";
    // What it ended on is done with.
    if (!problem_.empty() || !recover()) return false;
    if (next + 1 >= count) return true;
    hand_over(*batch_, next + 1);
  }
}

bool Weigher::recover() {
  while (!is_asked_to_end_) {
    if (job_.restarts() > kMostRestarts) {
      problem_ = fmt::format("the target ended {} times", kMostRestarts);
      return false;
    }
    if (!job_.is_ready()) return false;
    if (remember()) return true;
  }
  return false;
}

// False: it ended. What it ended on this time is not run again.
bool Weigher::remember() {
  Batch batch;
  for (std::size_t from = 0; from < news_.size();) {
    batch.clear();
    std::size_t to = from;
    while (to < news_.size() && batch.take(folder_, news_[to].name, news_[to].size)) ++to;
    from = to;
    if (batch.inputs().empty()) continue;
    hand_over(batch, 0);
    std::string ended;
    if (!job_.wait(ended, &is_asked_to_end_)) {
      const std::size_t at = std::min<std::size_t>(job_.shared().weighing.num_done, batch.inputs().size() - 1);
      std::erase_if(news_, [&](const Known& known) { return known.name == batch.inputs()[at].name; });
      return false;
    }
  }
  return true;
}

}  // namespace sluice::engine
