// Events that reach every criterion of an instance, found by trying. A criterion is reached when those before it
// match; which values match is not known, so each criterion's candidates are tried, and where the driver came further
// the value stays. The same content and driver give the same events: nothing is random.
#pragma once

#include <span>
#include <vector>

#include "validator/run/evaluation.h"
#include "validator/run/shape.h"
#include "validator/run/uses.h"

namespace sluice::run {

// One instance, and a value for each input that its criteria name.
class Attempt {
 public:
  Attempt(const Instance& instance, const Shape& shape, std::uint32_t type, Values& values);

  [[nodiscard]] const Instance& instance() const { return *instance_; }
  [[nodiscard]] std::size_t progress() const { return progress_; }  // criteria that the chosen values reach, in a row

  // The event of the chosen values.
  [[nodiscard]] const Event& event() const { return event_; }
  // The same with another value for the input of the `criterion`-th criterion.
  [[nodiscard]] Event with(std::size_t criterion, std::uint32_t value) const;
  // What the criterion may be looking for: indices of values.
  [[nodiscard]] const std::vector<std::uint32_t>& values_of(std::size_t criterion) const;
  [[nodiscard]] std::uint32_t chosen(std::size_t criterion) const;

  // What to try next to get one criterion further. Empty: all are reached, or nothing is left to try.
  [[nodiscard]] std::vector<Event> next();
  // What came of it: `reached` are the rows of one event. If it came further, its values are chosen.
  void learn(const Event& event, std::span<const Reached> reached);

 private:
  struct Slot {
    std::uint32_t input = 0;
    std::vector<std::uint32_t> values;
  };

  const Instance* instance_;
  std::vector<Slot> slots_;
  std::vector<std::size_t> slot_of_;  // of each criterion
  Event event_;
  std::size_t progress_ = 0;
  std::size_t tried_ = 0;  // the progress at which everything was tried, plus one
};

// One for each instance that an event can be meant for.
[[nodiscard]] std::vector<Attempt> attempts_for(const Uses& uses, const Shapes& shapes, Values& values);

// Tries until no attempt gets further. False: it is of no use to ask more.
bool search(std::vector<Attempt>& attempts, Evaluation& evaluation);

}  // namespace sluice::run
