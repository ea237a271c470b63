// A fault as the child leaves it in shared memory: numbers and short texts, no sentences. fault_json.h makes those.
//
// The record is plain data of fixed size, so that a signal handler can fill it. Nothing in it can be believed.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sluice::worker {

enum class FaultKind : std::uint32_t {
  out_of_bounds,
  null,
  use_after_free,
  double_free,
  bad_free,
  uninitialised,
  wild,
  stack_exhausted,
  undefined,
  bugcheck,
  timeout,
  memory,
  ended,
  silent,
  forbidden,
  adapter,
  import,
};

// By FaultKind: the words of the protocol.
inline constexpr std::array<std::string_view, 17> kFaultKinds = {
    "out-of-bounds",   "null",      "use-after-free", "double-free", "bad-free", "uninitialised", "wild",
    "stack-exhausted", "undefined", "bugcheck",       "timeout",     "memory",   "ended",         "silent",
    "forbidden",       "adapter",   "import"};
static_assert(kFaultKinds.size() == static_cast<std::size_t>(FaultKind::import) + 1);

enum class Access : std::uint32_t { none, read, write, execute };

// Where a fault's address lies, seen from the nearest object.
enum class Side : std::uint32_t { none, start, inside, end };

inline constexpr std::size_t kMaxFrames = 24;

struct FrameRecord {
  std::uint64_t offset;
  char module[48];
  char symbol[104];
};

struct FramesRecord {
  std::uint32_t count;
  FrameRecord frames[kMaxFrames];
};

struct ObjectRecord {
  char what[24];  // "array"; empty where no object is known
  char name[64];
  std::uint64_t bytes;
  std::uint64_t elements;  // 0: not an array
  std::uint64_t distance;  // from `side`; of Side::inside from the begin
  Side side;
};

// What the processor was about to do, for whoever decodes it.
struct InstructionRecord {
  std::uint32_t size;  // of `bytes`; 0: not known
  std::uint8_t bytes[15];
  std::uint32_t is_aarch64;
  // rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 .. r15; of AArch64 x0 .. x30 and the stack pointer
  std::uint64_t general[32];
  std::uint64_t pc;
};

struct FaultRecord {
  std::uint32_t is_set;
  FaultKind kind;
  Access access;
  std::uint32_t size;  // 0: not known
  std::uint32_t has_address;
  std::int32_t system_call;  // of `forbidden`; -1: none
  std::uint64_t address;
  char text[400];  // what the numbers do not say; empty where they say it all
  ObjectRecord object;
  InstructionRecord instruction;
  FramesRecord frames;
  FramesRecord allocated;
  FramesRecord freed;
};

}  // namespace sluice::worker
