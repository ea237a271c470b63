// libFuzzer, linked as a library, or the engine that a platform links with (fuzz/platform).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sluice::engine {

// Counters that libFuzzer reads and clears for each input, as it does those that a compiler makes. Before
// run_lib_fuzzer; they stay.
void register_counters(std::span<std::uint8_t> counters);
// After each input: for an engine that does not read them itself. It clears them.
void hand_counters_over();

using Execute = void (*)(std::span<const std::uint8_t> input);
// Returns, if at all, because it could not begin.
void run_lib_fuzzer(std::vector<std::string> words, Execute execute);

// What mutates: writes to `data` and returns the new size, at most `max`. Null: libFuzzer's own.
using Mutate = std::size_t (*)(std::uint8_t* data, std::size_t size, std::size_t max, std::uint32_t seed);
using CrossOver = std::size_t (*)(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second,
                                  std::span<std::uint8_t> out, std::uint32_t seed);
void mutate_by(Mutate mutate, CrossOver cross_over);

// libFuzzer's mutations of bytes.
std::size_t mutate_bytes(std::uint8_t* data, std::size_t size, std::size_t max);

}  // namespace sluice::engine
