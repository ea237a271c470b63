// Features as text that outlives an edit of the schema: by names and values, never by a place in it.
//
//   field channel.extra                the field is there, where it need not be
//   value channel::criterion.op=3      the field holds this value of its enum
//   choice channel::row.body=2         of its switch's cases, the one of this constant, or written so (`_`)
//   choice channel::row.body           none of its switch's cases
//   template_type 3                    named by a use of the rules
//   input template_type=3 input=20     dereferenced by a use of the rules
//
// A type, field or case that is given another name is another; a value of an enum stays the same under another label.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "validator/difference/plan.h"
#include "validator/difference/usage.h"
#include "validator/program/program.h"

namespace sluice::difference {

class FeatureNames {
 public:
  // Both are aliased.
  FeatureNames(const program::Program& program, const Plan& plan);

  [[nodiscard]] std::string name_of(const Feature& feature) const;
  // All of `usage`, sorted.
  [[nodiscard]] std::vector<std::string> names_of(const Usage& usage) const;

  // Of this schema; none: it has no such thing, or no feature has this name.
  [[nodiscard]] std::optional<Feature> feature(std::string_view name) const;

  // Adds the features of these names to what older files use; what the schema does not have is skipped. All structures
  // count as known, whatever their types are called now: nothing hides behind one that is not. False: the budget of
  // `usage` is at its end.
  template <std::ranges::input_range Names>
  [[nodiscard]] bool add(const Names& names, Usage& usage) const {
    usage.know_structures();
    return std::ranges::all_of(names, [&](std::string_view name) {
      const auto known = feature(name);
      return !known || usage.add(*known);
    });
  }

 private:
  using Field = std::pair<std::uint32_t, std::uint32_t>;  // type and member

  [[nodiscard]] std::string field_of(const Feature& feature) const;
  [[nodiscard]] std::string case_of(const Feature& feature) const;
  [[nodiscard]] std::optional<Feature> choice(const Field& field, std::optional<std::string_view> text) const;

  const program::Program& program_;
  const Plan& plan_;
  std::map<std::string, Field, std::less<>> fields_;
};

}  // namespace sluice::difference
