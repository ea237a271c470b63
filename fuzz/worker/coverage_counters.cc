// What a replica calls that counts what runs in it (sluice-cc --fuzz): here nobody reads it.
#include <cstdint>

#ifndef SLUICE_ASAN
extern "C" __attribute__((visibility("default"))) void __sanitizer_cov_8bit_counters_init(std::uint8_t*,
                                                                                          std::uint8_t*) {}
extern "C" __attribute__((visibility("default"))) void __sanitizer_cov_pcs_init(const std::uintptr_t*,
                                                                                const std::uintptr_t*) {}
#endif
