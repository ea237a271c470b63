#include "fuzz/worker/shared.h"

#include <sys/mman.h>
#include <unistd.h>

namespace sluice::worker {

Shared* map_shared() {
  const int fd = ::memfd_create("sluice-run", MFD_CLOEXEC);
  if (fd < 0) return nullptr;
  void* at = MAP_FAILED;
  if (::ftruncate(fd, sizeof(Shared)) == 0) {
    at = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
  }
  ::close(fd);
  return at == MAP_FAILED ? nullptr : static_cast<Shared*>(at);
}

}  // namespace sluice::worker
