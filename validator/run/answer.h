// What a worker answers (docs/worker-protocol.md), checked. The worker ran hostile code, so nothing that it says is
// believed before it was looked at here: kinds of values, sizes, and numbers that are indices.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/run/event.h"

namespace sluice::run {

struct StackFrame {
  std::string module;
  std::uint64_t offset = 0;
  std::string symbol;  // may be empty
};

struct Fault {
  std::string kind;    // one of docs/worker-protocol.md, or another word
  std::string access;  // `read`, `write`; empty where that is no question
  std::string text;
  std::string phase;
  std::optional<std::uint32_t> event;  // by its index in the request
  std::optional<std::uint32_t> instance;
  std::optional<std::uint32_t> criterion;
  std::string instruction;         // "mov rax, qword ptr [rcx+rax*8] (..)"; empty where it is not told
  std::vector<StackFrame> frames;  // innermost first
  std::vector<StackFrame> allocated;
  std::vector<StackFrame> freed;
};

struct Hello {
  std::string target;                // name of driver and build
  std::vector<DescribedType> types;  // empty: it does not describe itself
  std::optional<Fault> fault;        // then it cannot be used
};

struct Result {
  std::uint32_t status = 0;
  std::uint32_t code = 0;
};

struct Reached {
  std::uint32_t event = 0;
  std::uint32_t instance = 0;
  std::uint32_t criterion = 0;
};

struct Leak {
  std::uint64_t bytes = 0;
  std::string tag;
  std::vector<StackFrame> frames;
};

struct Disagreement {
  std::optional<std::uint32_t> event;  // none: load
  std::string what;
  std::string first;
  std::string second;
};

struct RunAnswer {
  std::optional<Result> load;
  std::vector<Result> results;  // of the events evaluated
  std::vector<Reached> reached;
  bool is_reached_complete = true;
  std::vector<Reached> refused;           // of events that were refused: what they came to last
  std::vector<std::uint32_t> blocks_hit;  // offsets in the image, where these are counted
  std::vector<Leak> leaks;
  std::optional<Disagreement> disagreement;
  std::optional<Fault> fault;
};

struct MeasureAnswer {
  std::optional<std::uint64_t> count;
  bool certain = false;
  std::string how;
  std::optional<Fault> fault;
};

// Each is empty, with `problem` filled, where the answer is not what the protocol allows. `events`: how many were sent.
[[nodiscard]] std::optional<Hello> read_hello(std::string_view json, std::string& problem);
[[nodiscard]] std::optional<RunAnswer> read_run_answer(std::string_view json, std::string_view blob, std::uint64_t id,
                                                       std::uint32_t events, std::string& problem);
[[nodiscard]] std::optional<MeasureAnswer> read_measure_answer(std::string_view json, std::uint64_t id,
                                                               std::string& problem);

}  // namespace sluice::run
