// A host for a replica: the driver's source, linked with its adapter. Its data is what recover() brings back, with its
// allocations. One that was built with AddressSanitizer ends the process instead of faulting.
#pragma once

#include <signal.h>

#include "fuzz/engine/host.h"
#include "fuzz/image/session_pages.h"
#include "fuzz/image/session_stack.h"
#include "fuzz/image/snapshot.h"

namespace sluice::engine {

class ReplicaHost : public Host {
 public:
  static image::Parsed<std::unique_ptr<ReplicaHost>> open(const HostFiles& files, Memory& memory);

  bool call(Function function, const void* argument, std::uint64_t& result, Fault& fault) override;
  image::Parsed<void> begin() override;
  void recover() override;
  std::span<std::uint8_t> counters() override { return counters_; }

 private:
  ReplicaHost() = default;
  bool install();
  static void on_signal(int signal, siginfo_t* info, void* context);
  static void on_kernel_fault(const char* kind, const char* text);
  void tell_place(std::uintptr_t pc);

  static ReplicaHost* running_;

  void* handle_ = nullptr;
  std::uintptr_t base_ = 0;
  std::span<std::uint8_t> counters_;           // the replica's own, which libFuzzer knows of
  std::vector<std::uint8_t> counters_before_;  // recover() leaves them as they are
  image::SessionStack stack_;
  image::SessionPages signal_stack_;
  std::unique_ptr<image::Snapshot> snapshot_;
  Fault fault_{};
};

}  // namespace sluice::engine
