#include "fuzz/image/emulator.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "fuzz/image/environment.h"
#include "fuzz/image/unicorn.h"

// void sluice_enter_emulator(void (*run)(void*, uintptr_t stack), void* call, void* top): on the stack that ends at
// `top`, with what is free of the caller's.
//
// uint64_t sluice_leave_emulator(const void* function, const uint64_t* arguments, uintptr_t stack, const uint64_t*
// pair, void** top): calls a function of ours on the emulated stack, as if emulated code had: what the frame pointer
// leads to is a pair of the caller's frame and the return address, on both processors. Where the emulator's stack is
// free from goes to `top`.
asm(R"(
  .pushsection .text
  .hidden sluice_enter_emulator
  .globl sluice_enter_emulator
  .type sluice_enter_emulator, @function
sluice_enter_emulator:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  movq %rdi, %rax
  movq %rsi, %rdi
  leaq -128(%rsp), %rsi
  movq %rdx, %rsp
  call *%rax
  movq %rbp, %rsp
  popq %rbp
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
  .size sluice_enter_emulator, . - sluice_enter_emulator

  .hidden sluice_leave_emulator
  .globl sluice_leave_emulator
  .type sluice_leave_emulator, @function
sluice_leave_emulator:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  pushq %rbx
  .cfi_def_cfa_offset 24
  .cfi_offset %rbx, -24
  movq %rsp, %rbx
  .cfi_def_cfa %rbx, 24
  leaq -128(%rsp), %rax
  andq $-16, %rax
  movq %rax, (%r8)
  leaq -16(%rdx), %rsp
  andq $-16, %rsp
  movq 0(%rcx), %rax
  movq %rax, 0(%rsp)
  movq 8(%rcx), %rax
  movq %rax, 8(%rsp)
  movq %rsp, %rbp
  movq %rdi, %r11
  movq %rsi, %r10
  pushq 88(%r10)
  pushq 80(%r10)
  pushq 72(%r10)
  pushq 64(%r10)
  pushq 56(%r10)
  pushq 48(%r10)
  movq 0(%r10), %rdi
  movq 8(%r10), %rsi
  movq 16(%r10), %rdx
  movq 24(%r10), %rcx
  movq 32(%r10), %r8
  movq 40(%r10), %r9
  xorl %eax, %eax
  call *%r11
  movq %rbx, %rsp
  popq %rbx
  popq %rbp
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
  .size sluice_leave_emulator, . - sluice_leave_emulator
  .popsection
)");

extern "C" {
void sluice_enter_emulator(void (*run)(void*, std::uintptr_t), void* call, void* top);
std::uint64_t sluice_leave_emulator(const void* function, const std::uint64_t* arguments, std::uintptr_t stack,
                                    const std::uint64_t* pair, void** top);
}

