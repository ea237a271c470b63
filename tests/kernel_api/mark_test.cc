// Coming back to a state: what was allocated since goes away, what was freed since is there again.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "driver_calls.h"
#include "fault_of.h"
#include "fuzz/kernel_api/control.h"

namespace {

std::size_t num_outstanding() { return sluice_kernel_outstanding(nullptr, 0); }

sluice_allocation record_of(const void* memory) {
  sluice_allocation found{};
  REQUIRE(sluice_kernel_find(memory, &found) == SLUICE_LIVE);
  return found;
}

// Both kinds of memory; without a mark at the end.
struct Kind {
  explicit Kind(sluice_guard side) {
    static const bool is_reserved = sluice_kernel_reserve() && sluice_kernel_reserve_lanes();
    REQUIRE(is_reserved);
    sluice_kernel_guard(side);
  }
  ~Kind() {
    sluice_kernel_rewind();
    sluice_kernel_unmark();
    sluice_kernel_guard(SLUICE_GUARD_NONE);
  }
  Kind(const Kind&) = delete;
  Kind& operator=(const Kind&) = delete;
};

constexpr sluice_guard kKinds[] = {SLUICE_GUARD_NONE, SLUICE_GUARD_END, SLUICE_GUARD_BEGIN};

}  // namespace

TEST_CASE("what was allocated since the mark is given back, and nothing is told") {
  for (const sluice_guard kind : kKinds) {
    const Kind guarded(kind);
    const std::size_t before = num_outstanding();
    const std::size_t bytes = sluice_kernel_counts().bytes;
    REQUIRE(sluice_kernel_mark());
    for (const int count : {1, 3, 1000}) {  // more than are found one by one
      for (int i = 0; i < count; ++i) REQUIRE(NtAllocate(static_cast<std::size_t>(i) + 1, true) != nullptr);
      CHECK(num_outstanding() == before + static_cast<std::size_t>(count));
      CHECK(fault_of(sluice_kernel_rewind).empty());
      CHECK(num_outstanding() == before);
      CHECK(sluice_kernel_counts().bytes == bytes);
    }
  }
}

TEST_CASE("what was freed since the mark is there again, as it was") {
  for (const sluice_guard kind : kKinds) {
    const Kind guarded(kind);
    const std::size_t before = num_outstanding();
    static std::uint8_t* memory;
    memory = static_cast<std::uint8_t*>(lx_kmalloc(100));
    std::memset(memory, 0x42, 100);
    const std::uint64_t serial = record_of(memory).serial;
    REQUIRE(sluice_kernel_mark());
    for (int round = 0; round < 3; ++round) {
      std::memset(memory, round, 50);
      lx_kfree(memory);
      CHECK(num_outstanding() == before);
      sluice_allocation found{};
      CHECK(sluice_kernel_find(memory + 7, &found) == SLUICE_FREED);
      CHECK(fault_of([] { lx_kfree(memory); }) ==
            "double-free: kfree of 100 bytes that had been freed, allocated by kmalloc");
      CHECK(lx_kmalloc(100) != memory);
      sluice_kernel_rewind();
      CHECK(record_of(memory).serial == serial);
      CHECK(record_of(memory).freed[0] == nullptr);
      CHECK(std::all_of(memory, memory + 100, [](std::uint8_t byte) { return byte == 0x42; }));
      CHECK(num_outstanding() == before + 1);
    }
    // What is freed once the mark is gone is gone.
    lx_kfree(memory);
    sluice_kernel_unmark();
    sluice_kernel_rewind();
    CHECK(num_outstanding() == before);
    CHECK(fault_of([] { lx_kfree(memory); }).starts_with("double-free"));
  }
}

