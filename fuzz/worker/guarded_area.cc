#include "fuzz/worker/guarded_area.h"

#include <sys/mman.h>

namespace sluice::worker {

namespace {

// Addresses are told in reports: they should be the same whenever the same is run. Where this is taken it does not
// matter what else it is.
std::uintptr_t next_wanted = 0x300000000000;

}  // namespace

bool GuardedArea::map(std::size_t size, std::size_t guard) {
  constexpr std::size_t kPage = 4096;
  guard_ = guard;
  size_ = (size + kPage - 1) / kPage * kPage;
  void* const wanted = reinterpret_cast<void*>(next_wanted);
  next_wanted += size_ + 2 * guard_;
  void* at = ::mmap(wanted, size_ + 2 * guard_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) return false;
  begin_ = static_cast<std::uint8_t*>(at) + guard_;
  return ::mprotect(begin_, size_, PROT_READ | PROT_WRITE) == 0;
}

void GuardedArea::release_after(std::size_t used) const {
  constexpr std::size_t kMatters = 1u << 20;
  if (used >= kMatters) ::madvise(begin_, size_, MADV_DONTNEED);
}

}  // namespace sluice::worker
