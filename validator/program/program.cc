#include "validator/program/program.h"

#include <algorithm>

namespace sluice::program {

const EnumInfo::Label* EnumInfo::find(Integer value) const {
  const auto at = std::lower_bound(labels.begin(), labels.end(), value,
                                   [](const Label& label, Integer v) { return label.value < v; });
  return at != labels.end() && at->value == value ? &*at : nullptr;
}

const Place* Code::place_of(std::uint32_t pc) const {
  // The innermost: of those that hold `pc`, the one that begins last.
  auto at = std::upper_bound(places.begin(), places.end(), pc,
                             [](std::uint32_t p, const Place& place) { return p < place.begin; });
  while (at != places.begin()) {
    --at;
    if (pc < at->end) return &*at;
  }
  return nullptr;
}

std::uint32_t Program::add_constant(Value value) {
  constants.push_back(value);
  return static_cast<std::uint32_t>(constants.size() - 1);
}

std::uint32_t Program::add_text(std::string_view text, Tag tag) {
  pool.push_back(std::make_unique<std::string>(text));
  const std::string& kept = *pool.back();
  return add_constant(Value::bytes({reinterpret_cast<const std::uint8_t*>(kept.data()), kept.size()}, tag));
}

}  // namespace sluice::program
