// What one execution does: the parts of an input of the fuzzer, and the events that it evaluates.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fuzz/target/target.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::engine {

// A value of an input, as the target gets it.
struct Value {
  std::uint32_t kind = SLUICE_ABSENT;
  std::string bytes;
};

struct Event {
  std::uint32_t type = 0;
  std::vector<Value> inputs;
};

// What a target says of a template type, copied out of its memory.
struct DescribedType {
  std::uint32_t type = 0;
  std::string name;  // may be empty
  std::vector<std::uint32_t> kinds;
};

// Events for content of which nothing is known: of each type one with every input, one with long ones, and one with
// none.
[[nodiscard]] std::vector<Event> plain_events(const std::vector<DescribedType>& types);

// As worker::EventMemory loads them.
[[nodiscard]] std::vector<std::uint8_t> encode(std::span<const Event> events);

// The operations of a container; empty where one of them is none that there is.
enum class Act : std::uint8_t { load_first = 0, load_second = 1, unload = 2, evaluate = 3 };
struct Operation {
  Act act = Act::unload;
  Event event{};  // of evaluate
};
inline constexpr std::size_t kMaxOperations = 64;
inline constexpr std::size_t kMaxInputs = 1024;
[[nodiscard]] std::vector<Operation> read_operations(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::vector<std::uint8_t> write_operations(std::span<const Operation> operations);

}  // namespace sluice::engine
