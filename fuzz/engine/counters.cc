#include "fuzz/engine/counters.h"

namespace sluice::engine {

namespace {

// libFuzzer reads and clears the section behind the compiler's back.
constexpr std::size_t kEnds = 64;
__attribute__((used, section("__libfuzzer_extra_counters"))) volatile std::uint8_t counters[kDepths + kEnds];

}  // namespace

std::span<volatile std::uint8_t> depth_counters() { return std::span(counters).first(kDepths); }
std::span<volatile std::uint8_t> end_counters() { return std::span(counters).last(kEnds); }

}  // namespace sluice::engine
