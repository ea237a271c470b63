// What a driver is given, as faults speak of it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fuzz/worker/fault_record.h"
#include "fuzz/worker/guarded_area.h"
#include "fuzz/worker/shadow.h"

namespace sluice::worker {

struct Object {
  const char* what = nullptr;  // a literal: "array"
  const char* name = "";       // may be the driver's: read it with care
  std::uintptr_t begin = 0;
  std::size_t bytes = 0;
  std::size_t elements = 0;
  bool is_gone = false;  // the driver may no longer use it
};

// Where `address` lies seen from `object`.
void describe(const Object& object, std::uintptr_t address, ObjectRecord& record);

// Makes AddressSanitizer, if there is one, tell of accesses next to the area, and inside, with their size.
inline void forbid_guards(const GuardedArea& area) {
  forbid(area.begin() - GuardedArea::kNarrow, GuardedArea::kNarrow);
  forbid(area.end(), GuardedArea::kNarrow);
}
inline void forbid_all(const GuardedArea& area) {
  forbid_guards(area);
  forbid(area.begin(), area.size());
}

// The last `before` bytes of the area were permitted; now the last `now` bytes are.
inline void permit_last(const GuardedArea& area, std::size_t before, std::size_t now) {
  if (now > before) permit(area.end() - now, now - before);
  if (now < before) forbid(area.end() - before, before - now);
}

}  // namespace sluice::worker
