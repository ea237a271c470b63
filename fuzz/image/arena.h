// Where images lie: a fixed range below 2 GiB, so that 32-bit relocations reach all of it, and that is the same in
// every process, so that two runs see the same pointers. The only place where code may be mapped once a process is
// sandboxed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sluice::image {

class Arena {
 public:
  // A power of two, and the address a multiple of it: a sandbox compares the high bits.
  static constexpr std::uintptr_t kAddress = 0x20000000;
  static constexpr std::size_t kSize = 128u << 20;

  // Reserves the range, without access. False with errno set where it is taken.
  [[nodiscard]] static bool reserve();
  // Gives back all that any arena took: the range is as after reserve(). False with errno set.
  [[nodiscard]] static bool renew();
  static constexpr bool is_inside(std::uintptr_t address) { return address - kAddress < kSize; }

  // The next whole pages, readable and writable, zeroed, and behind a page without access. Null when there is no room.
  std::uint8_t* take(std::size_t size);
  // The same, without access: for addresses that must not be touched.
  std::uint8_t* take_forbidden(std::size_t size);

 private:
  std::size_t used_ = kPageSize;
  static constexpr std::size_t kPageSize = 4096;
};

}  // namespace sluice::image
