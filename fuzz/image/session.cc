#include "fuzz/image/session.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "fuzz/kernel_api/control.h"

namespace sluice::image {

Session* Session::running_ = nullptr;
Session* Session::opened_ = nullptr;

namespace {

// What stack protection compares with: any value that is not the linker's, the same in every run.
constexpr std::uint64_t kCookie = 0x00007A3D91C64EB5;
constexpr std::size_t kGuard = 64u << 10;
constexpr std::uintptr_t kContent = 0x328000000000;
constexpr std::uintptr_t kDetourStack = 0x32A000000000;
constexpr std::size_t kDetourStackSize = 64u << 10;
constexpr std::size_t kMaxHooks = 64;

std::string cannot(const char* what) { return std::string("cannot be run: ") + what + ": " + std::strerror(errno); }

struct Call {
  Format format;
  const void* function;
  const Arguments* arguments;
};

std::uint64_t enter(const void* raw) {
  const Call& call = *static_cast<const Call*>(raw);
  return image::call(call.format, call.function, *call.arguments);
}

}  // namespace

bool Session::reserve() {
  static const bool is_reserved =
      Arena::reserve() && Environment::reserve() && sluice_kernel_reserve() && sluice_kernel_reserve_lanes();
  return is_reserved;
}

Parsed<std::unique_ptr<Session>> Session::open(std::span<const std::uint8_t> bytes, std::string_view name,
                                               const Options& options, const Provider& provider) {
  if (opened_ != nullptr) return std::unexpected("cannot be run beside another image");
  if (!reserve()) return std::unexpected(cannot("address space"));
  std::unique_ptr<Session> session(new Session);
  opened_ = session.get();
  session->bytes_.assign(bytes.begin(), bytes.end());
  session->serve_ = options.serve;
  if (auto loaded = session->load(name, options, provider); !loaded) return std::unexpected(loaded.error());
  if (!session->stack_.map(options.stack_size) || !session->content_.map(kContent, options.most_content, kGuard) ||
      !session->detour_stack_.map(kDetourStack, kDetourStackSize, kGuard)) {
    return std::unexpected(cannot("memory"));
  }
  session->detours_.emplace(*session->mapped_, session->arena_, session->detour_stack_.end(), on_detour);
  if (auto installed = session->install(); !installed) return std::unexpected(installed.error());
  return session;
}

Parsed<void> Session::load(std::string_view name, const Options& options, const Provider& provider) {
  auto parsed = parse_image(bytes_, name);
  if (!parsed) return std::unexpected(parsed.error());
  file_ = std::make_unique<ImageFile>(std::move(*parsed));
  if (!options.symbols.empty()) {
    const auto added = add_pdb_symbols(*file_, options.symbols);
    if (!added) return std::unexpected("has a symbol file that " + added.error());
  }
  if (file_->machine != Machine::x86_64) return std::unexpected("is for another processor");
  auto bindings = Bindings::make(*file_, arena_, provider);
  if (!bindings) return std::unexpected(bindings.error());
  bindings_ = std::move(*bindings);
  auto mapped = Mapped::map(*file_, arena_, bindings_->addresses());
  if (!mapped) return std::unexpected(mapped.error());
  mapped_ = *mapped;
  environment_.enter(file_->format);
  if (auto placed = environment_.place_per_cpu(*mapped_); !placed) return placed;
  if (file_->cookie) std::memcpy(mapped_->begin() + *file_->cookie, &kCookie, sizeof kCookie);
  breakpoints_.emplace(*mapped_, arena_);
  hooks_.reserve(kMaxHooks);
  // While the code is still the image's own.
  if (options.counts_blocks) {
    coverage_.emplace(*mapped_, find_blocks(*file_, {mapped_->begin(), file_->size}, {}), options.counters);
  }
  return {};
}

Session::~Session() {
  uninstall();
  for (const std::span<std::uint8_t> pages : environment_.writable()) {
    const auto at = reinterpret_cast<std::uintptr_t>(pages.data());
    if (at != Environment::kAddress) ::mprotect(pages.data(), pages.size(), PROT_NONE);
  }
  // Where it fails another image would find what this one left: then there is none.
  if (Arena::renew()) opened_ = nullptr;
}

const void* Session::symbol(std::string_view name, std::string& why) const {
  const auto offset = find_symbol(*file_, name, why);
  return offset ? mapped_->begin() + *offset : nullptr;
}

Parsed<void> Session::on_call(const void* function, CallHook hook) {
  const auto address = reinterpret_cast<std::uintptr_t>(function);
  if (!mapped_->is_inside(address)) return std::unexpected("is no function of the image");
  if (hooks_.size() == kMaxHooks) return std::unexpected("is one function too many to stop at");
  const std::uint32_t offset = mapped_->offset_of(address);
  const bool has_detour = coverage_ && detours_->set(offset, coverage_->blocks());
  if (auto set = has_detour ? Parsed<void>() : breakpoints_->set(offset); !set) return set;
  hooks_.push_back({.offset = offset, .call = hook});
  return {};
}

std::vector<std::span<std::uint8_t>> Session::writable() const {
  std::vector<std::span<std::uint8_t>> areas;
  for (const Section& section : file_->sections) {
    if (!section.is_writable || section.size == 0) continue;
    const std::uint32_t first = section.offset / kPage * kPage;
    const std::size_t size = (section.offset - first + section.size + kPage - 1) / kPage * kPage;
    std::uint8_t* begin = mapped_->begin() + first;
    // Sections that share a page are one area.
    if (!areas.empty() && areas.back().data() + areas.back().size() > begin) {
      const std::uint8_t* end = begin + size;
      areas.back() = {areas.back().data(), static_cast<std::size_t>(end - areas.back().data())};
    } else {
      areas.emplace_back(begin, size);
    }
  }
  const auto variables = bindings_->variables();
  areas.insert(areas.end(), variables.begin(), variables.end());
  areas.insert(areas.end(), environment_.writable().begin(), environment_.writable().end());
  return areas;
}

Parsed<void> Session::begin() {
  sluice_kernel_begin();
  // Code that may be written to is part of the snapshot, as it is without traps.
  if (coverage_) coverage_->disarm();
  snapshot_.emplace(writable());
  if (!sluice_kernel_mark()) return std::unexpected(cannot("memory"));
  if (coverage_) coverage_->arm();
  return {};
}

const std::uint8_t* Session::place(std::span<const std::uint8_t> bytes) {
  if (bytes.size() > content_.size()) return nullptr;
  // Before it lies nothing of the one before.
  if (bytes.size() < placed_) std::memset(content_.end() - placed_, 0, placed_ - bytes.size());
  placed_ = bytes.size();
  std::uint8_t* at = content_.end() - bytes.size();
  if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
  return at;
}

Outcome Session::run(const void* function, const Arguments& arguments) {
  const Call call{.format = file_->format, .function = function, .arguments = &arguments};
  return run_own(enter, &call);
}

Outcome Session::run_own(SessionStack::Function function, const void* argument) {
  fault_.kind = FaultKind::none;
  detours_->begin_call();
  running_ = this;
  const std::uint64_t result = stack_.call(function, argument);
  running_ = nullptr;
  if (fault_.kind == FaultKind::none) return {.result = result};
  return {.result = 0, .fault = fault_};
}

std::uint64_t Session::call(const void* function, const Arguments& arguments) const {
  return image::call(file_->format, function, arguments);
}

void Session::recover() {
  sluice_kernel_begin();
  sluice_kernel_rewind();
  if (snapshot_) snapshot_->restore();
  stack_.refill();
}

}  // namespace sluice::image
