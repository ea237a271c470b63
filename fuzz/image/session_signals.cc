// What a session does when the processor or a stand-in stops the driver.
#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "fuzz/image/kernel_tables.h"
#include "fuzz/image/session.h"
#include "fuzz/image/unwind.h"
#include "fuzz/kernel_api/control.h"

// The C library's own. A sanitizer stands before sigaction(), and may be told to let nobody have signals of faults
// (handle_segv=2): here they are what the driver is stopped by, and what is not the driver's is passed on.
extern "C" int __sigaction(int signal, const struct sigaction* action, struct sigaction* before);

namespace sluice::image {

namespace {

constexpr std::size_t kSignalStack = 64u << 10;
constexpr std::size_t kGuard = 64u << 10;
constexpr std::uintptr_t kWanted = 0x32C000000000;
constexpr greg_t kWrite = 2;         // of a page fault's error
constexpr greg_t kInstruction = 16;  // the same
constexpr greg_t kPlainFlags = 0x202;
constexpr std::uint32_t kPlainMxcsr = 0x1F80;
constexpr std::uint16_t kPlainControl = 0x37F;
constexpr std::size_t kStackPointer = 4;  // of Registers::general
constexpr std::size_t kFramePointer = 5;

std::uintptr_t pc_of(const ucontext_t& context) {
  return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
}

Registers registers_of(const ucontext_t& context) {
  // As instructions encode them.
  constexpr std::array kGeneral = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                   REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  Registers registers;
  for (std::size_t i = 0; i < kGeneral.size(); ++i) {
    registers.general[i] = static_cast<std::uint64_t>(context.uc_mcontext.gregs[kGeneral[i]]);
  }
  registers.rip = pc_of(context);
  return registers;
}

// Has the processor go on where the session's call returns, with nothing of the driver's modes.
void leave(ucontext_t& context) {
  auto& machine = context.uc_mcontext;
  machine.gregs[REG_RIP] = static_cast<greg_t>(SessionStack::way_out());
  machine.gregs[REG_EFL] = kPlainFlags;
  if (machine.fpregs == nullptr) return;
  machine.fpregs->mxcsr = kPlainMxcsr;
  machine.fpregs->cwd = kPlainControl;
  machine.fpregs->ftw = 0;
}

}  // namespace

Parsed<void> Session::install() {
  if (!signal_stack_.map(kWanted, kSignalStack, kGuard)) return std::unexpected(std::string("cannot have signals"));
  sluice_kernel_begin();
  sluice_kernel_guard(SLUICE_GUARD_END);
  sluice_kernel_stack(stack_.pages().begin(), stack_.pages().end());
  sluice_kernel_on_fault(on_kernel_fault);
  stack_t ours{};
  ours.ss_sp = signal_stack_.begin();
  ours.ss_size = signal_stack_.size();
  struct sigaction action{};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  bool good = ::sigaltstack(&ours, &signal_stack_before_) == 0;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    good = ::__sigaction(kSignals[i], &action, &actions_before_[i]) == 0 && good;
  }
  is_installed_ = true;
  if (!good) return std::unexpected(std::string("cannot have signals: ") + std::strerror(errno));
  return {};
}

void Session::uninstall() {
  if (!is_installed_) return;
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::__sigaction(kSignals[i], &actions_before_[i], nullptr);
  signal_stack_before_.ss_flags &= ~SS_ONSTACK;
  ::sigaltstack(&signal_stack_before_, nullptr);
  sluice_kernel_unmark();
  sluice_kernel_begin();
  sluice_kernel_forget();
  sluice_kernel_guard(SLUICE_GUARD_NONE);
  sluice_kernel_stack(nullptr, nullptr);
  sluice_kernel_on_fault(nullptr);
}

// A fault of this process, or of a stop that is none of ours: for whoever was told before.
void Session::pass_on(int signal, const siginfo_t& info) {
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    if (kSignals[i] == signal) ::__sigaction(signal, &actions_before_[i], nullptr);
  }
  // What the instruction does not do again by itself.
  if (signal == SIGTRAP || info.si_code <= 0) (void)::raise(signal);
}

