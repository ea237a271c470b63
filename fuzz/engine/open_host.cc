#include "fuzz/engine/image_host.h"
#include "fuzz/engine/replica_host.h"

namespace sluice::engine {

image::Parsed<std::unique_ptr<Host>> Host::open(const HostFiles& files, Memory& memory) {
  if (!files.image.empty()) return ImageHost::open(files, memory);
  return ReplicaHost::open(files, memory);
}

}  // namespace sluice::engine
