// Features as text that outlives an edit of the schema: by names and values, never by a place in it.
//
//   structure channel::criterion       the structure is there
//   field channel.extra                the field is there, where it need not be
//   value channel::criterion.op=3      the field holds this value of its enum
//   choice channel::row.body=2         of its switch's cases, the one of this constant, or written so (`_`)
//   choice channel::row.body           none of its switch's cases
//   template_type 3                    named by a use of the rules
//   input template_type=3 input=20     dereferenced by a use of the rules
//
// A type, field or case that is given another name is another; a value of an enum stays the same under another label.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
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
  [[nodiscard]] std::string name_of_structure(std::uint32_t type) const;
  // All that `usage` has, sorted.
  [[nodiscard]] std::vector<std::string> names_of(const Usage& usage) const;

  // Of this schema; none: it has no such thing, or no feature has this name.
  [[nodiscard]] std::optional<Feature> feature(std::string_view name) const;
  [[nodiscard]] std::optional<std::uint32_t> structure(std::string_view name) const;

  // Adds the feature or structure of this name to what older files use; what the schema does not have is skipped.
  // False: the budget of `usage` is at its end.
  [[nodiscard]] bool add(std::string_view name, Usage& usage) const;

 private:
  using Field = std::pair<std::uint32_t, std::uint32_t>;  // type and member

  [[nodiscard]] std::string field_of(const Feature& feature) const;
  [[nodiscard]] std::string case_of(const Feature& feature) const;
  [[nodiscard]] std::optional<Feature> choice(const Field& field, std::optional<std::string_view> text) const;

  const program::Program& program_;
  const Plan& plan_;
  std::map<std::string, std::uint32_t, std::less<>> types_;
  std::map<std::string, Field, std::less<>> fields_;
};

}  // namespace sluice::difference
