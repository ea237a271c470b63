// A rule, or a bound of a field, that would have kept a fault out: the weakest of its kind that refuses what faults and
// accepts all that is known to be good. Only ever suggested.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/oracle.h"
#include "fuzz/explain/effects.h"
#include "fuzz/mutate/format.h"

namespace sluice::suggest {

struct Evidence {
  std::vector<std::vector<std::uint8_t>> good;     // contents that no build faults on
  std::vector<std::vector<std::uint8_t>> crashes;  // others of the same identity; the rule is to refuse them too
};

struct SuggestInput {
  std::string schema_text;  // of the files below, as they are
  std::string rules_text;   // empty: there is none
  std::string schema_file;  // for the patch
  std::string rules_file;
  std::vector<program::BuildFacts> builds;  // all of the driver
  std::string build;                        // on which it faults
};

struct Suggestion {
  enum class Kind : std::uint8_t { none, refused_already, contract, rule, valid };
  Kind kind = Kind::none;
  std::string rule;                   // refused_already: the finding's code and the rule's id
  std::string text;                   // the rule or `valid` line
  std::string patch;                  // a unified diff of the document that it is for
  std::string why;                    // none: what was tried
  std::vector<std::string> evidence;  // sentences: what it refuses, what it accepts, how the bound was found
};

[[nodiscard]] Suggestion suggest(const SuggestInput& input, const mutate::Format& format,
                                 std::span<const std::uint8_t> minimal, std::uint64_t place,
                                 const explain::Effects& effects, const Evidence& evidence, engine::Oracle& oracle);

}  // namespace sluice::suggest
