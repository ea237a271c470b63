#include "fuzz/engine/blame_search.h"

#include <utility>

#include "fuzz/engine/blame.h"

namespace sluice::engine {

namespace {

constexpr auto kPatience = std::chrono::seconds(20);

}  // namespace

BlameSearch::BlameSearch(const Options& options, const BuildOptions& build, ChildPlan plan,
                         std::vector<std::uint8_t> input, const Fault& fault)
    : build_(build),
      plan_(std::move(plan)),
      input_(std::move(input)),
      is_refusal_(fault.is_refusal != 0),
      finder_(options, build, 0) {
  plan_.blamed = input_;
  plan_.blamed_fault = hash_of(fault);
}

std::optional<std::string> BlameSearch::look() {
  if (!has_begun_) {
    has_begun_ = true;
    std::string problem;
    if (input_.empty() || is_refusal_ || !finder_.start(plan_, problem)) return std::string();
    until_ = Clock::now() + kPatience;
  }
  (void)finder_.look();
  if (finder_.is_running() && Clock::now() < until_) return std::nullopt;
  finder_.kill();
  return found();
}

std::string BlameSearch::found() {
  const bool is_found = finder_.state() == Job::State::done && finder_.shared().has_blame != 0;
  return is_found ? blame_text(finder_.shared().blame) : refused_field(*build_.format, input_);
}

}  // namespace sluice::engine
