// Events that come to what content looks for, found by trying, as `sluice run` finds them: a criterion is reached when
// those before it match, and which values match shows when the driver gets further. Too slow for every input; for one
// that has something new in it, what is new is evaluated.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "fuzz/engine/input.h"
#include "fuzz/mutate/format.h"
#include "validator/difference/plan.h"
#include "validator/program/program.h"
#include "validator/run/answer.h"
#include "validator/run/event.h"

namespace sluice::engine {

class Exploration {
 public:
  // The format is aliased. Where its rules have no `uses` there is nothing to explore.
  Exploration(const mutate::Format& format, const std::vector<DescribedType>& types);

  // Evaluates one event, encoded as worker::EventMemory loads it, and adds the criteria that it came to. False: it is
  // of no use to try more.
  using Try = std::function<bool(std::span<const std::uint8_t> event, std::vector<run::Reached>& reached)>;
  void explore(std::span<const std::uint8_t> content, const Try& attempt) const;

 private:
  const mutate::Format& format_;
  std::vector<run::DescribedType> types_;
  std::optional<program::Program> program_;
  difference::Plan plan_;
};

}  // namespace sluice::engine
