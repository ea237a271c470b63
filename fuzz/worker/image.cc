#include "fuzz/worker/image.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstring>
#include <string_view>
#include <utility>

#include "fuzz/image/call.h"
#include "fuzz/image/kernel_stand_ins.h"
#include "fuzz/kernel_api/control.h"
#include "fuzz/target/image.h"
#include "fuzz/worker/emulated.h"
#include "fuzz/worker/fault.h"
#include "fuzz/worker/memory.h"
#include "fuzz/worker/readable.h"

namespace sluice::worker {

Image image_under_test;

namespace {

constexpr std::size_t kMaxHooks = 64;

// What stack protection compares with: any value that is not the linker's, the same in every run.
constexpr std::uint64_t kCookie = 0x00007A3D91C64EB5;

struct Hook {
  std::uint32_t offset;
  CallHook callback;
};
std::array<Hook, kMaxHooks> hooks;
std::size_t num_hooks = 0;

std::span<const std::uint8_t> as_bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
  adapter_fault(("the image " + name + " " + why).c_str());
}

// Where the processor's registers hold the first six arguments of a function that it is about to enter.
std::array<greg_t*, 6> argument_places(image::Format format, ucontext_t& context) {
  auto& registers = context.uc_mcontext.gregs;
  if (format == image::Format::elf) {
    return {&registers[REG_RDI], &registers[REG_RSI], &registers[REG_RDX],
            &registers[REG_RCX], &registers[REG_R8],  &registers[REG_R9]};
  }
  auto* stack = reinterpret_cast<greg_t*>(registers[REG_RSP]);
  return {&registers[REG_RCX], &registers[REG_RDX], &registers[REG_R8], &registers[REG_R9], stack + 5, stack + 6};
}

}  // namespace

bool Image::reserve() { return image::Arena::reserve() && image::Environment::reserve() && sluice_kernel_reserve(); }

image::Parsed<void> Image::prepare(const ImageInput& input) {
  return image::is_for_aarch64(as_bytes(input.bytes)) ? image::Emulator::prepare() : image::Parsed<void>();
}

void Image::load(void* adapter) {
  if (input_ == nullptr) return;
  auto parsed = image::parse_image(as_bytes(input_->bytes), input_->name);
  if (!parsed) refuse(input_->name, parsed.error());
  file_ = std::make_unique<image::ImageFile>(std::move(*parsed));
  if (!input_->symbols.empty()) {
    const auto added = image::add_pdb_symbols(*file_, as_bytes(input_->symbols));
    if (!added) refuse(input_->name, "has a symbol file that " + added.error());
  }
  auto bindings = image::Bindings::make(*file_, arena_, image::AdapterStandIns(adapter, file_->format));
  if (!bindings) refuse(input_->name, bindings.error());
  bindings_ = std::move(*bindings);
  auto mapped = image::Mapped::map(*file_, arena_, bindings_->addresses());
  if (!mapped) refuse(input_->name, mapped.error());
  mapped_ = *mapped;
  environment_.enter(file_->format);
  if (const auto placed = environment_.place_per_cpu(*mapped_); !placed) refuse(input_->name, placed.error());
  if (file_->cookie) std::memcpy(mapped_->begin() + *file_->cookie, &kCookie, sizeof kCookie);
  if (file_->machine == image::Machine::aarch64) return emulate();
  breakpoints_ = std::make_unique<image::Breakpoints>(*mapped_, arena_);
  if (wants_coverage_) count_blocks();
}

void Image::emulate() {
  emulator_ = std::make_unique<image::Emulator>();
  if (const auto done = emulator_->enter(*mapped_, *bindings_, arena_); !done) refuse(input_->name, done.error());
  emulator_->listen({.arrive = [](std::uintptr_t function, std::uint64_t* arguments) {
    const std::uint32_t offset = image_under_test.mapped_->offset_of(function);
    for (std::size_t i = 0; i < num_hooks; ++i) {
      if (hooks[i].offset == offset) hooks[i].callback(arguments);
    }
  }});
}

std::uint64_t Image::call(void* function, const image::Arguments& arguments) {
  if (emulator_ == nullptr) return image::call(file_->format, function, arguments);
  const auto result = emulator_->call(function, arguments);
  if (!result) tell_trap(*emulator_, result.error());
  return *result;
}

