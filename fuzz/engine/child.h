// The process that fuzzes one target: confined, libFuzzer around it. Made by fork.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/host.h"
#include "fuzz/engine/shared.h"
#include "fuzz/mutate/format.h"

namespace sluice::engine {

enum class Property : std::uint8_t { fault, escape, drift };

struct ChildPlan {
  const HostFiles* files = nullptr;
  const mutate::Format* format = nullptr;
  Shared* shared = nullptr;
  std::string folder;      // its own to write to: what it finds
  std::string seeds;       // a folder to read
  std::string seed_list;   // a file in it: paths with commas between them; empty: there are none
  std::string log;         // what libFuzzer says
  std::uint64_t runs = 0;  // executions, those before a restart included; 0: no limit
  std::uint32_t seed = 1;
  std::size_t max_len = 4096;
  bool reloads = false;    // looks for what others have found
  bool has_stage = false;  // the deterministic one comes first
  Property property = Property::fault;
  std::uint64_t inputs_per_fault = 1;
  // An input with a fault: then nothing is fuzzed, and Shared::blame tells the field that it is owed to.
  std::span<const std::uint8_t> blamed;
  std::uint64_t blamed_fault = 0;  // hash_of it
  bool answers = false;            // it runs what it is asked for: for an oracle (Shared::inquiry), or ..
  bool weighs = false;             // .. to tell what came to anything new (Shared::weighing)
};

// Never returns.
[[noreturn]] void be_child(const ChildPlan& plan);

}  // namespace sluice::engine
