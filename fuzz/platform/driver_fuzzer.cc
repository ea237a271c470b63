// Any content on one driver build: loaded, evaluated and unloaded without a fault. SLUICE_FUZZED_DOCUMENT, relative to
// the program, and SLUICE_FUZZED_BUILD say which.
#include <cstddef>
#include <cstdint>

#include "fuzz/platform/driver.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  sluice::platform::start_driver(SLUICE_FUZZED_DOCUMENT, SLUICE_FUZZED_BUILD);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::platform::run_driver({data, size});
  return 0;
}
