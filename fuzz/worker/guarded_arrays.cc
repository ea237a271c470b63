#include "fuzz/worker/guarded_arrays.h"

#include <algorithm>
#include <cstring>

#include "fuzz/worker/poison.h"
#include "fuzz/worker/readable.h"

namespace sluice::worker {

namespace {

constexpr std::size_t kMaxArray = 64u << 10;

}  // namespace

bool GuardedArrays::map() {
  return std::ranges::all_of(places_, [](Place& place) { return place.area.map(kMaxArray); });
}

void GuardedArrays::arm() {
  for (const Place& place : places_) forbid_all(place.area);
}

void GuardedArrays::begin_request(std::span<const Supply> supplies) {
  num_supplies_ = std::min(supplies.size(), supplies_.size());
  std::copy_n(supplies.begin(), num_supplies_, supplies_.begin());
  next_ = 0;
}

const void* GuardedArrays::place(std::span<const std::uint8_t> stack, const char* name, std::uint32_t type,
                                 const void* array, std::size_t element_size) {
  const auto known = std::span(supplies_).first(num_supplies_);
  const auto supply = std::ranges::find(known, type, &Supply::type);
  if (supply == known.end() || element_size == 0 || supply->count > kMaxArray / element_size) return array;

  Place& place = places_[next_++ % kPlaces];
  const std::size_t bytes = supply->count * element_size;
  std::uint8_t* begin = place.area.end() - bytes;
  permit_last(place.area, place.bytes, bytes);
  place.name = name;
  place.bytes = bytes;
  place.elements = supply->count;
  // AddressSanitizer's memcpy would tell of a claim that reaches into a red zone.
  const std::uintptr_t into = reinterpret_cast<std::uintptr_t>(array) - reinterpret_cast<std::uintptr_t>(stack.data());
  if (!kSanitized && into < stack.size() && bytes <= stack.size() - into) {
    std::memcpy(begin, array, bytes);
    return begin;
  }
  // A claim may exceed what there is to copy.
  std::size_t copied = copy_readable(begin, array, bytes);
  while (copied < bytes) begin[copied++] = kPoisonBytes[0];
  return begin;
}

bool GuardedArrays::find(std::uintptr_t address, Object& object) const {
  for (const Place& place : places_) {
    if (place.name == nullptr || !place.area.is_near(address)) continue;
    object = {.what = "array",
              .name = place.name,
              .begin = reinterpret_cast<std::uintptr_t>(place.area.end()) - place.bytes,
              .bytes = place.bytes,
              .elements = place.elements};
    return true;
  }
  return false;
}

}  // namespace sluice::worker
