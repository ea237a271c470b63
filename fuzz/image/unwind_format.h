// .pdata and .xdata of x86-64 as they lie in an image, which nobody has checked.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice::image {

// A row of .pdata. `unwind` is where its UnwindInfo lies; odd: one more than where the row lies that it is a part of.
struct UnwindEntry {
  std::uint32_t begin;
  std::uint32_t end;
  std::uint32_t unwind;
};
static_assert(sizeof(UnwindEntry) == 12);

struct UnwindInfo {
  std::uint8_t version_and_flags;  // 3 bits and 5
  std::uint8_t prolog_size;
  std::uint8_t num_codes;  // 16 bits each; they follow
  std::uint8_t frame;      // 4 bits of register, 4 of the offset / 16

  // Behind the codes lies the row that this is a part of.
  [[nodiscard]] constexpr bool is_chained() const { return (version_and_flags >> 3 & 4) != 0; }
  // With the codes.
  [[nodiscard]] constexpr std::uint64_t size() const { return 4 + (num_codes + 1u) / 2 * 4; }
};
static_assert(sizeof(UnwindInfo) == 4);

inline constexpr std::size_t kMaxUnwindChain = 32;

// The low 4 bits of a code's second byte; the high ones are its argument.
enum UnwindOperation : std::uint8_t {
  kPush = 0,
  kAllocateLarge = 1,
  kAllocateSmall = 2,
  kSetFrame = 3,
  kSave = 4,
  kSaveFar = 5,
  kEpilog = 6,
  kSpare = 7,
  kSaveVector = 8,
  kSaveVectorFar = 9,
  kMachineFrame = 10,
};

}  // namespace sluice::image
