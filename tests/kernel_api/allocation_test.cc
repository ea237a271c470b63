/* What is counted, what fails, and what memory holds. */
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <random>
#include <vector>

#include "driver_calls.h"
#include "fault_of.h"

namespace {

std::vector<sluice_allocation> outstanding() {
  std::vector<sluice_allocation> found(sluice_kernel_outstanding(nullptr, 0));
  sluice_kernel_outstanding(found.data(), found.size());
  return found;
}

bool holds(const void* memory, size_t size, unsigned char byte) {
  const auto* bytes = static_cast<const unsigned char*>(memory);
  return std::all_of(bytes, bytes + size, [&](unsigned char one) { return one == byte; });
}

TEST_CASE("what outlives the driver is listed with size, tag and call, oldest first") {
  sluice_kernel_forget();
  void* first = NtAllocate(40, true);
  void* second = lx_kzalloc(7);
  const auto leaks = outstanding();
  REQUIRE(leaks.size() == 2);
  char tag[5];
  sluice_kernel_tag_text(leaks[0].tag, tag);
  CHECK(leaks[0].address == first);
  CHECK(leaks[0].size == 40);
  CHECK(std::string(tag) == "Test");
  CHECK(std::string(leaks[0].call) == "ExAllocatePool2");
  CHECK(leaks[0].allocated[0] != nullptr);
  CHECK(leaks[1].address == second);
  CHECK(leaks[1].tag == 0);
  CHECK(std::string(leaks[1].call) == "kzalloc");

  sluice_allocation one{};
  CHECK(sluice_kernel_outstanding(&one, 1) == 2);
  CHECK(one.address != nullptr);

  SECTION("what was freed is not") {
    NtFree(first);
    lx_kfree(second);
    CHECK(outstanding().empty());
  }
  SECTION("what was forgotten is not, and can be freed") {
    sluice_kernel_forget();
    CHECK(outstanding().empty());
    NtFree(first);
    lx_kfree(second);
  }
}

TEST_CASE("call sites are followed on the driver's stack") {
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  sluice_kernel_forget();
  sluice_kernel_stack(here - 4096, here + 4096);
  void* memory = NtAllocate(8, true);
  sluice_kernel_stack(nullptr, nullptr);
  const auto leaks = outstanding();
  NtFree(memory);
  REQUIRE(leaks.size() == 1);
  CHECK(leaks[0].allocated[1] != nullptr);
}

TEST_CASE("the table of allocations agrees with one that is obvious") {
  sluice_kernel_forget();
  std::mt19937 random(7);
  std::vector<std::pair<void*, size_t>> live;
  for (int step = 0; step < 20000; ++step) {
    if (live.empty() || random() % 5 < (step < 12000 ? 3 : 2)) {
      const size_t size = 1 + random() % 64;
      live.emplace_back(lx_kmalloc(size), size);
    } else {
      const size_t at = random() % live.size();
      lx_kfree(live[at].first);
      live.erase(live.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  const auto leaks = outstanding();
  REQUIRE(leaks.size() == live.size());
  CHECK(std::is_sorted(leaks.begin(), leaks.end(), [](auto& a, auto& b) { return a.serial < b.serial; }));
  size_t bytes = 0;
  for (const auto& [memory, size] : live) {
    sluice_allocation found{};
    CHECK(sluice_kernel_find(static_cast<char*>(memory) + size - 1, &found) == SLUICE_LIVE);
    CHECK(found.address == memory);
    CHECK(found.size == size);
    bytes += size;
  }
  CHECK(bytes <= sluice_kernel_counts().bytes);
  for (const auto& item : live) lx_kfree(item.first);
  CHECK(outstanding().empty());
}

TEST_CASE("the n-th allocation fails, and only it") {
  for (uint32_t n = 1; n <= 3; ++n) {
    sluice_kernel_fail_allocation(n);
    const auto failed = sluice_kernel_counts().failed;
    for (uint32_t i = 1; i <= 4; ++i) {
      void* memory = i % 2 == 0 ? NtAllocate(8, true) : lx_kmalloc(8);
      CHECK((memory == nullptr) == (i == n));
      if (memory != nullptr) i % 2 == 0 ? NtFree(memory) : lx_kfree(memory);
    }
    CHECK(sluice_kernel_counts().failed == failed + 1);
  }
  sluice_kernel_fail_allocation(1);
  void* memory = lx_nofail(8);
  CHECK(memory != nullptr);
  lx_kfree(memory);
  sluice_kernel_begin();
}

TEST_CASE("past the budget allocations return null, and are counted") {
  const auto refused = sluice_kernel_counts().refused;
  sluice_kernel_budget(sluice_kernel_counts().bytes + 100);
  void* memory = lx_kmalloc(60);
  CHECK(memory != nullptr);
  CHECK(lx_kmalloc(41) == nullptr);
  CHECK(NtAllocate(SIZE_MAX, true) == nullptr);
  CHECK(sluice_kernel_counts().refused == refused + 2);
  lx_kfree(memory);
  memory = lx_kmalloc(100);
  CHECK(memory != nullptr);
  lx_kfree(memory);
  sluice_kernel_budget(256u << 20);
}

TEST_CASE("memory holds zeros where they were asked for, and poison where they were not") {
  for (const auto poison : {uint8_t{0x5A}, uint8_t{0xC3}}) {
    sluice_kernel_poison(poison, 0xDD);
    void* fresh = NtAllocate(100, false);
    void* zeroed = NtAllocate(100, true);
    void* slab = lx_kmalloc(100);
    CHECK(holds(fresh, 100, poison));
    CHECK(holds(zeroed, 100, 0));
    CHECK(holds(slab, 100, poison));
    NtFree(fresh);
    NtFree(zeroed);
    lx_kfree(slab);
  }
}

TEST_CASE("Linux-style memory is as the kernel gives it") {
  CHECK(fault_of([] { CHECK(lx_memory() == 1); }) == "");
  CHECK(fault_of([] { CHECK(lx_rcu() == 5); }) == "");
}

#if !__has_feature(address_sanitizer)
TEST_CASE("a write past an end is seen when the memory is freed or looked over") {
  const char* expected = "out-of-bounds: a write 3 bytes past the end of 10 bytes allocated by kmalloc";
  static unsigned char* memory;
  memory = static_cast<unsigned char*>(lx_kmalloc(10));
  lx_write(memory, 13);
  CHECK(fault_of(sluice_kernel_check_memory) == expected);
  CHECK(fault_of(sluice_kernel_check_memory) == "");
  lx_write(memory, 13);
  CHECK(fault_of([] { lx_kfree(memory); }) == expected);
}

TEST_CASE("what is freed is poison for a while, and a write to it is seen") {
  sluice_kernel_poison(0x5A, 0xDD);
  auto* memory = static_cast<unsigned char*>(lx_kmalloc(10));
  lx_kfree(memory);
  CHECK(holds(memory, 10, 0xDD));
  CHECK(lx_kmalloc(10) != memory);
  lx_write(memory, 4);
  const char* expected = "use-after-free: a write to byte 4 of 10 bytes that had been freed, allocated by kmalloc";
  CHECK(fault_of(sluice_kernel_check_memory) == expected);
  lx_write(memory, 4);
  CHECK(fault_of([] {
          for (int i = 0; i < 100; ++i) lx_kfree(lx_kmalloc(10));
        }) == expected);
}
#endif

TEST_CASE("an address is found in what was freed, and near what is live") {
  sluice_allocation found{};
  int local = 0;
  CHECK(sluice_kernel_find(&local, &found) == SLUICE_NOBODYS);
  void* memory = lx_kmalloc(3000);
  auto* bytes = static_cast<char*>(memory);
  CHECK(sluice_kernel_find(bytes + 3000, &found) == SLUICE_NEAR);
  CHECK(found.address == memory);
  lx_kfree(memory);
  CHECK(sluice_kernel_find(bytes + 2999, &found) == SLUICE_FREED);
  CHECK(found.size == 3000);
  CHECK(found.freed[0] != nullptr);
}

}  // namespace
