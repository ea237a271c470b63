// What events of a template type are like: how many inputs, of which kinds.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "validator/program/builds.h"
#include "validator/run/event.h"
#include "validator/run/uses.h"

namespace sluice::run {

struct Shape {
  std::string name;                             // empty: nobody said
  std::vector<std::optional<InputKind>> kinds;  // none: nobody said
};

class Shapes {
 public:
  // The target's own description counts: of a type that it leaves out the build has no events. Without one, events are
  // as long as the build defines, and as the content uses.
  Shapes(std::span<const DescribedType> described, const program::BuildFacts& facts, const Uses& uses);

  // Null: there are no events of the type.
  [[nodiscard]] const Shape* find(std::uint32_t type) const;
  [[nodiscard]] const std::map<std::uint32_t, Shape>& all() const { return shapes_; }

 private:
  void reach(Integer type, Integer inputs, bool is_new);

  std::map<std::uint32_t, Shape> shapes_;
};

// As an index of events. Empty: no event can be of this type.
[[nodiscard]] std::optional<std::uint32_t> event_type(Integer type);

// An event in which every input of known kind has a value that nobody looks for.
[[nodiscard]] Event plain_event(std::uint32_t type, const Shape& shape, Values& values);

}  // namespace sluice::run
