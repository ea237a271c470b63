#include "fuzz/engine/shared.h"

#include <sys/mman.h>

#include <algorithm>

namespace sluice::engine {

FaultParts parts_of(const Shared& shared, const FaultFound& found) {
  std::span<const std::uint8_t> rest = shared.fault_bytes;
  const auto take = [&](std::size_t size, std::size_t most) {
    const auto part = rest.first(std::min({size, most, rest.size()}));
    rest = rest.subspan(part.size());
    return part;
  };
  (void)take(found.at, rest.size());
  const auto recipe = take(found.recipe_size, kMaxRecipe);
  return {.recipe = recipe, .input = take(found.size, kMaxInput)};
}

Shared* map_shared() {
  void* at = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return at == MAP_FAILED ? nullptr : static_cast<Shared*>(at);
}

void unmap_shared(Shared* shared) {
  if (shared != nullptr) ::munmap(shared, sizeof(Shared));
}

}  // namespace sluice::engine