namespace sluice::image {

namespace {

constexpr std::size_t kStack = 1u << 20;
constexpr std::uintptr_t kEndOfMemory = 0x7FFFFFFFF000;
// An address where nothing is, and no instruction could be.
constexpr std::uint64_t kNever = ~std::uint64_t{0} - 1;
constexpr std::uint32_t kNop = 0xD503201F;

constexpr unsigned kPlatform = 18;  // of Windows: the KPCR
constexpr unsigned kFrame = 29;
constexpr unsigned kLink = 30;
constexpr unsigned kStackPointer = 31;
constexpr unsigned kNumInRegisters = 8;

// Of the processor's exceptions, as Unicorn numbers them.
constexpr std::uint32_t kUndefined = 1;
constexpr std::uint32_t kBreakpoint = 7;

// What is made before the sandbox. The hooks are the engine's for good, and serve the emulator that is in use.
struct Engine {
  const Unicorn* unicorn = nullptr;
  uc_engine* handle = nullptr;
  void* top = nullptr;  // of its stack, from where it is free
  Emulator* user = nullptr;
};
Engine engine;

int register_id(unsigned number) {
  if (number == kStackPointer) return UC_ARM64_REG_SP;
  if (number == kFrame) return UC_ARM64_REG_X29;
  if (number == kLink) return UC_ARM64_REG_X30;
  return UC_ARM64_REG_X0 + static_cast<int>(number);
}

std::uint64_t class_of(std::uintptr_t address) { return std::uint64_t{1} << (address / 4 % 64); }

void* make_stack() {
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  void* at = ::mmap(nullptr, kStack + kPage, PROT_NONE, kFlags, -1, 0);
  if (at == MAP_FAILED) return nullptr;
  auto* begin = static_cast<std::uint8_t*>(at) + kPage;
  return ::mprotect(begin, kStack, PROT_READ | PROT_WRITE) == 0 ? begin + kStack : nullptr;
}

Refusal told(uc_err error) { return engine.unicorn->error_text(error); }

// Has Unicorn translate and run an instruction, so that it has all that it needs for that.
uc_err warm_up() {
  constexpr std::uint64_t kAnywhere = 0x10000;
  alignas(kPage) static std::array<std::uint32_t, kPage / sizeof(std::uint32_t)> page;
  page.fill(kNop);
  const Unicorn& unicorn = *engine.unicorn;
  uc_err error = unicorn.lend(engine.handle, kAnywhere, kPage, UC_PROT_READ | UC_PROT_EXEC, page.data());
  if (error == UC_ERR_OK) error = unicorn.start(engine.handle, kAnywhere, kAnywhere + 4, 0, 0);
  if (error == UC_ERR_OK) error = unicorn.take_back(engine.handle, kAnywhere, kPage);
  return error;
}

}  // namespace

// --- What the process that forks those that run drivers does
// -----------------------------------------------------------

Parsed<void> Emulator::prepare() {
  if (engine.top != nullptr) return {};
  std::string why;
  engine.unicorn = Unicorn::load(why);
  if (engine.unicorn == nullptr) return std::unexpected("Unicorn cannot be loaded: " + why);
  const Unicorn& unicorn = *engine.unicorn;
  uc_err error = unicorn.open(UC_ARCH_ARM64, UC_MODE_ARM, &engine.handle);
  const auto hook = [&](int type, void* function) {
    uc_hook ignored{};
    if (error == UC_ERR_OK) error = unicorn.add_hook(engine.handle, &ignored, type, function, &engine, 1, 0);
  };
  hook(UC_HOOK_CODE, reinterpret_cast<void*>(&on_instruction));
  hook(UC_HOOK_MEM_INVALID, reinterpret_cast<void*>(&on_bad_access));
  hook(UC_HOOK_INTR, reinterpret_cast<void*>(&on_exception));
  if (error == UC_ERR_OK) error = warm_up();
  if (error != UC_ERR_OK) return std::unexpected("Unicorn cannot be used: " + told(error));
  engine.top = make_stack();
  if (engine.top == nullptr) return std::unexpected(std::string("the emulator has no stack: ") + std::strerror(errno));
  return {};
}

// --- Memory
// ------------------------------------------------------------------------------------------------------------

Emulator::~Emulator() {
  for (const Lent& lent : lent_) engine.unicorn->take_back(engine.handle, lent.begin, lent.size);
  if (engine.user == this) engine.user = nullptr;
}

Parsed<void> Emulator::lend(std::uintptr_t begin, std::uintptr_t end, unsigned permissions) {
  if (begin >= end) return {};
  // NOLINTNEXTLINE(performance-no-int-to-ptr): an address is the same on both sides
  auto* memory = reinterpret_cast<void*>(begin);
  const uc_err error = engine.unicorn->lend(engine.handle, begin, end - begin, permissions, memory);
  if (error != UC_ERR_OK) return std::unexpected("cannot be emulated: Unicorn refuses memory: " + told(error));
  lent_.push_back({begin, end - begin});
  return {};
}

Parsed<void> Emulator::enter(const Mapped& mapped, const Bindings& bindings, Arena& arena) {
  if (engine.top == nullptr) return std::unexpected("is for AArch64, and the emulator was not prepared");
  std::uint8_t* end = arena.take(kPage);
  if (end == nullptr) return std::unexpected("leaves no room for what the emulator needs");
  std::memcpy(end, &kNop, sizeof kNop);
  end_ = reinterpret_cast<std::uintptr_t>(end);

  struct Code {
    std::uintptr_t begin;
    std::uintptr_t end;
    unsigned permissions;
  };
  constexpr auto kPageMask = ~std::uintptr_t{kPage - 1};
  std::vector<Code> code = {{end_, end_ + kPage, UC_PROT_READ | UC_PROT_EXEC}};
  const auto add = [&](std::uintptr_t begin, std::size_t size, unsigned more) {
    if (size == 0) return;
    code.push_back({begin & kPageMask, (begin + size + kPage - 1) & kPageMask, UC_PROT_READ | UC_PROT_EXEC | more});
  };
  add(bindings.stubs(), bindings.stubs_size(), 0);
  for (const Section& section : mapped.file().sections) {
    const unsigned more = section.is_writable ? UC_PROT_WRITE : 0;
    if (section.is_executable) add(mapped.address() + section.offset, section.size, more);
  }
  std::ranges::sort(code, {}, &Code::begin);
  // The first page is nobody's.
  std::uintptr_t at = kPage;
  for (const Code& part : code) {
    const std::uintptr_t begin = std::max(at, part.begin);
    if (auto done = lend(at, begin, UC_PROT_READ | UC_PROT_WRITE); !done) return done;
    if (auto done = lend(begin, part.end, part.permissions); !done) return done;
    at = std::max(at, part.end);
  }
  if (auto done = lend(at, kEndOfMemory, UC_PROT_READ | UC_PROT_WRITE); !done) return done;
  bindings_ = &bindings;
  stubs_ = bindings.stubs();
  stubs_size_ = bindings.stubs_size();
  engine.user = this;
  listen({});
  return {};
}

// --- Registers
// ---------------------------------------------------------------------------------------------------------

std::uint64_t Emulator::general(unsigned number) const {
  std::uint64_t value = 0;
  engine.unicorn->read(engine.handle, register_id(number), &value);
  return value;
}

void Emulator::set(unsigned number, std::uint64_t value) const {
  engine.unicorn->write(engine.handle, register_id(number), &value);
}

Aarch64Registers Emulator::registers() const {
  Aarch64Registers registers;
  for (unsigned i = 0; i < registers.general.size(); ++i) registers.general[i] = general(i);
  registers.pc = pc_;
  return registers;
}

// --- What emulated code comes to
// ---------------------------------------------------------------------------------------

void Emulator::on_instruction(uc_struct*, std::uint64_t address, std::uint32_t, void*) {
  Emulator* self = engine.user;
  if (self == nullptr) return;  // the first instruction of all
  self->pc_ = address;
  const bool is_stub = address - self->stubs_ < self->stubs_size_;
  if (is_stub || (self->watched_ & class_of(address)) != 0) self->come_to(address);
}

void Emulator::come_to(std::uintptr_t address) {
  const bool is_import = bindings_->function_at(address) != nullptr;
  if (address == end_ || is_import) {
    reached_ = is_import ? Reached::import : Reached::end;
    engine.unicorn->stop(engine.handle);
    return;
  }
  if (listener_.step != nullptr) {
    is_running_ = false;
    listener_.step(*this, address);
    is_running_ = true;
  }
  if (std::ranges::find(stops_, address) != stops_.end()) tell_arrival(address);
}

void Emulator::tell_arrival(std::uintptr_t function) {
  if (listener_.arrive == nullptr) return;
  std::array<std::uint64_t, 6> arguments{};
  for (unsigned i = 0; i < arguments.size(); ++i) arguments[i] = general(i);
  const auto before = arguments;
  is_running_ = false;
  listener_.arrive(function, arguments.data());
  is_running_ = true;
  for (unsigned i = 0; i < arguments.size(); ++i) {
    if (arguments[i] != before[i]) set(i, arguments[i]);
  }
}

bool Emulator::on_bad_access(uc_struct*, int type, std::uint64_t address, int size, std::int64_t, void*) {
  Trap trap{.size = static_cast<std::uint32_t>(size), .address = address};
  switch (type) {
    case UC_MEM_WRITE_UNMAPPED:
    case UC_MEM_WRITE_PROT: trap.kind = Trap::Kind::write; break;
    case UC_MEM_FETCH_UNMAPPED:
    case UC_MEM_FETCH_PROT: trap.kind = Trap::Kind::execute; break;
    default: trap.kind = Trap::Kind::read;
  }
  if (engine.user != nullptr) engine.user->fail(trap);
  return false;
}

void Emulator::on_exception(uc_struct* handle, std::uint32_t number, void*) {
  Emulator* self = engine.user;
  if (self == nullptr) return;
  Trap trap{.kind = Trap::Kind::exception, .number = number};
  if (number == kUndefined) trap.kind = Trap::Kind::undefined;
  if (number == kBreakpoint) {
    std::uint32_t instruction = 0;
    std::memcpy(&instruction, reinterpret_cast<const void*>(self->pc_), sizeof instruction);
    trap.kind = Trap::Kind::breakpoint;
    trap.number = instruction >> 5 & 0xFFFF;
  }
  self->fail(trap);
  engine.unicorn->stop(handle);
}

void Emulator::fail(const Trap& trap) {
  if (has_failed_) return;
  has_failed_ = true;
  trap_ = trap;
  if (trap.kind == Trap::Kind::execute) pc_ = trap.address;
}

void Emulator::stop_at(std::uintptr_t function) {
  stops_.push_back(function);
  listen(listener_);
}

void Emulator::listen(const Listener& listener) {
  listener_ = listener;
  watched_ = listener.step != nullptr ? ~std::uint64_t{0} : class_of(end_);
  for (const std::uintptr_t stop : stops_) watched_ |= class_of(stop);
}

// --- Calls
// -------------------------------------------------------------------------------------------------------------

struct Emulator::Call {
  Emulator* emulator;
  std::uintptr_t function;
  const Arguments* arguments;
  std::uint64_t result;
};

std::expected<std::uint64_t, Trap> Emulator::call(const void* function, const Arguments& arguments) {
  Call call{this, reinterpret_cast<std::uintptr_t>(function), &arguments, 0};
  void* const top = engine.top;
  ++depth_;
  sluice_enter_emulator(&run_on_own_stack, &call, top);
  --depth_;
  engine.top = top;
  if (has_failed_) return std::unexpected(trap_);
  return call.result;
}

void Emulator::run_on_own_stack(void* call, std::uintptr_t stack) {
  auto& asked = *static_cast<Call*>(call);
  asked.emulator->run(asked, stack);
}

void Emulator::run(Call& call, std::uintptr_t stack) {
  const Arguments& arguments = *call.arguments;
  constexpr std::size_t kOnStack = kMaxArguments - kNumInRegisters;
  stack = (stack - kOnStack * sizeof(std::uint64_t)) & ~std::uintptr_t{15};
  std::memcpy(reinterpret_cast<void*>(stack), &arguments[kNumInRegisters], kOnStack * sizeof(std::uint64_t));
  for (unsigned i = 0; i < kNumInRegisters; ++i) set(i, arguments[i]);
  set(kStackPointer, stack);
  set(kPlatform, Environment::kAddress);
  set(kFrame, 0);
  set(kLink, end_);
  has_failed_ = false;
  std::uint64_t pc = call.function;
  for (;;) {
    reached_ = Reached::nothing;
    is_running_ = true;
    const uc_err error = engine.unicorn->start(engine.handle, pc, kNever, 0, 0);
    is_running_ = false;
    if (reached_ == Reached::nothing && !has_failed_) {
      // It stops by itself at no address that there is.
      fail({.kind = error == UC_ERR_OK ? Trap::Kind::execute : Trap::Kind::exception,
            .address = kNever,
            .number = static_cast<std::uint32_t>(error)});
    }
    if (has_failed_) return;
    if (reached_ == Reached::end) break;
    call_out();
    if (has_failed_) return;  // in a call that was made within that one
    pc = general(kLink);
  }
  call.result = general(0);
}

void Emulator::call_out() {
  const void* function = bindings_->function_at(pc_);
  const std::uintptr_t stack = general(kStackPointer);
  const std::array<std::uint64_t, 2> pair = {general(kFrame), general(kLink)};
  Arguments arguments{};
  for (unsigned i = 0; i < kNumInRegisters; ++i) arguments[i] = general(i);
  // May fault, as a function's own read of them would.
  std::memcpy(&arguments[kNumInRegisters], reinterpret_cast<const void*>(stack),
              (kMaxArguments - kNumInRegisters) * sizeof(std::uint64_t));
  const std::uintptr_t stub = pc_;
  const std::uint64_t result = sluice_leave_emulator(function, arguments.data(), stack, pair.data(), &engine.top);
  pc_ = stub;
  set(0, result);
  set(kStackPointer, stack);
  set(kFrame, pair[0]);
  set(kLink, pair[1]);
}

}  // namespace sluice::image
