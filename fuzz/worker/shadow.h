// AddressSanitizer's shadow, where there is one: in sluice-run-asan.
#pragma once

#include <cstddef>

#ifdef SLUICE_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace sluice::worker {

#ifdef SLUICE_ASAN
inline constexpr bool kSanitized = true;
inline void forbid(const void* begin, std::size_t size) { __asan_poison_memory_region(begin, size); }
inline void permit(const void* begin, std::size_t size) { __asan_unpoison_memory_region(begin, size); }
#else
inline constexpr bool kSanitized = false;
inline void forbid(const void*, std::size_t) {}
inline void permit(const void*, std::size_t) {}
#endif

}  // namespace sluice::worker
