// Where something stands in a tree.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validator/difference/plan.h"
#include "validator/program/session.h"

namespace sluice::difference {

struct Spot {
  program::Object* object = nullptr;
  std::optional<std::uint32_t> member = {};   // of it; none: the structure itself
  std::optional<std::uint64_t> element = {};  // of the member, where it repeats
};

// `instances[1].criteria[20].input`: the path that findings have.
[[nodiscard]] std::string path_of(const Spot& spot);

[[nodiscard]] std::optional<ByteRange> bytes_of(const program::Session& session, const Spot& spot);

// The records around it by their keys, outermost first: `instances[1] (id 4711)`.
[[nodiscard]] std::vector<std::string> trail_of(program::Session& session, const Plan& plan, const Spot& spot);

// `criterion.op`: the field, wherever its structure stands.
[[nodiscard]] std::string field_name(const program::Program& program, std::uint32_t type, std::uint32_t member);

}  // namespace sluice::difference
