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

Provided provided_at(void* address) {
  return {.address = address, .object_size = address != nullptr ? size_of_object(address) : 0};
}

Provided kernel_stand_in(const std::string& name, Format format) {
  void* found = format == Format::elf ? of_kernel("__kernel_" + name) : nullptr;
  return provided_at(found != nullptr ? found : of_kernel(name));
}

Provided KernelStandIns::find(const std::string& name) const {
  const auto own = own_.find(name);
  return own != own_.end() ? own->second : kernel_stand_in(name, format_);
}

Provided AdapterStandIns::find(const std::string& name) const {
  void* own = ::dlsym(adapter_, ("sluice_import_" + name).c_str());
  return own != nullptr ? provided_at(own) : kernel_stand_in(name, format_);
}

}  // namespace sluice::image
