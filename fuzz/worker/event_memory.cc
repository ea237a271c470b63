#include "fuzz/worker/event_memory.h"

#include <cstring>

#include "fuzz/worker/events.h"
#include "fuzz/worker/shared.h"

namespace sluice::worker {

namespace {

constexpr std::size_t kGap = 16;
constexpr std::size_t kAlignment = 16;

}  // namespace

bool EventMemory::map() {
  return values_.map(kMaxFrame + kMaxValues * (kGap + kAlignment)) && table_.map(kMaxValues * sizeof(sluice_input)) &&
         inputs_.map(kMaxInputs * sizeof(sluice_input));
}

void EventMemory::arm() {
  forbid_all(inputs_);
  forbid_guards(values_);
}

void EventMemory::load(std::span<const std::uint8_t> blob, std::uint8_t poison) {
  const std::size_t used_before = used_;
  values_.release_after(used_before);
  num_values_ = num_events_ = 0;
  at_ = nullptr;
  used_ = 0;
  permit(values_.begin(), used_before);
  if (blob.empty()) return;
  num_values_ = read_u32(&blob[8]);
  num_events_ = read_u32(&blob[12]);

  const std::uint8_t* at = &blob[16];
  std::uint8_t* to = values_.begin();
  for (std::uint32_t i = 0; i < num_values_; ++i) {
    const std::uint32_t kind = read_u32(at);
    const std::uint32_t size = read_u32(at + 4);
    at += 8;
    std::memcpy(to, at, size);
    table()[i] = {.kind = kind, .size = size, .data = kind == SLUICE_ABSENT ? nullptr : to};
    at += round_up_to_8(size);
    const std::size_t room = (size + kGap + kAlignment - 1) / kAlignment * kAlignment;
    std::memset(to + size, poison, room - size);
    forbid(to + size, room - size);
    to += room;
  }
  used_ = static_cast<std::size_t>(to - values_.begin());
  at_ = at;
}

void EventMemory::shape_inputs(std::uint32_t count) {
  const std::uint32_t before = event_.inputs == nullptr ? 0 : event_.num_inputs;
  permit_last(inputs_, before * sizeof(sluice_input), count * sizeof(sluice_input));
  event_.inputs = reinterpret_cast<const sluice_input*>(inputs_.end()) - count;
}

const sluice_event& EventMemory::next() {
  const std::uint32_t count = read_u32(at_ + 4);
  if (count != event_.num_inputs || event_.inputs == nullptr) shape_inputs(count);
  // Both words in one store, as drivers may load them: two stores could not be forwarded to that load.
  static_assert(offsetof(sluice_event, num_inputs) == sizeof event_.type);
  std::memcpy(&event_, at_, sizeof event_.type + sizeof event_.num_inputs);
  at_ += 8;
  auto* input = const_cast<sluice_input*>(event_.inputs);
  for (std::uint32_t k = 0; k < count; ++k, at_ += 4) {
    const std::uint32_t index = read_u32(at_);
    input[k] = index == kAbsent ? sluice_input{} : table()[index];
  }
  return event_;
}

bool EventMemory::find(std::uintptr_t address, Object& object) const {
  if (inputs_.is_near(address)) {
    object = {.what = "array",
              .name = "inputs of the event",
              .begin = reinterpret_cast<std::uintptr_t>(event_.inputs),
              .bytes = event_.num_inputs * sizeof(sluice_input),
              .elements = event_.num_inputs};
    return true;
  }
  if (!values_.is_near(address)) return false;
  for (std::uint32_t i = 0; i < num_values_; ++i) {
    const auto begin = reinterpret_cast<std::uintptr_t>(table()[i].data);
    if (begin == 0) continue;
    if (object.what != nullptr && begin > address) break;
    object = {.what = "value", .name = "input of the event", .begin = begin, .bytes = table()[i].size};
  }
  return object.what != nullptr;
}

}  // namespace sluice::worker
