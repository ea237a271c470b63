#include "fuzz/worker/events.h"

#include <algorithm>

#include "fuzz/target/target.h"
#include "fuzz/worker/shared.h"

namespace sluice::worker {

namespace {

constexpr std::size_t kHeader = 16;
constexpr std::size_t kVersion = 1;

bool has_size_of_its_kind(std::uint32_t kind, std::uint32_t size) {
  switch (kind) {
    case SLUICE_ABSENT: return size == 0;
    case SLUICE_BYTES: return true;
    case SLUICE_UTF16: return size % 2 == 0;
    case SLUICE_U32: return size == 4;
    case SLUICE_U64: return size == 8;
    default: return false;
  }
}

}  // namespace

std::optional<Events> check_events(std::span<const std::uint8_t> blob, std::string& why) {
  Events events;
  if (blob.empty()) return events;
  const auto fail = [&](const std::string& reason) {
    why = reason;
    return std::nullopt;
  };
  if (blob.size() < kHeader || std::memcmp(blob.data(), "SLEV", 4) != 0) return fail("no SLEV at their begin");
  if (read_u32(&blob[4]) != kVersion) return fail("unknown version");
  events.num_values = read_u32(&blob[8]);
  events.num_events = read_u32(&blob[12]);
  if (events.num_values > kMaxValues) return fail("more than 1,048,576 values");
  if (events.num_events > kMaxEvents) return fail("more than 4,194,304 events");

  std::size_t at = kHeader;
  events.values = at;
  for (std::uint32_t i = 0; i < events.num_values; ++i) {
    if (blob.size() - at < 8) return fail("cut short in value " + std::to_string(i));
    const std::uint32_t kind = read_u32(&blob[at]);
    const std::uint32_t size = read_u32(&blob[at + 4]);
    at += 8;
    if (!has_size_of_its_kind(kind, size)) return fail("value " + std::to_string(i) + " has no size of its kind");
    if (size > blob.size() - at || round_up_to_8(size) > blob.size() - at) {
      return fail("cut short in value " + std::to_string(i));
    }
    at += round_up_to_8(size);
  }

  events.events = at;
  for (std::uint32_t i = 0; i < events.num_events; ++i) {
    if (blob.size() - at < 8) return fail("cut short in event " + std::to_string(i));
    const std::uint32_t num_inputs = read_u32(&blob[at + 4]);
    at += 8;
    if (num_inputs > kMaxInputs) return fail("event " + std::to_string(i) + " has more than 65,536 inputs");
    if (num_inputs > (blob.size() - at) / 4) return fail("cut short in event " + std::to_string(i));
    for (std::uint32_t k = 0; k < num_inputs; ++k, at += 4) {
      const std::uint32_t index = read_u32(&blob[at]);
      if (index >= events.num_values && index != kAbsent) {
        return fail("event " + std::to_string(i) + " refers to a value that is not there");
      }
    }
  }
  if (at != blob.size()) return fail("bytes left over");
  return events;
}

}  // namespace sluice::worker
