// Answers of the protocol, from what a child left in shared memory.
#pragma once

#include <optional>
#include <span>

#include "fuzz/worker/fault_json.h"
#include "fuzz/worker/request.h"

namespace sluice::worker {

// `fault` is null JSON where there was none; `blocks_hit` is not answered where nothing is.
std::string run_answer(const Request& request, const Job& job, const Shared& shared, const Json& fault,
                       const std::optional<Json>& blocks_hit);

// The results that a run answers, at most as many as events were asked for.
std::span<const std::uint8_t> run_blob(const Request& request, const Shared& shared);

}  // namespace sluice::worker
