// Memory between two guards that fault when touched.
//
// The supervisor maps what children use before it forks the first one, so that every child has the same addresses: two
// children that do the same then see the same pointers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice::worker {

class GuardedArea {
 public:
  static constexpr std::size_t kNarrow = 64u << 10;

  // Maps at least `size` bytes, which cost only what is touched, between guards of whole pages. Never unmapped. False
  // with errno set on failure.
  [[nodiscard]] bool map(std::size_t size, std::size_t guard = kNarrow);

  [[nodiscard]] std::uint8_t* begin() const { return begin_; }
  [[nodiscard]] std::uint8_t* end() const { return begin_ + size_; }
  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] bool is_inside(std::uintptr_t address) const { return address - first() < size_; }
  [[nodiscard]] bool is_in_guard_below(std::uintptr_t address) const { return address - (first() - guard_) < guard_; }
  // Inside, or in one of the guards.
  [[nodiscard]] bool is_near(std::uintptr_t address) const { return address - (first() - guard_) < size_ + 2 * guard_; }

  // Gives the pages back where so many were used that it matters.
  void release_after(std::size_t used) const;

 private:
  [[nodiscard]] std::uintptr_t first() const { return reinterpret_cast<std::uintptr_t>(begin_); }

  std::uint8_t* begin_ = nullptr;
  std::size_t size_ = 0;
  std::size_t guard_ = 0;
};

}  // namespace sluice::worker
