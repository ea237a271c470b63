#include "fuzz/worker/target.h"

#include <dlfcn.h>

#include <cstring>

#include "fuzz/worker/fault.h"
#include "fuzz/worker/image.h"
#include "fuzz/worker/memory.h"
#include "fuzz/worker/readable.h"
#include "fuzz/worker/signals.h"

namespace sluice::worker {

namespace {

template <typename Function>
std::uint64_t call(Function function) {
  // The driver's code: on the driver's stack. Both take nothing and return a pointer.
  const auto plain = reinterpret_cast<KernelStack::Function>(reinterpret_cast<std::uintptr_t>(function));
  return memory.stack.call(plain, nullptr, 0);
}

class Writer {
 public:
  void number(std::uint32_t n) { bytes(&n, sizeof n); }
  void text(const char* from) {
    char copy[128];
    copy_text(copy, from);
    number(static_cast<std::uint32_t>(std::strlen(copy)));
    bytes(copy, std::strlen(copy));
  }

 private:
  void bytes(const void* from, std::size_t size) {
    std::uint32_t& used = shared->description_size;
    if (size > kMaxDescription - used) adapter_fault("describes more than a mebibyte of template types");
    std::memcpy(shared->description + used, from, size);
    used += static_cast<std::uint32_t>(size);
  }
};

}  // namespace

const Target* load_target(const char* path) {
  begin_loading(path);
  void* handle = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  end_loading();
  memory.stack.adopt();
  if (handle == nullptr) adapter_fault(::dlerror());
  image_under_test.load(handle);
  void* entry = ::dlsym(handle, "sluice_target");
  if (entry == nullptr) adapter_fault("has no sluice_target()");
  const auto* target = reinterpret_cast<const Target*>(call(entry));
  if (target == nullptr) adapter_fault("sluice_target() returned null");
  if (target->version != SLUICE_TARGET_VERSION) {
    adapter_fault("was built against another version of target.h:", target->version, true);
  }
  if (target->load == nullptr || target->evaluate == nullptr || target->unload == nullptr) {
    adapter_fault("lacks one of load, evaluate, unload");
  }
  return target;
}

void write_description(const Target& target) {
  Writer writer;
  shared->description_size = 0;
  writer.text(target.name != nullptr ? target.name : "");
  const auto* description =
      target.describe == nullptr ? nullptr : reinterpret_cast<const sluice_description*>(call(target.describe));
  if (description == nullptr) return;
  writer.number(description->num_types);
  for (std::uint32_t i = 0; i < description->num_types; ++i) {
    const sluice_template_type& type = description->types[i];
    writer.number(type.type);
    writer.text(type.name != nullptr ? type.name : "");
    writer.number(type.num_inputs);
    writer.number(type.input_kinds != nullptr);
    for (std::uint32_t k = 0; k < type.num_inputs && type.input_kinds != nullptr; ++k)
      writer.number(type.input_kinds[k]);
  }
}

}  // namespace sluice::worker
