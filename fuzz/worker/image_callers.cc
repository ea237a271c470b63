// Who called, in code that keeps no frame pointers and has no tables that our unwinder reads.
#include <array>

#include "fuzz/worker/image.h"
#include "fuzz/worker/memory.h"
#include "fuzz/worker/readable.h"

namespace sluice::worker {

namespace {

// Whether what lies before `pc` can be a call. What it is not is taken for one now and then: an old return address that
// is still on the stack is told as a caller, too.
bool follows_call(std::uintptr_t pc) {
  std::array<std::uint8_t, 7> before{};
  if (copy_readable(before.data(), reinterpret_cast<const void*>(pc - before.size()), before.size()) != before.size()) {
    return false;
  }
  if (before[2] == 0xE8) return true;  // call rel32
  // call of a register or of memory: FF /2, with its operand in up to five bytes
  for (const std::size_t length : {2u, 3u, 4u, 6u, 7u}) {
    const std::uint8_t* at = before.data() + before.size() - length;
    if (at[0] == 0xFF && (at[1] >> 3 & 7) == 2) return true;
  }
  return false;
}

}  // namespace

std::size_t Image::callers(std::uintptr_t pc, const ucontext_t* context, std::uintptr_t stack,
                           std::span<std::uintptr_t> returns) const {
  if (emulator_ != nullptr) return emulated_callers(pc, returns);
  (void)context;
  const GuardedArea& area = memory.stack.area();
  std::size_t count = 0;
  for (std::uintptr_t at = stack - stack % sizeof(stack); area.is_inside(at) && count < returns.size();
       at += sizeof(at)) {
    std::uintptr_t word = 0;
    if (copy_readable(&word, reinterpret_cast<const void*>(at), sizeof word) != sizeof word) break;
    if (is_inside(word) && follows_call(word)) returns[count++] = word;
  }
  return count;
}

// Code for AArch64 keeps its frames in a chain: each is a pair of the caller's and where to return to. The innermost
// function may have no frame, or not yet; then the link register tells its caller.
std::size_t Image::emulated_callers(std::uintptr_t pc, std::span<std::uintptr_t> returns) const {
  constexpr unsigned kFrame = 29;
  constexpr unsigned kLink = 30;
  if (!emulator_->is_entered()) return 0;
  const auto function_at = [this](std::uintptr_t at) { return image::symbol_at(*file_, mapped_->offset_of(at)); };
  std::uintptr_t frame = emulator_->general(kFrame);
  std::uintptr_t pair[2] = {};
  const bool has_frame = copy_readable(pair, reinterpret_cast<const void*>(frame), sizeof pair) == sizeof pair;
  std::size_t count = 0;
  const std::uintptr_t link = emulator_->general(kLink);
  // In a function with a frame it is what the last call from here returned to.
  const bool is_own = is_inside(pc) && is_inside(link) && function_at(link - 1) == function_at(pc);
  if (is_inside(link) && !is_own && !(has_frame && pair[1] == link)) returns[count++] = link;
  while (count < returns.size() && memory.stack.area().is_inside(frame) &&
         copy_readable(pair, reinterpret_cast<const void*>(frame), sizeof pair) == sizeof pair && is_inside(pair[1])) {
    returns[count++] = pair[1];
    if (pair[0] <= frame) break;
    frame = pair[0];
  }
  return count;
}

}  // namespace sluice::worker
