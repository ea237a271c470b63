#include "fuzz/mutate/sum.h"

#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sluice::mutate {

#if defined(__x86_64__)

namespace {

constexpr std::size_t kLeast = 64;  // bytes that folding begins with

constexpr std::array<std::uint32_t, 256> kTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (0xEDB88320u & -(crc & 1));
    table[i] = crc;
  }
  return table;
}();

bool has_carryless_multiplication() {
  static const bool has = __builtin_cpu_supports("pclmul") != 0 && __builtin_cpu_supports("sse4.1") != 0;
  return has;
}

__attribute__((target("pclmul,sse4.1"))) __m128i load(const std::uint8_t* at) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

__attribute__((target("pclmul,sse4.1"))) __m128i fold(__m128i x, __m128i by, __m128i next) {
  return _mm_xor_si128(_mm_xor_si128(_mm_clmulepi64_si128(x, by, 0x00), _mm_clmulepi64_si128(x, by, 0x11)), next);
}

// V. Gopal and others, Fast CRC Computation for Generic Polynomials Using PCLMULQDQ (Intel, 2009), bits reflected. At
// least kLeast bytes, and whole sixteens; `crc` goes in and comes out without the last inversion.
__attribute__((target("pclmul,sse4.1"))) std::uint32_t fold_all(const std::uint8_t* at, std::size_t size,
                                                                std::uint32_t crc) {
  const __m128i by_64 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
  const __m128i by_16 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
  __m128i x[] = {load(at), load(at + 16), load(at + 32), load(at + 48)};
  x[0] = _mm_xor_si128(x[0], _mm_cvtsi32_si128(static_cast<int>(crc)));
  for (at += 64, size -= 64; size >= 64; at += 64, size -= 64) {
    x[0] = fold(x[0], by_64, load(at));
    x[1] = fold(x[1], by_64, load(at + 16));
    x[2] = fold(x[2], by_64, load(at + 32));
    x[3] = fold(x[3], by_64, load(at + 48));
  }
  __m128i one = fold(fold(fold(x[0], by_16, x[1]), by_16, x[2]), by_16, x[3]);
  for (; size >= 16; at += 16, size -= 16) one = fold(one, by_16, load(at));

  const __m128i low = _mm_setr_epi32(-1, 0, -1, 0);
  one = _mm_xor_si128(_mm_srli_si128(one, 8), _mm_clmulepi64_si128(one, by_16, 0x10));
  const __m128i by_4 = _mm_set_epi64x(0, 0x0163cd6124);
  one = _mm_xor_si128(_mm_srli_si128(one, 4), _mm_clmulepi64_si128(_mm_and_si128(one, low), by_4, 0x00));
  const __m128i barrett = _mm_set_epi64x(0x01f7011641, 0x01db710641);
  __m128i rest = _mm_clmulepi64_si128(_mm_and_si128(one, low), barrett, 0x10);
  rest = _mm_clmulepi64_si128(_mm_and_si128(rest, low), barrett, 0x00);
  return static_cast<std::uint32_t>(_mm_extract_epi32(_mm_xor_si128(one, rest), 1));
}

}  // namespace

std::uint64_t sum_of(program::ChecksumAlgorithm algorithm, std::span<const std::uint8_t> bytes) {
  const bool is_short = bytes.size() < kLeast;
  if (algorithm != program::ChecksumAlgorithm::crc32 || is_short || !has_carryless_multiplication()) {
    return program::checksum(algorithm, bytes);
  }
  const std::size_t whole = bytes.size() / 16 * 16;
  std::uint32_t crc = fold_all(bytes.data(), whole, 0xFFFFFFFF);
  for (const std::uint8_t byte : bytes.subspan(whole)) crc = crc >> 8 ^ kTable[(crc ^ byte) & 0xFF];
  return ~crc;
}

#else

std::uint64_t sum_of(program::ChecksumAlgorithm algorithm, std::span<const std::uint8_t> bytes) {
  return program::checksum(algorithm, bytes);
}

#endif

}  // namespace sluice::mutate
