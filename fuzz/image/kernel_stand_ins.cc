#include "fuzz/image/kernel_stand_ins.h"

#include <dlfcn.h>
#include <link.h>

#include <algorithm>

#include "fuzz/kernel_api/imports.h"

namespace sluice::image {

namespace {

void* of_kernel(const std::string& name) {
  const auto* end = sluice_kernel_imports + sluice_num_kernel_imports;
  const auto* at = std::lower_bound(
      sluice_kernel_imports, end, name,
      [](const sluice_kernel_import& import, const std::string& wanted) { return import.name < wanted; });
  return at != end && at->name == name ? at->address : nullptr;
}

std::size_t size_of_object(void* address) {
  Dl_info info{};
  void* found = nullptr;
  if (::dladdr1(address, &info, &found, RTLD_DL_SYMENT) == 0 || found == nullptr) return 0;
  const auto* symbol = static_cast<const ElfW(Sym)*>(found);
  return ELF64_ST_TYPE(symbol->st_info) == STT_OBJECT ? symbol->st_size : 0;
}

}  // namespace

// What the C library has as well, and a Linux module means otherwise, is __kernel_NAME.
Provided KernelStandIns::find(const std::string& name) const {
  if (const auto own = own_.find(name); own != own_.end()) return own->second;
  void* found = format_ == Format::elf ? of_kernel("__kernel_" + name) : nullptr;
  if (found == nullptr) found = of_kernel(name);
  return {.address = found, .object_size = found != nullptr ? size_of_object(found) : 0};
}

}  // namespace sluice::image
