#include "fuzz/engine/operation_mutation.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace sluice::engine {

namespace {

constexpr std::size_t kMaxLength = 64;
constexpr std::array<std::uint64_t, 8> kNumbers = {0, 1, 0x7F, 0xFF, 0x7FFFFFFF, 0xFFFFFFFF, INT64_MAX, UINT64_MAX};

std::string number_bytes(std::uint64_t number, std::size_t size) {
  std::string bytes(size, '\0');
  std::memcpy(bytes.data(), &number, size);
  return bytes;
}

}  // namespace

std::size_t OperationMutation::below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

// Of the content, from anywhere.
std::string OperationMutation::piece(std::size_t size) {
  const std::size_t length = std::min(size, content_.size());
  const std::size_t at = below(content_.size() - length + 1);
  std::string bytes(size, '\0');
  if (length != 0) std::memcpy(bytes.data(), content_.data() + at, length);
  return bytes;
}

Value OperationMutation::make_value(std::uint32_t kind) {
  constexpr std::size_t kOdds = 8;
  if (below(kOdds) == 0) return {};
  if (below(kOdds) == 0) kind = static_cast<std::uint32_t>(1 + below(SLUICE_U64));
  const bool is_number = below(2) == 0;
  switch (kind) {
    case SLUICE_BYTES: return {kind, piece(below(kMaxLength))};
    case SLUICE_UTF16: return {kind, piece(2 * below(kMaxLength / 2))};
    case SLUICE_U32: return {kind, is_number ? number_bytes(kNumbers[below(kNumbers.size())], 4) : piece(4)};
    case SLUICE_U64: return {kind, is_number ? number_bytes(kNumbers[below(kNumbers.size())], 8) : piece(8)};
    default: return {};
  }
}

Event OperationMutation::make_event() {
  Event event;
  if (types_.empty()) {
    event.type = static_cast<std::uint32_t>(below(8));
    event.inputs.resize(below(32));
    for (Value& value : event.inputs) value = make_value(static_cast<std::uint32_t>(1 + below(SLUICE_U64)));
    return event;
  }
  const DescribedType& type = types_[below(types_.size())];
  event.type = type.type;
  for (const std::uint32_t kind : type.kinds) event.inputs.push_back(make_value(kind));
  return event;
}

void OperationMutation::make(std::vector<Operation>& operations) {
  constexpr std::size_t kMostEvents = 8;
  operations.push_back({.act = Act::load_first, .event = {}});
  for (std::size_t left = 1 + below(kMostEvents); left > 0; --left) {
    operations.push_back({.act = Act::evaluate, .event = make_event()});
    if (below(kMostEvents) != 0) continue;
    operations.push_back({.act = below(2) == 0 ? Act::load_first : Act::load_second, .event = {}});
  }
  operations.push_back({.act = Act::unload, .event = {}});
}

void OperationMutation::mutate(std::vector<Operation>& operations) {
  if (operations.empty()) {
    make(operations);
    return;
  }
  const std::size_t at = below(operations.size());
  const auto place = operations.begin() + static_cast<std::ptrdiff_t>(at);
  Operation& chosen = operations[at];
  const bool has_room = operations.size() < kMaxOperations;
  enum { add_event, add_load, add_unload, remove, copy, swap, change_value, num_verbs };
  switch (below(num_verbs)) {
    case add_event:
      if (has_room) operations.insert(place + 1, {.act = Act::evaluate, .event = make_event()});
      break;
    case add_load:
      if (has_room) operations.insert(place, {.act = below(2) == 0 ? Act::load_first : Act::load_second, .event = {}});
      break;
    case add_unload:
      if (has_room) operations.insert(place + 1, {.act = Act::unload, .event = {}});
      break;
    case remove:
      if (operations.size() > 1) operations.erase(place);
      break;
    case copy:
      if (has_room) operations.insert(place, Operation(chosen));
      break;
    case swap: std::swap(chosen, operations[below(operations.size())]); break;
    default:
      if (chosen.act == Act::evaluate && !chosen.event.inputs.empty()) {
        Value& value = chosen.event.inputs[below(chosen.event.inputs.size())];
        value = make_value(value.kind != SLUICE_ABSENT ? value.kind : static_cast<std::uint32_t>(SLUICE_U64));
      }
  }
}

}  // namespace sluice::engine
