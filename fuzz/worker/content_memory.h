// The content as the driver sees it: exactly as many bytes, a guard behind them or before; gone once `load` has
// returned.
#pragma once

#include <span>

#include "fuzz/worker/object.h"

namespace sluice::worker {

class ContentMemory {
 public:
  [[nodiscard]] bool map();
  // In the child, once.
  void arm() { forbid_guards(area_); }

  enum class Edge : std::uint8_t { end, begin };  // that is at the guard
  // `is_sealed`: it cannot be written.
  const void* place(std::span<const std::uint8_t> content, Edge edge = Edge::end, bool is_sealed = false);
  void retire();
  // The same without asking the system: it can be read, and holds `poison`.
  void discard(std::uint8_t poison);

  bool find(std::uintptr_t address, Object& object) const;

 private:
  // All pages that hold some of it.
  void protect(int protection) const;

  GuardedArea area_;
  std::uint8_t* begin_ = nullptr;
  std::size_t size_ = 0;
  bool is_protected_ = false;
  bool is_retired_ = false;
};

}  // namespace sluice::worker
