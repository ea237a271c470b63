// A driver that is a few lines of a test.
#pragma once

#include <cstring>
#include <functional>
#include <optional>
#include <string>

#include "fuzz/engine/oracle.h"

namespace sluice::triage {

inline engine::Fault fault_at(std::uint32_t offset, const char* kind = "read") {
  engine::Fault fault{};
  std::strcpy(fault.kind, kind);
  fault.offset = offset;
  fault.event = engine::kNoEvent;
  return fault;
}

// A read of an array `of` elements of 8 bytes, at an index past its end.
inline engine::Fault read_past(std::uint64_t index, std::uint64_t of) {
  engine::Fault fault = fault_at(0x1000);
  std::strcpy(fault.object.what, "array");
  fault.object.bytes = of * 8;
  fault.object.elements = of;
  fault.object.side = worker::Side::end;
  fault.object.distance = (index - of) * 8;
  fault.address = 0x10000 + index * 8;
  return fault;
}

// What a driver does: nothing where it loads the content, its refusal, or a fault.
struct Does {
  bool is_accepted = true;
  std::optional<engine::Fault> fault = {};
};
inline Does refuses() { return {.is_accepted = false}; }
inline Does faults(const engine::Fault& fault) { return {.is_accepted = true, .fault = fault}; }

class FakeOracle final : public engine::Oracle {
 public:
  using Driver = std::function<Does(std::span<const std::uint8_t>)>;
  explicit FakeOracle(Driver driver) : driver_(std::move(driver)) {}

  engine::Observation run(std::span<const std::uint8_t> input, bool) override {
    ++asked;
    const Does does = driver_(input);
    engine::Observation out{.is_accepted = does.is_accepted, .faults = {}};
    if (does.fault) out.faults.push_back(*does.fault);
    return out;
  }

  std::size_t asked = 0;

 private:
  Driver driver_;
};

}  // namespace sluice::triage
