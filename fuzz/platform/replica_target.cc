// The driver's source is part of this program, instrumented as the platform wants it, and runs on this program's stack:
// what the sanitizers see of it, they report.
#include <cstdio>
#include <cstdlib>

#include "fuzz/engine/adapter.h"
#include "fuzz/kernel_api/control.h"
#include "fuzz/platform/end.h"
#include "fuzz/platform/fatal_host.h"
#include "fuzz/worker/poison.h"

#ifdef SLUICE_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace sluice::platform {

namespace {

class ReplicaHost;
ReplicaHost* opened = nullptr;

class ReplicaHost final : public engine::Host {
 public:
  explicit ReplicaHost(engine::Memory& memory) {
    memory_ = &memory;
    target_ = sluice_target();
    opened = this;
  }

  bool call(Function function, const void* argument, std::uint64_t& result, engine::Fault&) override {
    result = function(argument);
    return true;
  }
  // What a driver keeps when it has unloaded, it keeps: a sanitizer's notes cannot be taken back with it.
  image::Parsed<void> begin() override { return {}; }
  void recover() override { sluice_kernel_begin(); }

  // What is at an address that a sanitizer reports.
  void tell_about(std::uintptr_t address) const {
    engine::Fault fault{};
    tell_object(address, fault);
    if (fault.object.what[0] == '\0') return;
    std::snprintf(fault.kind, sizeof fault.kind, "access");
    fault.address = address;
    fault.offset = engine::kNoOffset;
    std::fprintf(stderr, "sluice: %s\n", engine::sentence_of(fault).c_str());
  }
};

// As a bug check ends a machine. The stack is the driver's: whoever handles the signal tells it.
void on_kernel_fault(const char* kind, const char* text) {
  std::fprintf(stderr, "sluice: %s: %s\n", kind, text);
  std::abort();
}

}  // namespace

image::Parsed<std::unique_ptr<engine::Host>> open_host(const engine::HostFiles&, engine::Memory& memory) {
  sluice_kernel_poison(worker::kPoisonBytes[0], worker::kFreedBytes[0]);
  sluice_kernel_budget(64u << 20);
  sluice_kernel_on_fault(on_kernel_fault);
#ifndef SLUICE_ASAN
  if (!sluice_kernel_reserve()) return std::unexpected(std::string("there is no address space for its allocations"));
  sluice_kernel_guard(SLUICE_GUARD_END);
#endif
  engine::serve_adapter(memory, nullptr, {});
  return std::make_unique<ReplicaHost>(memory);
}

}  // namespace sluice::platform

#ifdef SLUICE_ASAN
// Called by AddressSanitizer before its report.
extern "C" void __asan_on_error() {
  if (sluice::platform::opened == nullptr) return;
  sluice::platform::opened->tell_about(reinterpret_cast<std::uintptr_t>(__asan_get_report_address()));
}
#endif
