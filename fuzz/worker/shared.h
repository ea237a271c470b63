// What supervisor and child have in common: one mapping of a memory file, made before the first child is forked.
//
// The child writes here while it runs code that may do anything. What the supervisor reads is therefore hostile: it
// copies a number before it checks it, and a text ends at the latest where its array ends. The large parts are sparse:
// they cost what is in use.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "fuzz/image/image_file.h"
#include "fuzz/target/target.h"
#include "fuzz/worker/fault_record.h"

namespace sluice::worker {

inline constexpr std::size_t kMaxFrame = 256u << 20;
inline constexpr std::size_t kMaxValues = 1u << 20;
inline constexpr std::size_t kMaxEvents = 1u << 22;
inline constexpr std::size_t kMaxInputs = 1u << 16;  // of one event
inline constexpr std::size_t kMaxReached = 1u << 20;
inline constexpr std::size_t kMaxRefused = 1u << 16;
inline constexpr std::size_t kMaxSupplies = 1024;
inline constexpr std::size_t kMaxSlots = 4096;  // of an array that is measured
inline constexpr std::size_t kMaxSlotBytes = 64u << 10;
inline constexpr std::size_t kMaxLeaks = 64;
inline constexpr std::size_t kMaxLogLines = 50;
inline constexpr std::size_t kMaxLogLine = 256;
inline constexpr std::size_t kMaxDescription = 1u << 20;
inline constexpr std::size_t kMaxBlocks = 1'000'000;  // of an image
inline constexpr std::size_t kMaxInstructions = image::kMaxImage;

enum class Phase : std::uint32_t { start, load, evaluate, unload };

// How far the child is. Written before each call, so that it can be told where one did not return.
struct Progress {
  std::atomic<std::uint32_t> run;  // 0, 1: under which poison
  std::atomic<Phase> phase;
  std::atomic<std::uint32_t> event;
  std::atomic<std::uint32_t> evaluated;  // of run 0
  std::atomic<std::uint32_t> has_reached;
  std::atomic<std::uint32_t> instance;
  std::atomic<std::uint32_t> criterion;
};

enum class Order : std::uint32_t {
  start,    // load the target, describe it
  run,      // content, events, unload
  measure,  // one event until it hands over its array; the child is of no use afterwards
  step,     // the same, instruction by instruction
  list,     // the blocks of the image; the input holds offsets of those that ran
};

struct Supply {
  std::uint32_t type;
  std::uint32_t count;
};

// What the supervisor asks for; the content and the events follow in Shared::input.
struct Job {
  Order order;
  std::uint64_t content_size;
  std::uint64_t events_size;
  std::uint32_t trace;
  std::uint32_t once;  // with trace: each criterion once a request
  std::uint32_t poisons;
  std::uint32_t sealed;  // the last run cannot write the content
  std::uint32_t leaks;
  std::uint32_t fail_allocation;
  std::uint32_t num_supplies;
  Supply supplies[kMaxSupplies];
  std::uint32_t type;    // measure, step
  std::uint32_t poison;  // measure, step: 0 or 1
  // Step: the array as a measurement found it.
  std::uint64_t array;
  std::uint64_t element_size;
  std::uint64_t num_slots;
};

struct LeakRecord {
  std::uint64_t bytes;
  char tag[16];
  FramesRecord frames;
};

struct Disagreement {
  std::uint32_t is_set;
  std::uint32_t at_load;
  std::uint32_t event;
  sluice_result first;
  sluice_result second;
};

struct Log {
  std::uint32_t count;
  char lines[kMaxLogLines][kMaxLogLine];  // oldest first
};

struct Reached {
  std::uint32_t event;
  std::uint32_t instance;
  std::uint32_t criterion;
};

// Where an array lies. On the stack and in the pool what nobody wrote is poison; on the stack an earlier call may have.
enum class Place : std::uint32_t { stack, pool, elsewhere };

// What a stop at the interpreter's entry saw.
struct Stop {
  std::uint32_t has_stopped;
  Place place;
  std::uint64_t array;
  std::uint64_t element_size;
  std::uint64_t num_slots;
  std::uint64_t capacity;  // elements that the array has room for, where ASan knows; else 0
  std::uint8_t slots[kMaxSlotBytes];
};

enum class Slot : std::uint8_t {
  untouched,  // since the memory last belonged to nobody
  stored,
  pushed,  // by a call or push: a return address or a saved register, no element
};

struct Steps {
  std::uint32_t is_complete;
  std::uint64_t count;
  Slot slots[kMaxSlots];
  std::uint64_t writers[kMaxSlots];       // the frame of the function that stored last
  std::uint64_t instructions[kMaxSlots];  // the address of the one that stored first
  std::uint64_t times[kMaxSlots];         // when it did, by `count`
};

// As an answer's blob has it.
struct ListedBlock {
  std::uint32_t offset;
  std::uint32_t size;
  std::uint64_t address;
  std::uint32_t flags;
  std::uint32_t reserved;
};
inline constexpr std::uint32_t kBlockHit = 1;
inline constexpr std::uint32_t kBlockReachable = 2;

struct Shared {
  Progress progress;
  Job job;

  // What the child answers.
  std::uint32_t has_load;
  sluice_result load;
  std::uint64_t stack_used;
  std::uint64_t still_allocated;  // after unload, in bytes
  std::uint32_t num_reached;
  std::uint32_t is_reached_complete;
  std::uint32_t num_refused;
  Disagreement disagreement;
  std::uint32_t num_leaks;
  LeakRecord leaks[kMaxLeaks];
  Log log;
  FaultRecord fault;
  Stop stop;
  Steps steps;

  // Of an image whose blocks are counted; written when a child starts, but for the hits.
  std::uint32_t counts_blocks;
  std::uint32_t num_blocks;
  std::uint32_t num_listed;
  std::uint32_t num_instructions;

  std::uint32_t description_size;
  std::uint8_t description[kMaxDescription];

  sluice_result results[kMaxEvents];
  Reached reached[kMaxReached];
  Reached refused[kMaxRefused];             // events that were refused, and the last that they came to
  std::uint32_t block_offsets[kMaxBlocks];  // rising
  std::uint8_t block_hits[kMaxBlocks];      // in the current run, by the index of block_offsets: 0 or 1
  ListedBlock listed[kMaxBlocks];
  std::uint8_t instructions[kMaxInstructions];  // lengths, block after block
  std::uint8_t input[kMaxFrame];
};

// Maps it. Null with errno set on failure.
Shared* map_shared();

}  // namespace sluice::worker