TEST_CASE("what was written to since the mark is as it was, and whether it was told") {
  const Kind guarded(SLUICE_GUARD_END);
  auto* memory = static_cast<std::uint8_t*>(NtAllocate(10'000, true));
  const std::size_t before = num_outstanding();
  REQUIRE(sluice_kernel_mark());
  memory[9'999] = 1;
  sluice_kernel_forget();
  CHECK(num_outstanding() == 0);
  sluice_kernel_rewind();
  CHECK(memory[9'999] == 0);
  CHECK(num_outstanding() == before);
  sluice_kernel_unmark();
  NtFree(memory);
}

TEST_CASE("after rewinding the same calls give the same addresses and serials, however often") {
  const Kind guarded(SLUICE_GUARD_END);
  for (int i = 0; i < 10; ++i) NtFree(NtAllocate(24, true));  // some places are free before
  REQUIRE(sluice_kernel_mark());
  std::vector<const void*> first;
  for (int round = 0; round < 100; ++round) {
    std::vector<const void*> places;
    for (const std::size_t size : {std::size_t{24}, std::size_t{1} << 20, std::size_t{5000}}) {
      void* memory = NtAllocate(size, true);
      places.push_back(memory);
      if (size != 5000 && memory != nullptr) NtFree(memory);
    }
    places.push_back(reinterpret_cast<const void*>(record_of(places.back()).serial));
    if (first.empty()) first = places;
    if (places != first) FAIL("round " << round << " differs");
    sluice_kernel_rewind();
  }
}

TEST_CASE("a fault does not tell of what was freed after the mark, once that is rewound") {
  const Kind guarded(SLUICE_GUARD_END);
  REQUIRE(sluice_kernel_mark());
  static void* memory;
  for (int count : {1, 5'000}) {
    for (int i = 0; i < count; ++i) {
      memory = lx_kmalloc(100'000);
      lx_kfree(memory);
    }
    sluice_allocation found{};
    CHECK(sluice_kernel_find(memory, &found) == SLUICE_FREED);
    sluice_kernel_rewind();
    CHECK(sluice_kernel_find(memory, &found) != SLUICE_FREED);
  }
}

TEST_CASE("without a mark rewinding does nothing, and a new mark replaces the old") {
  const Kind guarded(SLUICE_GUARD_END);
  const std::size_t before = num_outstanding();
  void* first = NtAllocate(8, true);
  sluice_kernel_rewind();
  CHECK(num_outstanding() == before + 1);
  REQUIRE(sluice_kernel_mark());
  void* second = NtAllocate(8, true);
  REQUIRE(sluice_kernel_mark());
  sluice_kernel_rewind();
  CHECK(num_outstanding() == before + 2);
  sluice_kernel_unmark();
  NtFree(first);
  NtFree(second);
  CHECK(num_outstanding() == before);
}

#if !__has_feature(address_sanitizer)
TEST_CASE("a write to what was freed since the mark is seen") {
  const Kind plain(SLUICE_GUARD_NONE);
  sluice_kernel_poison(0x5A, 0xDD);
  auto* memory = static_cast<unsigned char*>(lx_kmalloc(10));
  std::memset(memory, 1, 10);
  REQUIRE(sluice_kernel_mark());
  lx_kfree(memory);
  CHECK(memory[3] == 0xDD);
  lx_write(memory, 4);
  CHECK(fault_of(sluice_kernel_check_memory) ==
        "use-after-free: a write to byte 4 of 10 bytes that had been freed, allocated by kmalloc");
  CHECK(fault_of(sluice_kernel_check_memory).empty());
  sluice_kernel_rewind();
  CHECK(memory[3] == 1);
  CHECK(fault_of(sluice_kernel_check_memory).empty());
  sluice_kernel_unmark();
  lx_kfree(memory);
}
#endif

// Against a model: what is live at the mark is live after rewinding, with its contents, and nothing else.
TEST_CASE("whatever is done between mark and rewind, the state is the mark's") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (const sluice_guard kind : kKinds) {
    const Kind guarded(kind);
    const std::size_t before = num_outstanding();
    struct Live {
      std::uint8_t* memory;
      std::string contents;
    };
    std::vector<Live> live;
    const auto allocate = [&] {
      const std::size_t size = 1 + random() % 9000;
      auto* memory = static_cast<std::uint8_t*>(lx_kmalloc(size));
      REQUIRE(memory != nullptr);
      std::memset(memory, static_cast<int>(random() % 256), size);
      live.push_back({memory, std::string(reinterpret_cast<char*>(memory), size)});
    };
    for (int i = 0; i < 40; ++i) allocate();
    REQUIRE(sluice_kernel_mark());
    const std::vector<Live> marked = live;
    for (int round = 0; round < 50; ++round) {
      live = marked;
      for (auto steps = random() % 400; steps > 0; --steps) {
        if (live.empty() || random() % 2 == 0) {
          allocate();
          continue;
        }
        const std::size_t which = random() % live.size();
        live[which].memory[random() % live[which].contents.size()] ^= 0xFF;
        if (random() % 2 == 0) continue;
        lx_kfree(live[which].memory);
        live.erase(live.begin() + static_cast<std::ptrdiff_t>(which));
      }
      sluice_kernel_rewind();
      REQUIRE(num_outstanding() == before + marked.size());
      for (const Live& item : marked) {
        REQUIRE(record_of(item.memory).size == item.contents.size());
        REQUIRE(std::memcmp(item.memory, item.contents.data(), item.contents.size()) == 0);
      }
    }
    sluice_kernel_unmark();
    for (const Live& item : marked) lx_kfree(item.memory);
    CHECK(num_outstanding() == before);
  }
}