void Session::on_signal(int signal, siginfo_t* info, void* raw_context) {
  const int error_before = errno;
  auto& context = *static_cast<ucontext_t*>(raw_context);
  sluice_kernel_grant();
  if (running_ == nullptr || info->si_code <= 0) {
    opened_->pass_on(signal, *info);
  } else if (running_->serve_ != nullptr && running_->serve_(signal, context)) {
    // Served.
  } else if (!running_->go_on(signal, context)) {
    running_->tell(signal, *info, context);
    leave(context);
  }
  errno = error_before;
}

void Session::on_kernel_fault(const char* kind, const char* text) {
  Session* session = running_;
  if (session == nullptr) return;
  session->fault_ = {.kind = FaultKind::kernel, .kernel_kind = kind};
  const std::size_t size = ::strnlen(text, session->text_.size());
  std::memcpy(session->text_.data(), text, size);
  session->fault_.text = {session->text_.data(), size};
  Registers registers;
  registers.general[kStackPointer] = registers.general[kFramePointer] =
      reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  session->tell_place(registers);
  SessionStack::leave();
}

// Whether the driver runs on: a block that was not counted, a function to stop at, a kernel that would go on.
bool Session::go_on(int signal, ucontext_t& context) {
  auto& registers = context.uc_mcontext.gregs;
  const std::uintptr_t pc = pc_of(context);
  if (signal == SIGTRAP) {
    if (!coverage_ || !coverage_->on_trap(pc - 1)) return stop(context);
    registers[REG_RIP] = static_cast<greg_t>(pc - 1);
    return true;
  }
  if (!mapped_->is_inside(pc)) return false;
  const std::uint32_t offset = mapped_->offset_of(pc);
  if (signal == SIGILL) {
    const auto bug = bug_at(*mapped_, offset);
    if (!bug || !bug->is_warning) return false;
    registers[REG_RIP] += 2;
    return true;
  }
  const auto fixup = signal == SIGSEGV ? fixup_for(*mapped_, offset) : std::nullopt;
  if (fixup) registers[REG_RIP] = static_cast<greg_t>(mapped_->address() + *fixup);
  return fixup.has_value();
}

bool Session::stop(ucontext_t& context) {
  auto& registers = context.uc_mcontext.gregs;
  const Breakpoint* stopped = breakpoints_->before(pc_of(context));
  if (stopped == nullptr) return false;
  const auto value = [&](int name) { return static_cast<std::uint64_t>(registers[name]); };
  Detours::Arguments arguments{.rcx = value(REG_RCX),
                               .rdx = value(REG_RDX),
                               .rsi = value(REG_RSI),
                               .rdi = value(REG_RDI),
                               .r8 = value(REG_R8),
                               .r9 = value(REG_R9),
                               .stack_pointer = value(REG_RSP)};
  call_hooks(stopped->offset, arguments);
  const auto put = [&](int name, std::uint64_t with) { registers[name] = static_cast<greg_t>(with); };
  put(REG_RCX, arguments.rcx);
  put(REG_RDX, arguments.rdx);
  put(REG_RSI, arguments.rsi);
  put(REG_RDI, arguments.rdi);
  put(REG_R8, arguments.r8);
  put(REG_R9, arguments.r9);
  registers[REG_RIP] = static_cast<greg_t>(stopped->continue_at);
  return true;
}

void Session::on_detour(std::uint32_t offset, Detours::Arguments& arguments) {
  if (running_ != nullptr) running_->call_hooks(offset, arguments);
}

void Session::call_hooks(std::uint32_t offset, Detours::Arguments& at) const {
  std::array<std::uint64_t*, 6> places = {&at.rdi, &at.rsi, &at.rdx, &at.rcx, &at.r8, &at.r9};
  std::uint64_t none[2] = {0, 0};
  if (file_->format == Format::pe) {
    // Behind the return address and what belongs to the called.
    constexpr std::size_t kFifth = 5;
    auto* stack = reinterpret_cast<std::uint64_t*>(at.stack_pointer);
    const bool is_stack = at.stack_pointer % sizeof *stack == 0 && stack_.pages().is_inside(at.stack_pointer) &&
                          stack_.pages().is_inside(at.stack_pointer + (kFifth + 2) * sizeof *stack - 1);
    std::uint64_t* rest = is_stack ? stack + kFifth : none;
    places = {&at.rcx, &at.rdx, &at.r8, &at.r9, rest, rest + 1};
  }
  std::array<std::uint64_t, 6> arguments{};
  for (std::size_t i = 0; i < places.size(); ++i) arguments[i] = *places[i];
  for (const Hook& hook : hooks_) {
    if (hook.offset == offset) hook.call(arguments.data());
  }
  for (std::size_t i = 0; i < places.size(); ++i) *places[i] = arguments[i];
}

