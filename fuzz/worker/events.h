// Events as they come in a blob (docs/worker-protocol.md): values, and events that refer to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>

namespace sluice::worker {

inline constexpr std::uint32_t kAbsent = 0xFFFFFFFF;

struct Events {
  std::uint32_t num_values = 0;
  std::uint32_t num_events = 0;
  std::size_t values = 0;  // where they begin
  std::size_t events = 0;
};

// No bytes are no events. On a mistake returns nothing and sets `why`. What it returns holds for all of the blob:
// sizes, kinds and indices have been checked.
std::optional<Events> check_events(std::span<const std::uint8_t> blob, std::string& why);

inline std::uint32_t read_u32(const std::uint8_t* at) {
  std::uint32_t number = 0;
  std::memcpy(&number, at, sizeof number);
  return number;
}

constexpr std::size_t round_up_to_8(std::size_t size) { return (size + 7) & ~std::size_t{7}; }

}  // namespace sluice::worker
