// Contents of which it is known what the target does with them: what a rule is made from, and judged by.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/oracle.h"
#include "fuzz/explain/effects.h"
#include "fuzz/mutate/format.h"
#include "fuzz/suggest/suggest.h"

namespace sluice::suggest {

struct Example {
  enum class Kind : std::uint8_t {
    crash,   // of the faults' files: has to be refused
    good,    // of the known good ones: has to be accepted
    faulty,  // near one of these, and shows the fault
    clean,   // near one of these; the driver loads it, and nothing happens
  };
  Kind kind = Kind::good;
  std::vector<std::uint8_t> content;
  [[nodiscard]] bool is_bad() const { return kind == Kind::crash || kind == Kind::faulty; }
  [[nodiscard]] bool is_known() const { return kind == Kind::crash || kind == Kind::good; }
};

struct ExampleLimits {
  std::uint32_t tries = 3000;  // inputs that are run
  std::chrono::milliseconds time{6000};
};

// The smallest file first, then the other crash files, the good ones, and what is near them: the fields that do
// something and those beside the guilty one given other values, one alone and two together. Good content on which the
// target faults is left out.
[[nodiscard]] std::vector<Example> collect_examples(const mutate::Format& format, std::span<const std::uint8_t> minimal,
                                                    std::uint64_t place, const explain::Effects& effects,
                                                    const Evidence& evidence, engine::Oracle& oracle,
                                                    const ExampleLimits& limits = {});

}  // namespace sluice::suggest
