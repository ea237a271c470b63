// Who called, in code that keeps no frame pointers: by the image's own tables, and without these by what lies on the
// stack.
#include <algorithm>
#include <array>

#include "fuzz/image/unwind.h"
#include "fuzz/worker/image.h"
#include "fuzz/worker/instruction.h"
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

bool read_word(std::uintptr_t address, std::uint64_t& word) {
  return copy_readable(&word, reinterpret_cast<const void*>(address), sizeof word) == sizeof word;
}

}  // namespace

std::size_t Image::callers(std::uintptr_t pc, const ucontext_t* context, std::uintptr_t stack,
                           std::span<std::uintptr_t> returns) const {
  // Begins with the instruction itself.
  if (context != nullptr && file_->unwind.size != 0 && is_inside(pc)) {
    std::array<std::uintptr_t, kMaxFrames + 1> pcs{};
    const std::size_t most = std::min(pcs.size(), returns.size() + 1);
    const image::Registers registers = registers_of(*context);
    std::size_t count = image::unwind(*file_, mapped_->address(), registers, std::span(pcs).first(most), read_word);
    while (count > 1 && !is_inside(pcs[count - 1])) --count;
    std::copy_n(pcs.begin() + 1, count - 1, returns.begin());
    return count - 1;
  }
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

}  // namespace sluice::worker
