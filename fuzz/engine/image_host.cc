#include "fuzz/engine/image_host.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "fuzz/engine/adapter.h"
#include "fuzz/image/kernel_stand_ins.h"
#include "fuzz/kernel_api/control.h"
#include "fuzz/worker/poison.h"
#include "fuzz/worker/readable.h"

namespace sluice::engine {

namespace {

constexpr std::size_t kPool = 64u << 20;

std::span<const std::uint8_t> as_bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

bool serve(int, ucontext_t& context) { return worker::resume_copy(context); }

const char* word_of(image::FaultKind kind) {
  switch (kind) {
    case image::FaultKind::none: return "";
    case image::FaultKind::read: return "read";
    case image::FaultKind::write: return "write";
    case image::FaultKind::execute: return "execute";
    case image::FaultKind::protection: return "protection";
    case image::FaultKind::stack_overflow: return "stack-exhausted";
    case image::FaultKind::illegal: return "illegal";
    case image::FaultKind::bug: return "bug";
    case image::FaultKind::trap: return "trap";
    case image::FaultKind::arithmetic: return "arithmetic";
    case image::FaultKind::kernel: return "kernel";
  }
  return "unknown";
}

template <std::size_t N>
void copy(char (&to)[N], std::string_view from) {
  const std::size_t size = std::min(from.size(), N - 1);
  std::memcpy(to, from.data(), size);
  to[size] = '\0';
}

}  // namespace

image::Parsed<std::unique_ptr<ImageHost>> ImageHost::open(const HostFiles& files, Memory& memory) {
  const std::span<const std::uint8_t> bytes = as_bytes(files.image_bytes);
  const std::string name = std::filesystem::path(files.image).filename().string();
  const auto fail = [&](const std::string& why) { return std::unexpected(name + " " + why); };
  const auto parsed = image::parse_image(bytes, name);
  if (!parsed) return fail(parsed.error());
  if (parsed->machine != image::Machine::x86_64) {
    return fail("is for another processor: the worker emulates it (`sluice run`), the fuzzer does not");
  }
  std::unique_ptr<ImageHost> host(new ImageHost);
  host->memory_ = &memory;
  host->adapter_ = ::dlopen(files.target.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (host->adapter_ == nullptr) return std::unexpected(std::string(::dlerror()));
  auto session = image::Session::open(bytes, name,
                                      {.symbols = as_bytes(files.symbol_bytes), .counts_blocks = true, .serve = serve},
                                      image::AdapterStandIns(host->adapter_, parsed->format));
  if (!session) return fail(session.error());
  host->session_ = std::move(*session);
  host->reach_.emplace(host->session_->file());
  host->counters_.resize(host->coverage()->blocks().size());
  host->coverage()->count_in(host->counters_);
  sluice_kernel_poison(worker::kPoisonBytes[0], worker::kFreedBytes[0]);
  sluice_kernel_budget(kPool);
  const image::SessionPages& pages = host->session_->stack().pages();
  serve_adapter(memory, host->session_.get(), {pages.begin(), pages.size()});
  if (const auto found = host->find_target(host->adapter_); !found) return std::unexpected(found.error());
  return host;
}

image::Parsed<void> ImageHost::begin() {
  if (auto begun = session_->begin(); !begun) return begun;
  adapter_snapshot_ = std::make_unique<image::Snapshot>(writable_parts(adapter_));
  return {};
}

void ImageHost::recover() {
  session_->recover();
  adapter_snapshot_->restore();
}

std::size_t ImageHost::num_reachable() {
  const image::Coverage& coverage = *session_->coverage();
  const std::span<const std::uint32_t> known = coverage.known();
  while (num_entered_ < known.size()) (void)reach_->enter(coverage.blocks()[known[num_entered_++]].offset);
  return reach_->num_reachable();
}

bool ImageHost::call(Function function, const void* argument, std::uint64_t& result, Fault& fault) {
  session_->refill_stack();
  const image::Outcome outcome = session_->run_own(function, argument);
  result = outcome.result;
  if (outcome.fault.kind == image::FaultKind::none) return true;
  tell(outcome.fault, fault);
  return false;
}

void ImageHost::tell(const image::Fault& from, Fault& fault) const {
  const bool is_kernels = from.kind == image::FaultKind::kernel;
  copy(fault.kind, from.import != nullptr ? "import"
                   : is_kernels           ? std::string_view(from.kernel_kind)
                                          : word_of(from.kind));
  copy(fault.text, from.import != nullptr ? "calls or touches " + from.import->name + ", which sluice does not have"
                                          : std::string(from.text));
  fault.offset = from.offset;
  fault.address = from.address;
  if (from.offset != image::kNoOffset) {
    if (const image::Symbol* symbol = image::symbol_at(session_->file(), from.offset)) {
      copy(fault.symbol, symbol->name);
    }
  }
  const bool has_address = from.kind == image::FaultKind::read || from.kind == image::FaultKind::write ||
                           from.kind == image::FaultKind::execute;
  if (has_address) tell_object(from.address, fault);
}

}  // namespace sluice::engine
