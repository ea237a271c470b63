#include "fuzz/engine/job_oracle.h"

#include <algorithm>

namespace sluice::engine {

namespace {

Fault end_of(const std::string& kind) {
  Fault fault{};
  kind.copy(fault.kind, sizeof fault.kind - 1);
  fault.offset = kNoOffset;
  fault.event = kNoEvent;
  return fault;
}

}  // namespace

std::unique_ptr<JobOracle> JobOracle::start(const Options& options, const BuildOptions& build, const std::string& work,
                                            std::string& problem) {
  std::unique_ptr<JobOracle> oracle(new JobOracle(options, build, work));
  if (oracle->job_.is_ready()) return oracle;
  problem = oracle->job_.problem();
  return nullptr;
}

JobOracle::~JobOracle() = default;

Observation JobOracle::run(std::span<const std::uint8_t> input, bool explores) {
  Observation observation;
  if (input.size() > kMaxInput || !job_.is_ready()) return observation;
  Shared& shared = job_.shared();
  std::ranges::copy(input, shared.current);
  shared.current_size = static_cast<std::uint32_t>(input.size());
  Inquiry& inquiry = shared.inquiry;
  inquiry.explores = static_cast<std::uint32_t>(explores);
  inquiry.num_faults = 0;
  inquiry.is_accepted = 0;
  job_.ask();
  std::string ended;
  const bool is_answered = job_.wait(ended);
  // What the child found before it ended counts too.
  observation.is_accepted = inquiry.is_accepted != 0;
  const std::size_t count = std::min<std::size_t>(inquiry.num_faults, kMostAnswered);
  for (std::size_t i = 0; i < count; ++i) {
    const Fault fault = inquiry.faults[i];  // a copy: the child may write to it
    if (!has_fault(observation, hash_of(fault))) observation.faults.push_back(fault);
  }
  if (!is_answered && !ended.empty()) observation.faults.push_back(end_of(ended));
  return observation;
}

}  // namespace sluice::engine
