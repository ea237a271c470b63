#include "fuzz/image/arena.h"

#include <sys/mman.h>

namespace sluice::image {

bool Arena::reserve() {
  void* const wanted = reinterpret_cast<void*>(kAddress);  // NOLINT(performance-no-int-to-ptr): a fixed address
  void* got =
      ::mmap(wanted, kSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  return got == wanted;
}

bool Arena::renew() {
  void* const wanted = reinterpret_cast<void*>(kAddress);  // NOLINT(performance-no-int-to-ptr): a fixed address
  return ::mmap(wanted, kSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == wanted;
}

std::uint8_t* Arena::take_forbidden(std::size_t size) {
  const std::size_t free = kSize - used_;
  const std::size_t pages = size / kPageSize + (size % kPageSize != 0);
  if (pages >= free / kPageSize) return nullptr;  // with the page behind
  auto* begin = reinterpret_cast<std::uint8_t*>(kAddress + used_);
  used_ += (pages + 1) * kPageSize;
  return begin;
}

std::uint8_t* Arena::take(std::size_t size) {
  std::uint8_t* begin = take_forbidden(size);
  const std::size_t pages = size / kPageSize + (size % kPageSize != 0);
  const bool good = begin != nullptr && ::mprotect(begin, pages * kPageSize, PROT_READ | PROT_WRITE) == 0;
  return good ? begin : nullptr;
}

}  // namespace sluice::image
