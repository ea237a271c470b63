#include "validator/run/search.h"

#include <algorithm>
#include <set>

#include "validator/run/variants.h"

namespace sluice::run {

namespace {

constexpr std::size_t kMostValues = 24;  // of one input
constexpr int kMostRounds = 64;          // as many as an instance of the reference format has criteria

}  // namespace

Attempt::Attempt(const Instance& instance, const Shape& shape, std::uint32_t type, Values& values)
    : instance_(&instance), event_(plain_event(type, shape, values)) {
  for (const Criterion& criterion : instance.criteria) {
    const bool is_there = 0 <= criterion.input && criterion.input < static_cast<Integer>(event_.inputs.size());
    // What no event can have is looked for in vain, in a slot that no event uses.
    const auto input = is_there ? static_cast<std::uint32_t>(criterion.input) : kAbsent;
    auto slot = std::ranges::find(slots_, input, &Slot::input);
    if (slot == slots_.end()) slot = slots_.insert(slots_.end(), {input, {}});
    slot_of_.push_back(static_cast<std::size_t>(slot - slots_.begin()));
    if (!is_there) continue;
    for (const Candidate& candidate : criterion.candidates) {
      for (InputValue& value : as_inputs(candidate, shape.kinds[input])) {
        const std::uint32_t index = values.add(std::move(value));
        const bool is_known = std::ranges::find(slot->values, index) != slot->values.end();
        if (!is_known && slot->values.size() < kMostValues) slot->values.push_back(index);
      }
    }
    if (!slot->values.empty()) event_.inputs[input] = slot->values.front();
  }
}

const std::vector<std::uint32_t>& Attempt::values_of(std::size_t criterion) const {
  return slots_[slot_of_[criterion]].values;
}

std::uint32_t Attempt::chosen(std::size_t criterion) const {
  const std::uint32_t input = slots_[slot_of_[criterion]].input;
  return input == kAbsent ? kAbsent : event_.inputs[input];
}

Event Attempt::with(std::size_t criterion, std::uint32_t value) const {
  Event event = event_;
  const std::uint32_t input = slots_[slot_of_[criterion]].input;
  if (input != kAbsent) event.inputs[input] = value;
  return event;
}

std::vector<Event> Attempt::next() {
  std::vector<Event> events;
  // Nothing came to it at all, or to all of it: values of its own change neither.
  if (progress_ == 0 || progress_ == slot_of_.size() || tried_ == progress_ + 1) return events;
  tried_ = progress_ + 1;
  const std::size_t blocker = progress_ - 1;
  for (const std::uint32_t value : values_of(blocker)) {
    if (value != chosen(blocker)) events.push_back(with(blocker, value));
  }
  return events;
}

void Attempt::learn(const Event& event, std::span<const Reached> reached) {
  std::set<std::uint32_t> mine;
  for (const Reached& row : reached) {
    if (row.instance == instance_->number) mine.insert(row.criterion);
  }
  std::size_t progress = 0;
  while (progress < instance_->criteria.size() && mine.contains(instance_->criteria[progress].number)) ++progress;
  if (progress <= progress_) return;
  progress_ = progress;
  event_ = event;
}

std::vector<Attempt> attempts_for(const Uses& uses, const Shapes& shapes, Values& values) {
  std::vector<Attempt> attempts;
  for (const Instance& instance : uses.instances) {
    const auto type = instance.type ? event_type(*instance.type) : std::nullopt;
    const Shape* shape = type ? shapes.find(*type) : nullptr;
    if (shape != nullptr) attempts.emplace_back(instance, *shape, *type, values);
  }
  return attempts;
}

bool search(std::vector<Attempt>& attempts, Evaluation& evaluation) {
  std::vector<Asked> asked;
  std::vector<std::size_t> owners;  // of what is asked
  const auto add = [&](std::size_t owner, Event event) {
    const Instance& instance = attempts[owner].instance();
    const std::size_t aim = std::min(attempts[owner].progress(), instance.criteria.size() - 1);
    asked.push_back({std::move(event), Spot{instance.number, instance.criteria[aim].number}, {}});
    owners.push_back(owner);
  };
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    if (!attempts[i].instance().criteria.empty()) add(i, attempts[i].event());
  }
  for (int round = 0; round < kMostRounds && !asked.empty(); ++round) {
    const auto tell = [&](std::size_t index, std::span<const Reached> reached) {
      attempts[owners[index]].learn(asked[index].event, reached);
    };
    if (!evaluation.ask(asked, {.trace = true, .poisons = 1, .leaks = false}, tell)) return false;
    asked.clear();
    owners.clear();
    for (std::size_t i = 0; i < attempts.size(); ++i) {
      for (Event& event : attempts[i].next()) add(i, std::move(event));
    }
  }
  return true;
}

}  // namespace sluice::run
