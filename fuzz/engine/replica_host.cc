#include "fuzz/engine/replica_host.h"

#include <dlfcn.h>
#include <ucontext.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "fuzz/engine/adapter.h"
#include "fuzz/kernel_api/control.h"
#include "fuzz/worker/poison.h"
#include "fuzz/worker/readable.h"

namespace sluice::engine {

ReplicaHost* ReplicaHost::running_ = nullptr;

namespace {

constexpr std::size_t kStack = 24u << 10;
constexpr std::size_t kSignalStack = 64u << 10;
constexpr std::size_t kGuard = 64u << 10;
constexpr std::size_t kPool = 64u << 20;
constexpr std::uintptr_t kWanted = 0x32C000000000;
constexpr std::array kSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
constexpr greg_t kWrite = 2;
constexpr greg_t kInstruction = 16;
constexpr greg_t kPlainFlags = 0x202;

const char* word_of(int signal, const ucontext_t& context) {
  const greg_t error = context.uc_mcontext.gregs[REG_ERR];
  switch (signal) {
    case SIGFPE: return "arithmetic";
    case SIGILL: return "illegal";
    case SIGTRAP: return "trap";
    case SIGABRT: return "abort";
    default: return (error & kInstruction) != 0 ? "execute" : (error & kWrite) != 0 ? "write" : "read";
  }
}

template <std::size_t N>
void copy(char (&to)[N], const char* from) {
  std::strncpy(to, from, N - 1);
  to[N - 1] = '\0';
}

}  // namespace

image::Parsed<std::unique_ptr<ReplicaHost>> ReplicaHost::open(const HostFiles& files, Memory& memory) {
  std::unique_ptr<ReplicaHost> host(new ReplicaHost);
  host->memory_ = &memory;
  if (!sluice_kernel_reserve() || !host->stack_.map(kStack) || !host->install()) {
    return std::unexpected(std::string("cannot be run: ") + std::strerror(errno));
  }
  const image::SessionPages& pages = host->stack_.pages();
  sluice_kernel_begin();
  sluice_kernel_guard(SLUICE_GUARD_END);
  sluice_kernel_poison(worker::kPoisonBytes[0], worker::kFreedBytes[0]);
  sluice_kernel_budget(kPool);
  sluice_kernel_stack(pages.begin(), pages.end());
  sluice_kernel_on_fault(on_kernel_fault);
  serve_adapter(memory, nullptr, {pages.begin(), pages.size()});
  host->handle_ = ::dlopen(files.target.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (host->handle_ == nullptr) {
    const std::string why = ::dlerror();
    const bool is_sanitized = why.contains("__asan_") || why.contains("__ubsan_");
    return std::unexpected(is_sanitized ? files.target + ": was built with sanitizers: sluice-cc --fuzz" : why);
  }
  if (const auto found = host->find_target(host->handle_); !found) return std::unexpected(found.error());
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(host->target_->load), &info) != 0) {
    host->base_ = reinterpret_cast<std::uintptr_t>(info.dli_fbase);
    host->counters_ = counters_in(files.target, host->base_);
    host->counters_before_.resize(host->counters_.size());
  }
  return host;
}

bool ReplicaHost::install() {
  if (!signal_stack_.map(kWanted, kSignalStack, kGuard)) return false;
  stack_t ours{};
  ours.ss_sp = signal_stack_.begin();
  ours.ss_size = signal_stack_.size();
  struct sigaction action{};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  bool good = ::sigaltstack(&ours, nullptr) == 0;
  for (const int signal : kSignals) good = ::sigaction(signal, &action, nullptr) == 0 && good;
  return good;
}

image::Parsed<void> ReplicaHost::begin() {
  sluice_kernel_begin();
  snapshot_ = std::make_unique<image::Snapshot>(writable_parts(handle_));
  if (!sluice_kernel_mark()) return std::unexpected(std::string("there is no memory for it"));
  return {};
}

void ReplicaHost::recover() {
  sluice_kernel_begin();
  sluice_kernel_rewind();
  if (snapshot_) {
    std::ranges::copy(counters_, counters_before_.begin());
    snapshot_->restore();
    std::ranges::copy(counters_before_, counters_.begin());
  }
}

bool ReplicaHost::call(Function function, const void* argument, std::uint64_t& result, Fault& fault) {
  fault_.kind[0] = '\0';
  stack_.refill();
  running_ = this;
  result = stack_.call(function, argument);
  running_ = nullptr;
  if (fault_.kind[0] == '\0') return true;
  fault = fault_;
  return false;
}

void ReplicaHost::tell_place(std::uintptr_t pc) {
  fault_.offset = kNoOffset;
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(pc), &info) == 0) return;
  if (base_ != 0 && reinterpret_cast<std::uintptr_t>(info.dli_fbase) != base_) return;
  fault_.offset = static_cast<std::uint32_t>(pc - reinterpret_cast<std::uintptr_t>(info.dli_fbase));
  if (info.dli_sname != nullptr) copy(fault_.symbol, info.dli_sname);
}

void ReplicaHost::on_signal(int signal, siginfo_t* info, void* raw_context) {
  auto& context = *static_cast<ucontext_t*>(raw_context);
  if (running_ == nullptr) {
    ::signal(signal, SIG_DFL);
    if (info->si_code <= 0 || signal == SIGTRAP) (void)::raise(signal);
    return;
  }
  if (worker::resume_copy(context)) return;
  auto& registers = context.uc_mcontext.gregs;
  Fault& fault = running_->fault_;
  fault = {};
  running_->tell_place(static_cast<std::uintptr_t>(registers[REG_RIP]));
  copy(fault.kind, word_of(signal, context));
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  if (signal == SIGSEGV && info->si_code != SI_KERNEL) {
    fault.address = address;
    if (running_->stack_.pages().is_in_guard_below(address)) {
      copy(fault.kind, "stack-exhausted");
    } else {
      running_->tell_object(address, fault);
    }
  }
  registers[REG_RIP] = static_cast<greg_t>(image::SessionStack::way_out());
  registers[REG_EFL] = kPlainFlags;
}

void ReplicaHost::on_kernel_fault(const char* kind, const char* text) {
  if (running_ == nullptr) return;
  Fault& fault = running_->fault_;
  fault = {};
  copy(fault.kind, kind);
  copy(fault.text, text);
  // Stand-ins keep frame pointers: the first return address outside of this program is the driver's.
  const auto* frame = static_cast<void* const*>(__builtin_frame_address(0));
  fault.offset = kNoOffset;
  const image::SessionPages& pages = running_->stack_.pages();
  while (pages.is_inside(reinterpret_cast<std::uintptr_t>(frame)) && fault.offset == kNoOffset) {
    running_->tell_place(reinterpret_cast<std::uintptr_t>(frame[1]));
    const auto* next = static_cast<void* const*>(frame[0]);
    if (next <= frame) break;
    frame = next;
  }
  image::SessionStack::leave();
}

}  // namespace sluice::engine
