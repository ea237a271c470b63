#include "fuzz/image/extra_counters.h"

namespace sluice::image {

namespace {

// libFuzzer reads and clears the section behind the compiler's back, for each input: 16 KiB take it 1 us.
__attribute__((used, section("__libfuzzer_extra_counters"))) volatile std::uint8_t counters[16u << 10];

}  // namespace

std::span<volatile std::uint8_t> extra_counters() { return counters; }

}  // namespace sluice::image
