/* Allocations with pages of their own: one byte outside of one faults, and so does any byte of it once it was freed. */
#include <algorithm>
#include <catch2/catch.hpp>
#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <vector>

#include "driver_calls.h"
#include "fuzz/kernel_api/control.h"

namespace {

sigjmp_buf leave;

bool faults(const volatile std::uint8_t* address) {
  struct sigaction old{};
  struct sigaction mine{};
  mine.sa_handler = [](int) { siglongjmp(leave, 1); };
  sigaction(SIGSEGV, &mine, &old);
  volatile bool has_faulted = true;
  if (sigsetjmp(leave, 1) == 0) {
    (void)*address;
    has_faulted = false;
  }
  sluice_kernel_grant();  // the handler began without access, and was left by a jump
  sigaction(SIGSEGV, &old, nullptr);
  return has_faulted;
}

struct Guarded {
  explicit Guarded(sluice_guard side) {
    static const bool is_reserved = sluice_kernel_reserve() && sluice_kernel_reserve_lanes();
    REQUIRE(is_reserved);
    sluice_kernel_guard(side);
  }
  ~Guarded() { sluice_kernel_guard(SLUICE_GUARD_NONE); }
};

std::uint8_t* allocate(std::size_t size) { return static_cast<std::uint8_t*>(NtAllocate(size, true)); }

}  // namespace

TEST_CASE("an allocation ends at a guard") {
  const Guarded guarded(SLUICE_GUARD_END);
  for (const std::size_t size : {1u, 7u, 20u, 160u, 4096u, 4100u, 300000u}) {
    CAPTURE(size);
    std::uint8_t* memory = allocate(size);
    REQUIRE(memory != nullptr);
    CHECK(!faults(memory));
    CHECK(!faults(memory + size - 1));
    CHECK(faults(memory + size));
    sluice_allocation found{};
    CHECK(sluice_kernel_find(memory + size, &found) == SLUICE_NEAR);
    CHECK(found.size == size);
    NtFree(memory);
    CHECK(faults(memory));
    CHECK(sluice_kernel_find(memory, &found) == SLUICE_FREED);
  }
}

TEST_CASE("an allocation begins at a guard") {
  const Guarded guarded(SLUICE_GUARD_BEGIN);
  std::uint8_t* memory = allocate(20);
  CHECK(!faults(memory));
  CHECK(faults(memory - 1));
  NtFree(memory);
}

TEST_CASE("what was freed is not used again at once, and is in the end") {
  const Guarded guarded(SLUICE_GUARD_END);
  std::vector<std::uint8_t*> seen;
  for (int i = 0; i < 200; ++i) {
    std::uint8_t* memory = allocate(24);
    seen.push_back(memory);
    NtFree(memory);
  }
  std::size_t first_again = 1;
  while (first_again < seen.size() && seen[first_again] != seen[0]) ++first_again;
  CHECK(first_again >= 60);
  CHECK(first_again < 100);
}

TEST_CASE("many at once are all different, and all are given back") {
  const Guarded guarded(SLUICE_GUARD_END);
  std::vector<std::uint8_t*> live(500);
  for (std::uint8_t*& memory : live) memory = allocate(100);
  for (std::size_t i = 0; i < live.size(); ++i) live[i][0] = static_cast<std::uint8_t>(i);
  for (std::size_t i = 0; i < live.size(); ++i) CHECK(live[i][0] == static_cast<std::uint8_t>(i));
  for (std::uint8_t* memory : live) NtFree(memory);
}

// With protection keys or without: nothing here tells them apart.
TEST_CASE("after a mark an allocation is as guarded, and what was freed is not used before the rewind") {
  const Guarded guarded(SLUICE_GUARD_END);
  REQUIRE(sluice_kernel_mark());
  std::vector<std::uint8_t*> first_round;
  for (int round = 0; round < 3; ++round) {
    std::vector<std::uint8_t*> seen;
    for (const std::size_t size : {100u, 4096u, 24u, 5000u, 9000u, 9000u, 24u, 24u, 24u, 30000u, 300000u}) {
      CAPTURE(round, size);
      std::uint8_t* memory = allocate(size);
      REQUIRE(memory != nullptr);
      CHECK(std::count(seen.begin(), seen.end(), memory) == 0);
      seen.push_back(memory);
      CHECK(!faults(memory));
      CHECK(!faults(memory + size - 1));
      CHECK(faults(memory + size));
      CHECK(faults(memory - 1 - reinterpret_cast<std::uintptr_t>(memory) % 4096));
      if (size % 3 != 0) continue;
      NtFree(memory);
      CHECK(faults(memory));
      CHECK(faults(memory + size - 1));
      sluice_allocation found{};
      CHECK(sluice_kernel_find(memory, &found) == SLUICE_FREED);
    }
    sluice_kernel_rewind();
    for (const std::uint8_t* memory : seen) CHECK(faults(memory));
    if (round == 0) first_round = seen;
    CHECK(seen == first_round);
  }
  sluice_kernel_unmark();
}

TEST_CASE("what outlives its mark keeps its pages to itself") {
  const Guarded guarded(SLUICE_GUARD_END);
  REQUIRE(sluice_kernel_mark());
  std::uint8_t* kept = allocate(40);
  kept[39] = 7;
  REQUIRE(sluice_kernel_mark());
  std::uint8_t* next = allocate(40);
  CHECK(next != kept);
  NtFree(kept);
  CHECK(faults(kept));
  CHECK(!faults(next));
  sluice_kernel_rewind();
  CHECK(faults(next));
  CHECK(!faults(kept));
  CHECK(kept[39] == 7);
  sluice_kernel_unmark();
  CHECK(!faults(kept));
  NtFree(kept);
  CHECK(faults(kept));
}
