// The stack that a session's driver runs on: of kernel size, with a guard below, filled with poison.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fuzz/image/session_pages.h"

namespace sluice::image {

class SessionStack {
 public:
  // False with errno set.
  [[nodiscard]] bool map(std::size_t size);

  using Function = std::uint64_t (*)(const void*);
  // Calls on this stack, from its top. One call at a time, in the process.
  std::uint64_t call(Function function, const void* argument) const;
  // Where a signal handler has the processor go on to have call() return at once: whatever registers hold, but for
  // rax, which is what it returns.
  static std::uintptr_t way_out();
  // The same from code on this stack.
  [[noreturn]] static void leave();

  // Fills what was used since the last time.
  void refill();

  [[nodiscard]] const SessionPages& pages() const { return pages_; }

 private:
  SessionPages pages_;
};

}  // namespace sluice::image
