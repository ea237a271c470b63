#include "fuzz/worker/frames.h"

#include <dlfcn.h>
#include <unwind.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "fuzz/worker/image.h"
#include "fuzz/worker/readable.h"

namespace sluice::worker {

namespace {

std::array<StackBounds, 2> stacks;
const char* driver = "";

// Instructions, of callers the call itself. More than are told: the worker's own are taken away.
class Trace {
 public:
  void add_instruction(std::uintptr_t pc) {
    if (size_ < pcs_.size()) pcs_[size_++] = pc;
  }
  void add_return(std::uintptr_t pc) { add_instruction(pc - 1); }

  [[nodiscard]] std::size_t size() const { return size_; }
  void write(FramesRecord& frames) const;

 private:
  std::array<std::uintptr_t, 2 * kMaxFrames> pcs_{};
  std::size_t size_ = 0;
};

bool is_code(std::uintptr_t address, Dl_info& info) {
  return dladdr(reinterpret_cast<const void*>(address), &info) != 0 && info.dli_fname != nullptr;
}

bool is_code(std::uintptr_t address) {
  Dl_info info{};
  return is_code(address, info);
}

bool is_own(std::uintptr_t pc) {
  Dl_info own{};
  Dl_info info{};
  return is_code(pc, info) && is_code(reinterpret_cast<std::uintptr_t>(&set_stacks), own) &&
         info.dli_fbase == own.dli_fbase;
}

bool is_driver(std::uintptr_t pc) {
  if (image_under_test.is_inside(pc)) return true;
  Dl_info info{};
  return is_code(pc, info) && std::strcmp(info.dli_fname, driver) == 0;
}

const char* last_part(const char* path) {
  const char* part = path;
  for (const char* at = path; *at != '\0'; ++at) {
    if (*at == '/') part = at + 1;
  }
  return part;
}

// Where the instruction is, of what is loaded. No file is read.
void fill(FrameRecord& frame, std::uintptr_t pc) {
  frame = {};
  frame.offset = pc;
  if (image_under_test.is_inside(pc)) return image_under_test.describe(pc, frame);
  Dl_info info{};
  if (!is_code(pc, info)) return;
  frame.offset = pc - reinterpret_cast<std::uintptr_t>(info.dli_fbase);
  copy_text(frame.module, last_part(info.dli_fname));
  if (info.dli_sname != nullptr) copy_text(frame.symbol, info.dli_sname);
}

void Trace::write(FramesRecord& frames) const {
  const std::uintptr_t* first = pcs_.data();
  const std::uintptr_t* last = first + size_;
  if (std::any_of(first, last, is_driver)) {
    first = std::find_if_not(first, last, is_own);
    while (!is_driver(last[-1])) --last;
  }
  std::uint32_t count = 0;
  for (; first != last && count < kMaxFrames; ++first) fill(frames.frames[count++], *first);
  frames.count = count;
}

// --- By frame pointers: works wherever it starts, in code that keeps them ---

bool goes_up(std::uintptr_t frame, std::uintptr_t below) {
  for (const StackBounds& stack : stacks) {
    if (frame >= stack.low && frame < stack.high) return below >= stack.low && below <= frame;
  }
  return false;
}

void walk(Trace& trace, const ucontext_t& context) {
  const auto& registers = context.uc_mcontext.gregs;
  const auto pc = static_cast<std::uintptr_t>(registers[REG_RIP]);
  auto below = static_cast<std::uintptr_t>(registers[REG_RSP]);
  auto frame = static_cast<std::uintptr_t>(registers[REG_RBP]);
  trace.add_instruction(pc);
  // A call through a bad pointer has pushed where it came from, and no more.
  std::uintptr_t caller = 0;
  if (!is_code(pc) && copy_readable(&caller, reinterpret_cast<const void*>(below), sizeof caller) == sizeof caller &&
      is_code(caller)) {
    trace.add_return(caller);
  }
  while (goes_up(frame, below)) {
    std::uintptr_t pair[2];  // the caller's frame, the return address
    if (copy_readable(pair, reinterpret_cast<const void*>(frame), sizeof pair) != sizeof pair) return;
    if (!is_code(pair[1])) return;
    trace.add_return(pair[1]);
    below = frame + sizeof pair;
    frame = pair[0];
  }
}

// --- By the unwinder's tables: works in any compiled code, as long as the stack is as it should be ---

struct Unwinding {
  Trace trace{};
  std::uintptr_t begin = 0;  // the instruction to begin at
  bool has_begun = false;
  const StackBounds* stack = nullptr;
};

const StackBounds* stack_of(std::uintptr_t address) {
  for (const StackBounds& stack : stacks) {
    if (address >= stack.low && address <= stack.high) return &stack;
  }
  return nullptr;
}

_Unwind_Reason_Code visit(_Unwind_Context* context, void* argument) {
  auto& unwinding = *static_cast<Unwinding*>(argument);
  int is_exact = 0;
  const std::uintptr_t pc = _Unwind_GetIPInfo(context, &is_exact);
  if (!unwinding.has_begun && unwinding.begin != pc) return _URC_NO_REASON;
  unwinding.has_begun = true;
  // The frames of a handler come first, on a stack of its own. The driver's end where its stack does.
  const StackBounds* stack = stack_of(_Unwind_GetCFA(context));
  if (unwinding.stack != nullptr && stack != unwinding.stack) return _URC_END_OF_STACK;
  unwinding.stack = stack;
  if (is_exact != 0) {
    unwinding.trace.add_instruction(pc);
  } else {
    unwinding.trace.add_return(pc);
  }
  return _URC_NO_REASON;
}

Trace unwind(Unwinding unwinding) {
  _Unwind_Backtrace(visit, &unwinding);
  return unwinding.trace;
}

// --- In an image: no unwinder of ours knows its code ---

void walk_image(Trace& trace, std::uintptr_t pc, const ucontext_t* context, std::uintptr_t stack) {
  std::array<std::uintptr_t, kMaxFrames> returns{};
  const std::size_t count = image_under_test.callers(pc, context, stack, returns);
  for (std::size_t i = 0; i < count; ++i) trace.add_return(returns[i]);
}

}  // namespace

void set_stacks(StackBounds kernel, StackBounds main) { stacks = {kernel, main}; }
void set_driver(const char* path) { driver = path; }

void record_context(FramesRecord& frames, const ucontext_t& context) {
  Trace walked;
  if (image_under_test.is_loaded()) {
    const auto pc = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
    walked.add_instruction(pc);
    walk_image(walked, pc, &context, static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RSP]));
    if (walked.size() > 1 || image_under_test.is_inside(pc)) return walked.write(frames);
  }
  walk(walked, context);
  walked.write(frames);
  // This may fault, on a stack that the driver has damaged: then the above is what is told.
  const Trace unwound = unwind({.begin = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP])});
  if (unwound.size() > walked.size()) unwound.write(frames);
}

void record_image(FramesRecord& frames, std::uintptr_t pc, std::uintptr_t stack) {
  Trace walked;
  walked.add_instruction(pc);
  walk_image(walked, pc, nullptr, stack);
  walked.write(frames);
}

void record_callers(FramesRecord& frames) {
  if (image_under_test.is_loaded()) {
    Trace walked;
    walk_image(walked, 0, nullptr, reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)));
    if (walked.size() != 0) return walked.write(frames);
  }
  unwind({.has_begun = true}).write(frames);
}

void record_returns(FramesRecord& frames, const void* const* returns, std::size_t count) {
  Trace trace;
  for (std::size_t i = 0; i < count && returns[i] != nullptr; ++i) {
    trace.add_return(reinterpret_cast<std::uintptr_t>(returns[i]));
  }
  trace.write(frames);
}

void record_instructions(FramesRecord& frames, const std::uintptr_t* pcs, std::size_t count) {
  Trace trace;
  for (std::size_t i = 0; i < count; ++i) trace.add_instruction(pcs[i]);
  trace.write(frames);
}

}  // namespace sluice::worker
