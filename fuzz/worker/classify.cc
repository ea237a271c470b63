#include "fuzz/worker/classify.h"

#include <cstdio>

#include "fuzz/worker/frames.h"
#include "fuzz/worker/image.h"
#include "fuzz/worker/kernel_calls.h"
#include "fuzz/worker/memory.h"
#include "fuzz/worker/poison.h"
#include "fuzz/worker/readable.h"

namespace sluice::worker {

namespace {

constexpr std::uintptr_t kFirstPage = 4096;
constexpr greg_t kPageFault = 14;

// Of the error code of a page fault.
constexpr greg_t kWrite = 1 << 1;
constexpr greg_t kFetch = 1 << 4;

std::uintptr_t register_of(const ucontext_t& context, int which) {
  return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[which]);
}

bool is_beyond_stack(std::uintptr_t address, const ucontext_t& context) {
  const GuardedArea& area = memory.stack.area();
  if (area.is_in_guard_below(address)) return true;
  // A large frame steps over the guard.
  constexpr std::uintptr_t kLargestFrame = 16u << 20;
  const auto bottom = reinterpret_cast<std::uintptr_t>(area.begin());
  const std::uintptr_t stack = register_of(context, REG_RSP);
  return stack < bottom && bottom - stack < kLargestFrame && address < bottom && bottom - address < kLargestFrame;
}

void set_address(FaultRecord& fault, std::uintptr_t address) {
  fault.has_address = 1;
  fault.address = address;
}

// A register that holds what nobody wrote, or what was freed.
bool classify_registers(const ucontext_t& context, FaultRecord& fault) {
  for (int which = REG_R8; which <= REG_RCX; ++which) {
    const std::uintptr_t value = register_of(context, which);
    if (!is_poison(value) && !is_freed_poison(value)) continue;
    fault.kind = is_poison(value) ? FaultKind::uninitialised : FaultKind::use_after_free;
    set_address(fault, value);
    copy_text(fault.text, is_poison(value) ? "followed a pointer that nobody wrote"
                                           : "followed a pointer that was read from freed memory");
    return true;
  }
  return false;
}

void classify_page_fault(std::uintptr_t address, const ucontext_t& context, FaultRecord& fault) {
  const greg_t error = context.uc_mcontext.gregs[REG_ERR];
  fault.access = (error & kFetch) != 0 ? Access::execute : (error & kWrite) != 0 ? Access::write : Access::read;
  set_address(fault, address);
  if (const image::Import* import = image_under_test.trapped_at(address)) {
    fault.kind = FaultKind::import;
    std::snprintf(fault.text, sizeof fault.text, "%s %.*s, for which there is no stand-in",
                  fault.access == Access::execute ? "called" : "used", 200, import->name.c_str());
    return;
  }
  if (is_beyond_stack(address, context)) {
    fault.kind = FaultKind::stack_exhausted;
  } else if (address < kFirstPage || address > UINTPTR_MAX - kFirstPage) {
    fault.kind = FaultKind::null;
  } else if (!classify_address(address, fault)) {
    fault.kind = FaultKind::wild;
    classify_registers(context, fault);
  }
}

}  // namespace

bool classify_address(std::uintptr_t address, FaultRecord& fault) {
  kernel::Owner owner;
  const bool is_found = memory.find(address, owner.object) || kernel::find(address, owner);
  if (!is_found) return false;
  fault.kind = owner.object.is_gone ? FaultKind::use_after_free : FaultKind::out_of_bounds;
  describe(owner.object, address, fault.object);
  if (owner.num_frames > 0) {
    record_returns(fault.allocated, owner.allocated, owner.num_frames);
    record_returns(fault.freed, owner.freed, owner.num_frames);
  }
  return true;
}

void classify(int signal, const siginfo_t& info, const ucontext_t& context, FaultRecord& fault) {
  switch (signal) {
    case SIGILL:
      if (image_under_test.describe_bug(register_of(context, REG_RIP), fault.text, sizeof fault.text)) {
        fault.kind = FaultKind::bugcheck;
        break;
      }
      fault.kind = FaultKind::undefined;
      copy_text(fault.text, "came to an instruction that traps (ud2)");
      break;
    case SIGFPE:
      fault.kind = FaultKind::undefined;
      copy_text(fault.text, "divided an integer by zero, or the smallest by -1");
      break;
    case SIGTRAP:
      fault.kind = FaultKind::bugcheck;
      copy_text(fault.text, "came to a breakpoint (int3)");
      break;
    case SIGABRT:
      fault.kind = FaultKind::ended;
      copy_text(fault.text, "signal 6");
      break;
    default:
      if (context.uc_mcontext.gregs[REG_TRAPNO] == kPageFault) {
        classify_page_fault(reinterpret_cast<std::uintptr_t>(info.si_addr), context, fault);
      } else if (!classify_registers(context, fault)) {
        // The processor does not say which address it was.
        fault.kind = FaultKind::wild;
        copy_text(fault.text, "used an address that cannot exist");
      }
  }
}

}  // namespace sluice::worker
