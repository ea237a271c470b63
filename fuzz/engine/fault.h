// What a driver did wrong under the fuzzer: plain data of fixed size, since it goes through memory that the driver
// shares. The report proper is the worker's (docs/run.md); this is enough to tell one fault from another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fuzz/worker/object.h"
#include "validator/finding/finding.h"

namespace sluice::engine {

enum class Step : std::uint32_t { load, evaluate, unload };

inline constexpr std::uint32_t kNoOffset = UINT32_MAX;
inline constexpr std::uint32_t kNoEvent = UINT32_MAX;

struct Fault {
  char kind[24];         // "read", "write", "double-free", ...; empty: there is none
  char text[200];        // what a stand-in for the kernel said
  char symbol[104];      // of the function in the image, where that is known
  std::uint32_t offset;  // of the instruction in the target, or of where it goes on; kNoOffset
  std::uint64_t address;
  worker::ObjectRecord object;
  Step step;
  std::uint32_t event;       // of those that were evaluated; kNoEvent
  std::uint32_t is_refusal;  // of the step, which returned an error; there is no place then
  std::uint32_t code;        // that it returned
};

// A driver that says no is wrong only where the gate said yes.
[[nodiscard]] Fault refusal_of(Step step, std::uint32_t event, std::uint32_t code);

// What a target says, for people: a dot for all that is not printable ASCII.
[[nodiscard]] std::string printable(std::string_view text);

// The same for faults that are one: kind, place, and the role of the object, or the code. Letters, digits and dashes.
[[nodiscard]] std::string identity_of(const Fault& fault);
// The same as a number, without allocating.
[[nodiscard]] std::uint64_t hash_of(const Fault& fault);
// As what `sluice run` would report it, or the end of a process of that kind; nothing: it has no name for it.
[[nodiscard]] std::optional<FindingId> finding_id_of(const Fault& fault);
[[nodiscard]] std::optional<FindingId> finding_id_of(std::string_view kind);
// "read of 0x..., 0 bytes past the end of a 160-byte array of 20 inputs, at match_criterion (+0x163a)"
[[nodiscard]] std::string sentence_of(const Fault& fault);

}  // namespace sluice::engine
