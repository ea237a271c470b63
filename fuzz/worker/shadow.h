// AddressSanitizer's shadow, where there is one.
#pragma once

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLUICE_ASAN 1
#include <sanitizer/asan_interface.h>
#endif
#endif

#ifdef SLUICE_ASAN
#define SLUICE_NO_ASAN __attribute__((no_sanitize("address")))
#else
#define SLUICE_NO_ASAN
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
