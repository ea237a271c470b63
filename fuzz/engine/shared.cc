#include "fuzz/engine/shared.h"

#include <sys/mman.h>

namespace sluice::engine {

Shared* map_shared() {
  void* at = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return at == MAP_FAILED ? nullptr : static_cast<Shared*>(at);
}

void unmap_shared(Shared* shared) {
  if (shared != nullptr) ::munmap(shared, sizeof(Shared));
}

}  // namespace sluice::engine
