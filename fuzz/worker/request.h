// A request of the protocol, checked: what is wrong with one ends the worker.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "fuzz/worker/shared.h"

namespace sluice::worker {

struct Request {
  std::int64_t id = 0;
  Order order = Order::run;  // or measure, or list
  std::uint32_t num_events = 0;
};

// Reads `json` and the events in `blob` and fills `job` with what they ask for. On a mistake returns nothing, sets
// `why` and leaves `job` half filled.
std::optional<Request> read_request(std::string_view json, std::span<const std::uint8_t> blob, Job& job,
                                    std::string& why);

}  // namespace sluice::worker
