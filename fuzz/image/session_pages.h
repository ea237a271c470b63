// Memory between two guards that fault when touched, for what a session's driver is given.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice::image {

class SessionPages {
 public:
  SessionPages() = default;
  ~SessionPages();
  SessionPages(const SessionPages&) = delete;
  SessionPages& operator=(const SessionPages&) = delete;

  // Maps `size` bytes, in whole pages, at `wanted` where that is free. Once. False with errno set.
  [[nodiscard]] bool map(std::uintptr_t wanted, std::size_t size, std::size_t guard);

  [[nodiscard]] std::uint8_t* begin() const { return begin_; }
  [[nodiscard]] std::uint8_t* end() const { return begin_ + size_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool is_inside(std::uintptr_t at) const { return at - address() < size_; }
  [[nodiscard]] bool is_in_guard_below(std::uintptr_t at) const { return at - (address() - guard_) < guard_; }

 private:
  [[nodiscard]] std::uintptr_t address() const { return reinterpret_cast<std::uintptr_t>(begin_); }

  std::uint8_t* begin_ = nullptr;
  std::size_t size_ = 0;
  std::size_t guard_ = 0;
};

}  // namespace sluice::image
