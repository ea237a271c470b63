#include "validator/run/final_events.h"

#include <set>

#include "validator/run/variants.h"

namespace sluice::run {

namespace {

constexpr std::size_t kMostMatching = 8;
constexpr std::size_t kMostEvents = 200'000;  // of one file

class Maker {
 public:
  Maker(const Shapes& shapes, Values& values) : shapes_(shapes), values_(values) {}

  void add_criterion(const Attempt& attempt, std::size_t k) {
    const Spot aim{attempt.instance().number, attempt.instance().criteria[k].number};
    add(attempt.event(), aim);
    const std::uint32_t chosen = attempt.chosen(k);
    const auto& matching = attempt.values_of(k);
    for (std::size_t i = 0; i < matching.size() && i < kMostMatching; ++i) add(attempt.with(k, matching[i]), aim);
    if (chosen != kAbsent) {
      const InputValue value = values_[chosen];
      for (InputValue& other : near(value)) add(attempt.with(k, values_.add(std::move(other))), aim);
      add(attempt.with(k, values_.add(longest(value))), aim);
    }
    add(attempt.with(k, kAbsent), aim);
  }

  // All inputs in each guise.
  void add_type(std::uint32_t type) {
    const Shape* shape = shapes_.find(type);
    if (shape == nullptr) return;
    const Event plain = plain_event(type, *shape, values_);
    Event absent = plain;
    Event least = plain;
    Event most = plain;
    for (std::size_t i = 0; i < plain.inputs.size(); ++i) {
      absent.inputs[i] = kAbsent;
      if (plain.inputs[i] == kAbsent) continue;
      const InputValue value = values_[plain.inputs[i]];
      least.inputs[i] = values_.add(least_value(value.kind));
      most.inputs[i] = values_.add(longest(value));
    }
    for (Event* event : {&absent, &least, &most}) add(std::move(*event), std::nullopt);
    add(plain, std::nullopt);
  }

  std::vector<Asked> take() { return std::move(asked_); }
  [[nodiscard]] std::uint64_t cut() const { return cut_; }

 private:
  void add(Event event, std::optional<Spot> aim) {
    if (known_.contains(event)) return;
    if (asked_.size() >= kMostEvents) {
      ++cut_;
      return;
    }
    known_.insert(event);
    asked_.push_back({std::move(event), aim, {}});
  }

  const Shapes& shapes_;
  Values& values_;
  std::vector<Asked> asked_;
  std::set<Event> known_;
  std::uint64_t cut_ = 0;
};

}  // namespace

std::vector<Asked> events_for(const std::vector<Attempt>& attempts, const Shapes& shapes, Values& values,
                              std::uint64_t& cut) {
  Maker maker(shapes, values);
  std::set<std::uint32_t> types;
  for (const Attempt& attempt : attempts) {
    for (std::size_t k = 0; k < attempt.instance().criteria.size(); ++k) maker.add_criterion(attempt, k);
    types.insert(attempt.event().type);
  }
  for (const std::uint32_t type : types) maker.add_type(type);
  cut = maker.cut();
  return maker.take();
}

std::vector<Asked> generic_events(const Shapes& shapes, Values& values) {
  Maker maker(shapes, values);
  for (const auto& [type, shape] : shapes.all()) maker.add_type(type);
  return maker.take();
}

}  // namespace sluice::run
