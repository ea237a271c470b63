#include "fuzz/worker/frames.h"

#include <dlfcn.h>

#include <array>

#include "fuzz/worker/readable.h"

namespace sluice::worker {

namespace {

std::array<StackBounds, 2> stacks;

bool is_same_stack(std::uintptr_t frame, std::uintptr_t before) {
  for (const StackBounds& stack : stacks) {
    if (frame >= stack.low && frame < stack.high) return before >= stack.low && before <= frame;
  }
  return false;
}

const char* last_part(const char* path) {
  const char* part = path;
  for (const char* at = path; *at != '\0'; ++at) {
    if (*at == '/') part = at + 1;
  }
  return part;
}

// Where the instruction at `pc` is, of what is loaded. No file is read.
bool record(FramesRecord& frames, std::uintptr_t pc) {
  if (frames.count >= kMaxFrames) return false;
  FrameRecord& frame = frames.frames[frames.count++];
  frame = {};
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(pc), &info) == 0 || info.dli_fname == nullptr) {
    frame.offset = pc;
    return true;
  }
  frame.offset = pc - reinterpret_cast<std::uintptr_t>(info.dli_fbase);
  copy_text(frame.module, last_part(info.dli_fname));
  if (info.dli_sname != nullptr) copy_text(frame.symbol, info.dli_sname);
  return true;
}

bool is_code(std::uintptr_t address) {
  Dl_info info{};
  return dladdr(reinterpret_cast<const void*>(address), &info) != 0;
}

void walk(FramesRecord& frames, std::uintptr_t frame, std::uintptr_t below) {
  while (is_same_stack(frame, below)) {
    std::uintptr_t pair[2];  // the caller's frame, the return address
    if (copy_readable(pair, reinterpret_cast<const void*>(frame), sizeof pair) != sizeof pair) return;
    if (!is_code(pair[1]) || !record(frames, pair[1] - 1)) return;
    below = frame + sizeof pair;
    frame = pair[0];
  }
}

}  // namespace

void set_stacks(StackBounds kernel, StackBounds main) { stacks = {kernel, main}; }

void record_walk(FramesRecord& frames, std::uintptr_t pc, std::uintptr_t frame, std::uintptr_t stack) {
  frames.count = 0;
  record(frames, pc);
  // A call through a bad pointer has pushed where it came from, and no more.
  std::uintptr_t caller = 0;
  if (!is_code(pc) && copy_readable(&caller, reinterpret_cast<const void*>(stack), sizeof caller) == sizeof caller &&
      is_code(caller)) {
    record(frames, caller - 1);
  }
  walk(frames, frame, stack);
}

void record_callers(FramesRecord& frames, const void* frame) {
  frames.count = 0;
  walk(frames, reinterpret_cast<std::uintptr_t>(frame), reinterpret_cast<std::uintptr_t>(frame));
}

void record_returns(FramesRecord& frames, const void* const* returns, std::size_t count) {
  frames.count = 0;
  for (std::size_t i = 0; i < count && returns[i] != nullptr; ++i) {
    if (!record(frames, reinterpret_cast<std::uintptr_t>(returns[i]) - 1)) return;
  }
}

void record_instructions(FramesRecord& frames, const std::uintptr_t* pcs, std::size_t count) {
  frames.count = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!record(frames, pcs[i])) return;
  }
}

}  // namespace sluice::worker
