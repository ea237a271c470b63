#include <cstdlib>
#include <deque>

#include "fuzz/engine/lib_fuzzer.h"

// What the engine offers: libFuzzer the first two, AFL++ the others. A sanitizer's runtime has all but the last, which
// do nothing.
extern "C" {
__attribute__((weak)) void __sanitizer_cov_8bit_counters_init(std::uint8_t* begin, std::uint8_t* end);
__attribute__((weak)) void __sanitizer_cov_pcs_init(const std::uintptr_t* begin, const std::uintptr_t* end);
__attribute__((weak)) void __sanitizer_cov_trace_pc_guard_init(std::uint32_t* begin, std::uint32_t* end);
__attribute__((weak)) void __sanitizer_cov_trace_pc_guard(std::uint32_t* guard);
__attribute__((weak)) void __afl_manual_init();
}

namespace sluice::engine {

namespace {

struct Guarded {
  std::span<std::uint8_t> counters;
  std::vector<std::uint32_t> guards;
};
std::deque<Guarded> guarded;

}  // namespace

void register_counters(std::span<std::uint8_t> counters) {
  if (counters.empty()) return;
  if (__afl_manual_init != nullptr) {
    // Where afl-fuzz has not told its runtime to wait, as when a target is started alone, that counts the fork server
    // as up and ends the process: the map cannot grow any more. With this, counters share places in it.
    ::setenv("AFL_IGNORE_PROBLEMS", "1", 0);
    Guarded& row = guarded.emplace_back(counters, std::vector<std::uint32_t>(counters.size()));
    __sanitizer_cov_trace_pc_guard_init(row.guards.data(), row.guards.data() + row.guards.size());
    return;
  }
  // It wants an address for each: any that no other counter has.
  static std::deque<std::vector<std::uintptr_t>> tables;
  static std::uintptr_t next = 1;
  std::vector<std::uintptr_t>& table = tables.emplace_back();
  for (std::size_t i = 0; i < counters.size(); ++i) table.insert(table.end(), {next++, 0});  // 0: no function
  __sanitizer_cov_8bit_counters_init(counters.data(), counters.data() + counters.size());
  __sanitizer_cov_pcs_init(table.data(), table.data() + table.size());
}

void hand_counters_over() {
  for (Guarded& row : guarded) {
    for (std::size_t i = 0; i < row.counters.size(); ++i) {
      if (row.counters[i] == 0) continue;
      __sanitizer_cov_trace_pc_guard(&row.guards[i]);
      row.counters[i] = 0;
    }
  }
}

}  // namespace sluice::engine
