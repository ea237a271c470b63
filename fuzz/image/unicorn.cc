#include "fuzz/image/unicorn.h"

#include <dlfcn.h>

namespace sluice::image {

namespace {

template <typename Function>
bool resolve(void* library, const char* name, Function& function) {
  void* found = ::dlsym(library, name);
  function = reinterpret_cast<Function>(found);
  return found != nullptr;
}

bool resolve_all(void* library, Unicorn& unicorn) {
  return resolve(library, "uc_version", unicorn.version) && resolve(library, "uc_open", unicorn.open) &&
         resolve(library, "uc_strerror", unicorn.error_text) && resolve(library, "uc_mem_map_ptr", unicorn.lend) &&
         resolve(library, "uc_mem_unmap", unicorn.take_back) && resolve(library, "uc_hook_add", unicorn.add_hook) &&
         resolve(library, "uc_emu_start", unicorn.start) && resolve(library, "uc_emu_stop", unicorn.stop) &&
         resolve(library, "uc_reg_read", unicorn.read) && resolve(library, "uc_reg_write", unicorn.write);
}

}  // namespace

const Unicorn* Unicorn::load(std::string& why) {
  static Unicorn unicorn;
  if (unicorn.open != nullptr) return &unicorn;
  constexpr const char* kName = "libunicorn.so.2";
  void* library = ::dlopen(kName, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    why = ::dlerror();
    return nullptr;
  }
  Unicorn found;
  const bool is_whole = resolve_all(library, found);
  unsigned major = 0;
  unsigned minor = 0;
  if (is_whole) found.version(&major, &minor);
  if (!is_whole || major != UC_API_MAJOR) {
    why = std::string(kName) + " is not the version that this was built for";
    ::dlclose(library);
    return nullptr;
  }
  unicorn = found;
  return &unicorn;
}

}  // namespace sluice::image
