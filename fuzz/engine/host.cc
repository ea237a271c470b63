#include "fuzz/engine/host.h"

#include <dlfcn.h>
#include <link.h>

#include <cstring>

#include "fuzz/kernel_api/control.h"

namespace sluice::engine {

image::Parsed<void> Host::find_target(void* handle) {
  void* entry = ::dlsym(handle, "sluice_target");
  if (entry == nullptr) return std::unexpected(std::string("has no sluice_target()"));
  std::uint64_t result = 0;
  Fault fault{};
  // It takes nothing; what it is handed does no harm.
  if (!call(reinterpret_cast<Function>(entry), nullptr, result, fault)) {
    return std::unexpected("faults in sluice_target(): " + sentence_of(fault));
  }
  const auto* target = reinterpret_cast<const struct sluice_target*>(result);
  if (target == nullptr) return std::unexpected(std::string("sluice_target() returned null"));
  if (target->version != SLUICE_TARGET_VERSION) {
    return std::unexpected(std::string("was built against another version of target.h"));
  }
  if (target->load == nullptr || target->evaluate == nullptr || target->unload == nullptr) {
    return std::unexpected(std::string("lacks one of load, evaluate, unload"));
  }
  target_ = target;
  return {};
}

void Host::tell_object(std::uintptr_t address, Fault& fault) const {
  worker::Object object;
  const bool is_ours = memory_->content.find(address, object) || memory_->arrays.find(address, object) ||
                       memory_->events.find(address, object);
  if (!is_ours) {
    constexpr std::uintptr_t kNull = 64u << 10;
    sluice_allocation found{};
    const sluice_owner whose = sluice_kernel_find(reinterpret_cast<const void*>(address), &found);
    if (whose == SLUICE_NOBODYS) {
      if (address < kNull) std::strcpy(fault.object.what, "null");
      return;
    }
    object = {.what = whose == SLUICE_FREED ? "freed allocation" : "allocation",
              .begin = reinterpret_cast<std::uintptr_t>(found.address),
              .bytes = found.size};
  }
  worker::describe(object, address, fault.object);
}

std::vector<std::span<std::uint8_t>> writable_parts(void* handle) {
  struct link_map* map = nullptr;
  if (::dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0) return {};
  struct Search {
    std::uintptr_t base;
    std::vector<std::span<std::uint8_t>> parts{};
  } search{.base = map->l_addr};
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* raw) {
        auto& wanted = *static_cast<Search*>(raw);
        if (info->dlpi_addr != wanted.base) return 0;
        constexpr std::uintptr_t kPage = 4096;
        std::uintptr_t sealed = 0;  // what the loader has made read-only ends here
        for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
          const ElfW(Phdr)& part = info->dlpi_phdr[i];
          if (part.p_type == PT_GNU_RELRO) sealed = (info->dlpi_addr + part.p_vaddr + part.p_memsz) & ~(kPage - 1);
        }
        for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
          const ElfW(Phdr)& part = info->dlpi_phdr[i];
          if (part.p_type != PT_LOAD || (part.p_flags & PF_W) == 0) continue;
          std::uintptr_t first = (info->dlpi_addr + part.p_vaddr) & ~(kPage - 1);
          const std::uintptr_t last = (info->dlpi_addr + part.p_vaddr + part.p_memsz + kPage - 1) & ~(kPage - 1);
          if (sealed > first && sealed <= last) first = sealed;
          if (first < last) wanted.parts.emplace_back(reinterpret_cast<std::uint8_t*>(first), last - first);
        }
        return 1;
      },
      &search);
  return search.parts;
}

}  // namespace sluice::engine
