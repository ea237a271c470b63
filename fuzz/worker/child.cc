#include "fuzz/worker/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

#include "fuzz/worker/call.h"
#include "fuzz/worker/fault.h"
#include "fuzz/worker/frames.h"
#include "fuzz/worker/image.h"
#include "fuzz/worker/kernel_calls.h"
#include "fuzz/worker/measure.h"
#include "fuzz/worker/memory.h"
#include "fuzz/worker/poison.h"
#include "fuzz/worker/run.h"
#include "fuzz/worker/sandbox.h"
#include "fuzz/worker/sanitizer.h"
#include "fuzz/worker/signals.h"
#include "fuzz/worker/target.h"

namespace sluice::worker {

namespace {

constexpr int kCannotStart = 70;

void list_blocks() {
  const std::size_t count = job_content().size() / sizeof(std::uint32_t);
  image_under_test.list_blocks({reinterpret_cast<const std::uint32_t*>(job_content().data()), count});
}

void serve(const Target& target) {
  while (read_order()) {
    switch (shared->job.order) {
      case Order::start: break;
      case Order::run: run(target); break;
      case Order::measure: measure(target); break;
      case Order::step: step(target); break;
      case Order::list: list_blocks(); break;
    }
    say_done();
  }
}

// The supervisor keeps its descriptors above these.
bool arrange_descriptors(const ChildPlan& plan) {
  const std::array<int, 6> wanted = {plan.null, plan.null, plan.null, plan.orders, plan.answers, plan.target};
  for (int fd = 0; fd < static_cast<int>(wanted.size()); ++fd) {
    if (::dup2(wanted[static_cast<std::size_t>(fd)], fd) < 0) return false;
  }
  // The loader reads on from where the last child's stopped: the position is the open file's, and they share that.
  return ::lseek(kTargetFd, 0, SEEK_SET) == 0 && ::syscall(SYS_close_range, wanted.size(), ~0U, 0) == 0;
}

bool give_up_rights(const ChildPlan& plan) {
  const bool is_bound = ::setpgid(0, 0) == 0 && ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == plan.parent;
  // AddressSanitizer maps terabytes that it does not use; there the supervisor's watch is the limit.
  const std::size_t limit = kSanitized ? 0 : 2 * plan.options->memory;
  return is_bound && limit_resources(limit) && arrange_descriptors(plan) && install_handlers(memory.signal_stack) &&
         enter_sandbox();
}

}  // namespace

void be_child(const ChildPlan& plan) {
  constexpr std::uintptr_t kMainStack = 8u << 20;
  shared = plan.shared;
  if (!give_up_rights(plan)) ::_exit(kCannotStart);
  const GuardedArea& stack = memory.stack.area();
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  set_stacks({reinterpret_cast<std::uintptr_t>(stack.begin()), reinterpret_cast<std::uintptr_t>(stack.end())},
             {here - kMainStack, here});
  set_driver(plan.options->target.c_str());
  memory.arm();
  listen_to_sanitizers();
  kernel::begin(plan.options->pool, memory.stack);
  memory.stack.fill(kPoisonBytes[0]);
  if (read_order()) {
    const Target* target = load_target(plan.options->target.c_str());
    write_description(*target);
    say_done();
    serve(*target);
  }
  ::_exit(kChildDone);
}

}  // namespace sluice::worker