void* Image::find(const char* name, std::string& why) const {
  if (!is_loaded()) {
    why = "is asked for without an image: `image` is missing in the driver document";
    return nullptr;
  }
  char text[512];
  copy_text(text, name);
  const auto offset = image::find_symbol(*file_, text, why);
  return offset ? mapped_->begin() + *offset : nullptr;
}

void Image::hook(void* function, CallHook callback) {
  const auto address = reinterpret_cast<std::uintptr_t>(function);
  if (!is_inside(address)) adapter_fault("hooks a function that is not the image's");
  if (num_hooks == kMaxHooks) adapter_fault("hooks more functions than there is room for");
  const std::uint32_t offset = mapped_->offset_of(address);
  // A breakpoint is set on the code as it is, and the block that begins there stands on the breakpoint.
  const bool was_counting = is_counting_;
  stop_counting();
  if (emulator_ != nullptr) {
    emulator_->stop_at(address);
  } else if (const auto set = breakpoints_->set(offset); !set) {
    FrameRecord where{};
    describe(address, where);
    refuse(input_->name, "cannot be stopped at " + std::string(where.symbol) + ", which " + set.error());
  }
  hooks[num_hooks++] = {.offset = offset, .callback = callback};
  if (!was_counting) return;
  coverage_->arm();
  is_counting_ = true;
}

bool Image::serve_breakpoint(ucontext_t& context) const {
  if (breakpoints_ == nullptr) return false;
  auto& registers = context.uc_mcontext.gregs;
  const image::Breakpoint* stopped = breakpoints_->before(static_cast<std::uintptr_t>(registers[REG_RIP]));
  if (stopped == nullptr) return false;
  const auto places = argument_places(file_->format, context);
  std::array<std::uint64_t, 6> arguments{};
  for (std::size_t i = 0; i < places.size(); ++i) copy_readable(&arguments[i], places[i], sizeof arguments[i]);
  const auto before = arguments;
  for (std::size_t i = 0; i < num_hooks; ++i) {
    if (hooks[i].offset == stopped->offset) hooks[i].callback(arguments.data());
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (arguments[i] != before[i]) *places[i] = static_cast<greg_t>(arguments[i]);
  }
  registers[REG_RIP] = static_cast<greg_t>(stopped->continue_at);
  return true;
}

const image::Import* Image::trapped_at(std::uintptr_t address) const {
  return bindings_ ? bindings_->trapped_at(address) : nullptr;
}

void Image::describe(std::uintptr_t pc, FrameRecord& frame) const {
  const std::uint32_t offset = mapped_->offset_of(pc);
  copy_text(frame.module, input_->name.c_str());
  frame.offset = offset;
  const image::Section* section = image::section_at(*file_, offset);
  if (section != nullptr) frame.offset = section->file_address + (offset - section->offset);
  if (const image::Symbol* symbol = image::symbol_at(*file_, offset)) copy_text(frame.symbol, symbol->name.c_str());
}

}  // namespace sluice::worker

// --- What adapters call (fuzz/target/image.h)
// ---------------------------------------------------------------------------

using namespace sluice::worker;

extern "C" __attribute__((visibility("default"))) void* sluice_image_find(const char* name) {
  std::string why;
  return image_under_test.find(name, why);
}

extern "C" __attribute__((visibility("default"))) void* sluice_image_symbol(const char* name) {
  std::string why;
  void* found = image_under_test.find(name, why);
  if (found != nullptr) return found;
  char text[128];
  copy_text(text, name);
  adapter_fault(("asks for `" + std::string(text) + "`, which " + why).c_str());
}

extern "C" __attribute__((visibility("default"))) uint64_t sluice_image_call(void* function, unsigned count, ...) {
  if (!image_under_test.is_loaded()) adapter_fault("calls an image without one");
  if (count > sluice::image::kMaxArguments) adapter_fault("calls a function with more than 12 arguments:", count, true);
  sluice::image::Arguments arguments{};
  va_list list;
  va_start(list, count);
  for (unsigned i = 0; i < count; ++i) arguments[i] = va_arg(list, uint64_t);
  va_end(list);
  return image_under_test.call(function, arguments);
}

extern "C" __attribute__((visibility("default"))) void sluice_image_on_call(void* function,
                                                                            void (*callback)(uint64_t*)) {
  image_under_test.hook(function, callback);
}