void Session::tell(int signal, const siginfo_t& info, const ucontext_t& context) {
  fault_ = {};
  tell_place(registers_of(context));
  switch (signal) {
    case SIGFPE: fault_.kind = FaultKind::arithmetic; break;
    case SIGTRAP: fault_.kind = FaultKind::trap; break;
    case SIGILL: {
      const bool is_bug = fault_.is_in_image && bug_at(*mapped_, fault_.offset).has_value();
      fault_.kind = is_bug ? FaultKind::bug : FaultKind::illegal;
      break;
    }
    default:
      // Only a page fault has an address.
      if (info.si_code == SI_KERNEL) {
        fault_.kind = FaultKind::protection;
      } else {
        tell_address(reinterpret_cast<std::uintptr_t>(info.si_addr), context);
      }
  }
}

void Session::tell_address(std::uintptr_t address, const ucontext_t& context) {
  const greg_t error = context.uc_mcontext.gregs[REG_ERR];
  fault_.address = address;
  fault_.import = bindings_->trapped_at(address);
  if (stack_.pages().is_in_guard_below(address)) {
    fault_.kind = FaultKind::stack_overflow;
  } else if ((error & kInstruction) != 0) {
    fault_.kind = FaultKind::execute;
  } else {
    fault_.kind = (error & kWrite) != 0 ? FaultKind::write : FaultKind::read;
  }
}

bool Session::is_code(std::uintptr_t address) const {
  if (!mapped_->is_inside(address)) return false;
  const Section* section = section_at(*file_, mapped_->offset_of(address));
  return section != nullptr && section->is_executable;
}

// The word there; 0 where that is not the stack.
std::uintptr_t Session::stack_word(std::uintptr_t at) const {
  std::uintptr_t word = 0;
  if (at % sizeof word != 0 || !stack_.pages().is_inside(at)) return 0;
  std::memcpy(&word, reinterpret_cast<const void*>(at), sizeof word);
  return word;
}

// Where on the stack it says where the image goes on when what it called returns; 0: not known. A call that went
// nowhere has just pushed it; stand-ins keep frame pointers; for other code the first address of the image's code must
// do.
std::uintptr_t Session::innermost_return(std::uintptr_t stack, std::uintptr_t frame) const {
  if (is_code(stack_word(stack))) return stack;
  for (std::uintptr_t at = frame; stack_.pages().is_inside(at);) {
    if (is_code(stack_word(at + sizeof at))) return at + sizeof at;
    const std::uintptr_t caller = stack_word(at);
    if (caller <= at) break;
    at = caller;
  }
  for (std::uintptr_t at = stack - stack % sizeof at; stack_.pages().is_inside(at); at += sizeof at) {
    if (is_code(stack_word(at))) return at;
  }
  return 0;
}

void Session::tell_place(Registers registers) {
  num_frames_ = 0;
  fault_.is_in_image = mapped_->is_inside(registers.rip);
  if (!fault_.is_in_image) {
    const std::uintptr_t at = innermost_return(registers.general[kStackPointer], registers.general[kFramePointer]);
    if (at == 0) return;
    registers.rip = stack_word(at);
    registers.general[kStackPointer] = at + sizeof at;
  }
  fault_.offset = mapped_->offset_of(registers.rip);
  std::array<std::uintptr_t, std::tuple_size_v<decltype(frames_)>> pcs{};
  const auto read = [](std::uintptr_t address, std::uint64_t& word) {
    if (!opened_->stack_.pages().is_inside(address) || !opened_->stack_.pages().is_inside(address + sizeof word - 1)) {
      return false;
    }
    std::memcpy(&word, reinterpret_cast<const void*>(address), sizeof word);
    return true;
  };
  for (const std::uintptr_t pc : std::span(pcs).first(unwind(*file_, mapped_->address(), registers, pcs, read))) {
    if (mapped_->is_inside(pc)) frames_[num_frames_++] = mapped_->offset_of(pc);
  }
}

}  // namespace sluice::image
