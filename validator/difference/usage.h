// What a content file makes use of, in the schema's words: the paths through a driver that it takes.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "validator/difference/budget.h"
#include "validator/difference/place.h"
#include "validator/difference/plan.h"
#include "validator/program/session.h"

namespace sluice::difference {

struct Feature {
  enum class Kind : std::uint8_t {
    value,          // the field holds this value of its enum: `a`
    template_type,  // a use names the template type `a`
    input,          // a use dereferences input `b` of the template type `a`
    field,          // the field is there, where it need not be
    choice,         // the field is of this case of its switch: `a`, or -1 if of none
  };
  Kind kind = Kind::value;
  std::uint32_t type = 0;  // and member: the field; not of template types and inputs
  std::uint32_t member = 0;
  Integer a = 0;
  Integer b = 0;
  friend auto operator<=>(const Feature&, const Feature&) = default;
};

// Who is told of each use as the tree is walked, in the order of the file.
class UsageSink {
 public:
  virtual ~UsageSink() = default;
  // `cause`: what must be new if this is, and is then told instead. False: the budget is at its end.
  [[nodiscard]] virtual bool use(const Feature& feature, const Spot& spot, const Feature* cause) = 0;
  virtual void structure(std::uint32_t type) = 0;
};

// Walks everything that was read, instances too. False: a value cannot be computed or a limit is reached, and `failure`
// says so.
[[nodiscard]] bool survey(program::Session& session, const Plan& plan, Budget& budget, UsageSink& sink,
                          std::optional<Finding>& failure);

// What older files use, all together.
class Usage final : public UsageSink {
 public:
  Usage(const program::Program& program, Budget& budget) : budget_(budget), types_(program.full.types.size(), false) {}

  [[nodiscard]] bool use(const Feature& feature, const Spot& spot, const Feature* cause) override;
  void structure(std::uint32_t type) override { types_[type] = true; }
  // What is known of older files without having them. False: the budget is at its end.
  [[nodiscard]] bool add(const Feature& feature);
  // As if each structure had been there, so that all that is new in one is told, and not that the structure is.
  void know_structures() { types_.assign(types_.size(), true); }

  // Why `use` was false.
  [[nodiscard]] const std::optional<Finding>& failure() const { return budget_.failure(); }

  [[nodiscard]] bool has(const Feature& feature) const { return features_.contains(feature); }
  [[nodiscard]] bool has_structure(std::uint32_t type) const { return types_[type]; }
  [[nodiscard]] const std::set<Feature>& features() const { return features_; }

 private:
  Budget& budget_;
  std::set<Feature> features_;
  std::vector<bool> types_;
};

}  // namespace sluice::difference
