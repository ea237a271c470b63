#include "fuzz/image/session_pages.h"

#include <sys/mman.h>

#include "fuzz/image/image_file.h"

namespace sluice::image {

SessionPages::~SessionPages() {
  if (begin_ != nullptr) ::munmap(begin_ - guard_, size_ + 2 * guard_);
}

bool SessionPages::map(std::uintptr_t wanted, std::size_t size, std::size_t guard) {
  const std::size_t pages = (size + kPage - 1) / kPage * kPage;
  void* got = ::mmap(reinterpret_cast<void*>(wanted), pages + 2 * guard, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (got == MAP_FAILED) return false;
  begin_ = static_cast<std::uint8_t*>(got) + guard;
  size_ = pages;
  guard_ = guard;
  return ::mprotect(begin_, size_, PROT_READ | PROT_WRITE) == 0;
}

}  // namespace sluice::image
