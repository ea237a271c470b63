#include "validator/run/shape.h"

#include <algorithm>

#include "validator/run/variants.h"

namespace sluice::run {

namespace {

constexpr Integer kMostInputs = 1024;

}  // namespace

Shapes::Shapes(std::span<const DescribedType> described, const program::BuildFacts& facts, const Uses& uses) {
  for (const DescribedType& type : described) {
    Shape& shape = shapes_[type.type];
    shape.name = type.name;
    shape.kinds.assign(type.inputs.begin(), type.inputs.end());
  }
  const bool is_open = described.empty();
  for (const auto& [type, inputs] : facts.defines) {
    if (is_open) reach(type, inputs, true);
  }
  for (const Instance& instance : uses.instances) {
    if (instance.type) reach(*instance.type, 0, is_open);
    for (const Criterion& criterion : instance.criteria) reach(*instance.type, criterion.input + 1, is_open);
  }
}

void Shapes::reach(Integer type, Integer inputs, bool is_new) {
  const auto index = event_type(type);
  if (!index || (!is_new && !shapes_.contains(*index))) return;
  auto& kinds = shapes_[*index].kinds;
  if (inputs <= kMostInputs && static_cast<Integer>(kinds.size()) < inputs)
    kinds.resize(static_cast<std::size_t>(inputs));
}

const Shape* Shapes::find(std::uint32_t type) const {
  const auto found = shapes_.find(type);
  return found == shapes_.end() ? nullptr : &found->second;
}

std::optional<std::uint32_t> event_type(Integer type) {
  if (type < 0 || type > Integer{0xFFFFFFFF}) return std::nullopt;
  return static_cast<std::uint32_t>(type);
}

Event plain_event(std::uint32_t type, const Shape& shape, Values& values) {
  Event event{type, {}};
  for (const auto& kind : shape.kinds) {
    event.inputs.push_back(kind && *kind != InputKind::absent ? values.add(plain_value(*kind)) : kAbsent);
  }
  return event;
}

}  // namespace sluice::run
