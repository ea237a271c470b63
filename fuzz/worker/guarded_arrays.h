// What sluice_guard_array() does: copies of exactly as many elements as were supplied, each ending at a guard.
#pragma once

#include <array>
#include <span>

#include "fuzz/worker/object.h"
#include "fuzz/worker/shared.h"

namespace sluice::worker {

class GuardedArrays {
 public:
  [[nodiscard]] bool map();
  void arm();

  void begin_request(std::span<const Supply> supplies);
  // What was placed may be replaced.
  void begin_call() { next_ = 0; }
  // The array itself where nothing is known of `type`, or where a copy would be too large. What lies on `stack` can be
  // read.
  const void* place(std::span<const std::uint8_t> stack, const char* name, std::uint32_t type, const void* array,
                    std::size_t element_size);

  bool find(std::uintptr_t address, Object& object) const;

 private:
  // An interpreter that is handed more arrays in one call has finished with the first ones.
  static constexpr std::size_t kPlaces = 64;

  struct Place {
    GuardedArea area;
    const char* name = nullptr;
    std::size_t bytes = 0;
    std::size_t elements = 0;
  };

  std::array<Place, kPlaces> places_;
  std::array<Supply, kMaxSupplies> supplies_{};
  std::size_t num_supplies_ = 0;
  std::size_t next_ = 0;
};

}  // namespace sluice::worker
