#include "fuzz/worker/signals.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "fuzz/worker/classify.h"
#include "fuzz/worker/emulated.h"
#include "fuzz/worker/fault.h"
#include "fuzz/worker/frames.h"
#include "fuzz/worker/image.h"
#include "fuzz/worker/instruction.h"
#include "fuzz/worker/readable.h"
#include "fuzz/worker/sandbox.h"
#include "fuzz/worker/shadow.h"

namespace sluice::worker {

namespace {

const char* path_to_serve = nullptr;
bool is_loading = false;
StepFunction on_step = nullptr;

bool is_text(const char* argument, const char* expected) {
  char text[4096];
  copy_text(text, argument);
  return std::strcmp(text, expected) == 0;
}

// What the loader and the C library want and get without the system. False: the call is refused.
bool serve(int call, const greg_t* arguments, greg_t& result) {
  switch (call) {
    case SYS_open:
    case SYS_openat: {
      const auto* path = reinterpret_cast<const char*>(arguments[call == SYS_openat ? 1 : 0]);
      // A sanitizer's runtime that cannot name an address asks for this, and goes on without.
      if (kSanitized && is_text(path, "/proc/self/maps")) {
        result = -ENOENT;
        return true;
      }
      if (!is_loading || path_to_serve == nullptr || !is_text(path, path_to_serve)) return false;
      path_to_serve = nullptr;
      result = kTargetFd;
      return true;
    }
    case SYS_close: result = 0; return is_loading && arguments[0] == kTargetFd;
    // abort() and setjmp() save and restore what is blocked. Nothing is: a blocked fault could not be told.
    case SYS_rt_sigprocmask: result = 0; return true;
    // Whether what is printed goes to a terminal: no.
    case SYS_ioctl: result = -ENOTTY; return arguments[0] <= 2 && arguments[1] == TCGETS;
    default: return false;
  }
}

const char* signal_name(int signal) {
  const char* name = sigabbrev_np(signal);
  return name != nullptr ? name : "?";
}

// A call that is an end rather than an attempt to get out. Returns whether it is.
bool tell_end(int call, const greg_t* arguments, FaultRecord& fault) {
  const int own = static_cast<int>(::getpid());
  int signal = 0;
  switch (call) {
    case SYS_exit:
    case SYS_exit_group:
      fault.kind = FaultKind::ended;
      std::snprintf(fault.text, sizeof fault.text, "exit code %d", static_cast<int>(arguments[0]) & 0xFF);
      return true;
    case SYS_kill:
    case SYS_tkill: signal = static_cast<int>(arguments[1]); break;
    case SYS_tgkill: signal = static_cast<int>(arguments[2]); break;
    default: return false;
  }
  const auto to = static_cast<int>(arguments[0]);
  if (to != own && to != 0) return false;
  fault.kind = FaultKind::ended;
  std::snprintf(fault.text, sizeof fault.text, "signal %d (SIG%s)", signal, signal_name(signal));
  return true;
}

void on_system_call(const siginfo_t& info, ucontext_t& context) {
  auto& registers = context.uc_mcontext.gregs;
  const greg_t arguments[3] = {registers[REG_RDI], registers[REG_RSI], registers[REG_RDX]};
  greg_t result = 0;
  if (serve(info.si_syscall, arguments, result)) {
    registers[REG_RAX] = result;
    return;
  }
  FaultRecord& fault = begin_fault(FaultKind::forbidden);
  if (!tell_end(info.si_syscall, arguments, fault)) {
    fault.system_call = info.si_syscall;
    if (info.si_syscall == SYS_openat) copy_text(fault.text, reinterpret_cast<const char*>(arguments[1]));
    if (info.si_syscall == SYS_open) copy_text(fault.text, reinterpret_cast<const char*>(arguments[0]));
  }
  record_context(fault.frames, context);
  end_fault();
}

void on_signal(int signal, siginfo_t* info, void* raw_context) {
  auto& context = *static_cast<ucontext_t*>(raw_context);
  if ((signal == SIGSEGV || signal == SIGBUS) && resume_copy(context)) return;
  if (signal == SIGSYS) return on_system_call(*info, context);
  if (signal == SIGTRAP && info->si_code == TRAP_TRACE && on_step != nullptr) return on_step(context);
  if (signal == SIGTRAP && image_under_test.serve_block(context)) return;
  if (signal == SIGTRAP && image_under_test.serve_breakpoint(context)) return;
  if (image_under_test.is_running_emulated()) tell_emulated(*image_under_test.emulator(), signal, *info, context);
  if (signal == SIGILL && image_under_test.serve_warning(context)) return;
  if (signal == SIGSEGV && image_under_test.serve_exception(context)) return;
  FaultRecord& fault = begin_fault(FaultKind::wild);
  classify(signal, *info, context, fault);
  record_instruction(fault.instruction, context);
  record_context(fault.frames, context);
  end_fault();
}

}  // namespace

bool install_handlers(const GuardedArea& signal_stack) {
  stack_t stack{};
  stack.ss_sp = signal_stack.begin();
  stack.ss_size = signal_stack.size();
  if (::sigaltstack(&stack, nullptr) != 0) return false;
  struct sigaction action{};
  action.sa_sigaction = on_signal;
  // A fault while one is told must come here too, and end it.
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGSYS, SIGTRAP, SIGABRT}) {
    if (::sigaction(signal, &action, nullptr) != 0) return false;
  }
  sigset_t none;
  sigemptyset(&none);
  return ::sigprocmask(SIG_SETMASK, &none, nullptr) == 0;
}

void begin_loading(const char* path) {
  path_to_serve = path;
  is_loading = true;
}

void end_loading() {
  path_to_serve = nullptr;
  is_loading = false;
}

void set_step(StepFunction step) { on_step = step; }

}  // namespace sluice::worker
