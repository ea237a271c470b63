// What the supervisor shares with one child. The child runs code that may do anything, so that all of this is hostile:
// the supervisor copies a number before it checks it.
#pragma once

#include <semaphore.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "fuzz/engine/fault.h"
#include "fuzz/mutate/features.h"

namespace sluice::engine {

inline constexpr std::size_t kMaxInput = 1u << 20;
inline constexpr std::size_t kMaxFaults = 64;  // of one child; what comes after is counted
inline constexpr std::size_t kMaxInputsPerFault = 128;
inline constexpr std::size_t kMaxFaultsFound = kMaxFaults * kMaxInputsPerFault;
inline constexpr std::size_t kMaxRecipe = 4096;
inline constexpr std::size_t kMostOfFault = kMaxInput + kMaxRecipe;
inline constexpr int kChildDone = 0;
inline constexpr int kChildCannot = 71;  // Shared::problem says why

inline constexpr std::uint32_t kMaxTypes = 1024;
inline constexpr std::size_t kMaxTypeName = 64;

enum class Phase : std::uint32_t { starting, fuzzing, done };

// A fault, by one input that shows it.
struct FaultFound {
  Fault fault;
  std::uint64_t hash;       // hash_of(fault), and whether it is an escape
  std::uint64_t parent;     // a number for what the input was made of
  std::uint64_t execution;  // counts from 1
  std::uint32_t is_escape;
  // In Shared::fault_bytes: how the mutator made the input of the one before, which may be empty, and then the input.
  std::uint32_t at;
  std::uint32_t recipe_size;
  std::uint32_t size;
};

// Whether the driver has the word: what takes long outside of it is no fault.
struct Pulse {
  std::atomic<std::uint64_t> calls;  // into it
  std::atomic<std::uint32_t> is_inside;
};

// How far the deterministic stage is, so that one that an input ended goes on behind it.
struct StageRecord {
  static constexpr std::size_t kMostParents = 16;
  std::uint64_t parents[kMostParents];  // hashes of what it began with
  std::atomic<std::uint32_t> num_parents;
  std::atomic<std::uint32_t> starts;     // processes that had it
  std::atomic<std::uint32_t> is_making;  // steps for a parent, which ends nothing but this process
  std::atomic<std::uint32_t> next_step;
  std::atomic<std::uint32_t> executed;  // inputs
  std::atomic<std::uint32_t> is_over;
};

// How far a use of an input has come.
enum class UseState : std::uint8_t {
  none,
  accepted,   // the driver has loaded content with it
  evaluated,  // an event came to it
};

// A template type, as the target describes it.
struct TypeName {
  std::uint32_t type;
  char name[kMaxTypeName];  // ends at a NUL or here
};

// The field that a fault is owed to, and a value with which there is none (blame.h).
struct BlameRecord {
  char path[256];
  char value[64];
  std::uint32_t from;  // bytes of the content
  std::uint32_t to;
};

// What an oracle asks of a child (job_oracle.h): the input is Shared::current.
inline constexpr std::size_t kMostAnswered = 8;
struct Inquiry {
  sem_t asked;
  sem_t answered;
  std::atomic<std::uint32_t> explores;
  std::atomic<std::uint32_t> is_accepted;
  std::atomic<std::uint32_t> num_faults;
  Fault faults[kMostAnswered];
};

// What one that weighs is asked (weigher.h): many inputs at once, for a process that waits for each costs more than
// most.
inline constexpr std::size_t kMostWeighed = 1024;
inline constexpr std::size_t kMostWeighedBytes = 4 * kMaxInput;
struct Weighing {
  std::uint32_t sizes[kMostWeighed];
  std::uint8_t bytes[kMostWeighedBytes];  // one input after the other
  std::atomic<std::uint32_t> num_asked;
  std::atomic<std::uint32_t> num_done;
  std::atomic<std::uint8_t> is_new[kMostWeighed];        // it came to what none before did
  std::atomic<std::uint64_t> nanoseconds[kMostWeighed];  // of the processor, for one execution; 0: it faulted
  std::atomic<std::uint64_t> num_seen;                   // all that was come to
};

struct Shared {
  // The supervisor's.
  std::atomic<std::uint32_t> stop;

  // The child's.
  std::atomic<Phase> phase;
  std::atomic<std::uint64_t> executions;
  Pulse pulse;
  std::atomic<std::uint64_t> faulted;   // executions
  std::atomic<std::uint64_t> accepted;  // content that the driver loaded
  std::atomic<std::uint64_t> last_new;  // the execution that covered a block for the first time
  std::atomic<std::uint32_t> blocks;
  std::atomic<std::uint32_t> blocks_reachable;
  std::atomic<std::uint32_t> blocks_covered;
  std::atomic<std::uint32_t> blocks_of_seeds;  // covered before the first mutation
  std::atomic<std::uint32_t> has_mutated;
  StageRecord stage;
  std::atomic<std::uint32_t> dark;  // features that nothing has lit, plus one; 0: not counted
  std::atomic<std::uint32_t> num_faults;
  std::atomic<UseState> uses[mutate::kMostFeatures];  // by the feature
  std::atomic<std::uint32_t> tells_reached;           // the target says which criteria events come to
  std::atomic<std::uint32_t> num_types;
  TypeName types[kMaxTypes];
  char problem[1024];
  std::atomic<std::uint32_t> has_blame;
  BlameRecord blame;
  Inquiry inquiry;
  Weighing weighing;

  // What runs now, so that it is known where the child does not come back.
  std::atomic<std::uint32_t> current_size;
  std::uint8_t current[kMaxInput];

  FaultFound faults[kMaxFaultsFound];
  std::uint8_t fault_bytes[2 * kMaxFaults * kMostOfFault];
};

// Parts of fault_bytes, whatever is told: at most kMaxRecipe and kMaxInput bytes.
struct FaultParts {
  std::span<const std::uint8_t> recipe;
  std::span<const std::uint8_t> input;
};
FaultParts parts_of(const Shared& shared, const FaultFound& found);

// For each child its own, before it is forked. Null with errno set. Costs what is in use.
Shared* map_shared();
void unmap_shared(Shared* shared);

}  // namespace sluice::engine
