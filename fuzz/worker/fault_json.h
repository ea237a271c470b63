// A fault in the words of the protocol. The record was written by a child that may have been beside itself: whatever it
// holds, this is valid JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "fuzz/worker/shared.h"

namespace sluice::worker {

using Json = nlohmann::ordered_json;

// Where the child was, as it says.
struct Whereabouts {
  Phase phase = Phase::start;
  std::uint32_t event = 0;
  bool has_reached = false;
  std::uint32_t instance = 0;
  std::uint32_t criterion = 0;
};
Whereabouts whereabouts(const Progress& progress);

Json fault_json(const FaultRecord& fault, const Whereabouts& where, const Log& log, std::size_t stack_size);

Json frames_json(const FramesRecord& frames);
Json log_json(const Log& log);

// The text in an array of characters that may lack its end.
template <std::size_t N>
std::string text_of(const char (&characters)[N]) {
  return {characters, ::strnlen(characters, N)};
}

}  // namespace sluice::worker
