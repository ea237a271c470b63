// Calls into the driver, each with its place in the order of things.
#pragma once

#include <span>

#include "fuzz/worker/shared.h"
#include "fuzz/worker/target.h"

namespace sluice::worker {

// What shared->job says lies in shared->input.
std::span<const std::uint8_t> job_content();
std::span<const std::uint8_t> job_events();

// Says where the child is.
void enter(Phase phase, std::uint32_t event = 0);

// A status that is none is a fault.
sluice_result as_result(std::uint64_t word);

// Loads the content of the job, which is gone afterwards. `is_sealed`: it cannot be written.
sluice_result call_load(const Target& target, bool is_sealed = false);
sluice_result call_evaluate(const Target& target, const sluice_event& event);
void call_unload(const Target& target);

}  // namespace sluice::worker
