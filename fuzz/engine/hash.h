// Of bytes that are looked for again in this process: not the same in another build.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace sluice::engine {

inline std::size_t hash_of_bytes(std::span<const std::uint8_t> bytes) {
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace sluice::engine
