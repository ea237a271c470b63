// A driver run in this process, again and again: faults are told, and nothing of one input is left for the next.
#include <sys/mman.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>

#include "fuzz/image/kernel_stand_ins.h"
#include "fuzz/image/session.h"
#include "fuzz/kernel_api/control.h"

using namespace sluice::image;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes read_driver(const std::string& name) {
  std::ifstream in(std::string(SLUICE_DRIVERS) + "/x86_64/" + name, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The stand-ins' frames are larger where they are sanitized.
#if __has_feature(address_sanitizer)
constexpr std::size_t kStack = 72u << 10;
#else
constexpr std::size_t kStack = 24u << 10;
#endif

struct Driver {
  explicit Driver(Session::Options options = {}) {
    options.stack_size = kStack;
    auto opened = Session::open(read_driver("session.sys"), "session.sys", options, KernelStandIns(Format::pe));
    if (!opened) FAIL(opened.error());
    session = std::move(*opened);
    REQUIRE(run("@entry").result == 0);
  }

  Outcome run(const char* function, const Arguments& arguments = {}) {
    std::string why;
    const void* found = session->symbol(function, why);
    INFO(function << " " << why);
    REQUIRE(found != nullptr);
    return session->run(found, arguments);
  }
  FaultKind fault(const char* function, const Arguments& arguments = {}) {
    const FaultKind kind = run(function, arguments).fault.kind;
    session->recover();
    return kind;
  }
  void begin() {
    const auto begun = session->begin();
    if (!begun) FAIL(begun.error());
  }
  [[nodiscard]] std::string symbol_of(const Fault& fault) const {
    if (fault.offset == kNoOffset) return "";
    const Symbol* symbol = symbol_at(session->file(), fault.offset);
    return symbol != nullptr ? symbol->name : "";
  }

  std::unique_ptr<Session> session;
};

std::uint64_t address_of(const void* memory) { return reinterpret_cast<std::uint64_t>(memory); }

}  // namespace

TEST_CASE("the same input twice behaves the same, if the driver is what it was in between") {
  Driver driver;
  CHECK(driver.run("Count").result == 1);
  driver.begin();
  struct Case {
    const char* function;
    std::uint64_t argument;
    std::uint64_t first;
    std::uint64_t second;  // without recover()
  };
  for (const Case& c : {Case{"Count", 0, 2, 3}, Case{"CountKept", 0, 1001, 1002}, Case{"CountInTable", 0, 2, 3},
                        Case{"CountInTable", 4096, 1, 2}, Case{"CountInTable", 20479, 1, 2}}) {
    CAPTURE(c.function, c.argument);
    for (int round = 0; round < 3; ++round) {
      CHECK(driver.run(c.function, {c.argument}).result == c.first);
      CHECK(driver.run(c.function, {c.argument}).result == c.second);
      driver.session->recover();
    }
  }
}

TEST_CASE("what an input leaves on the stack is not there for the next") {
  Driver driver;
  driver.begin();
  const std::uint64_t fresh = driver.run("ReadStack").result;
  CHECK(driver.run("WriteStack", {0x1234}).result == 0x1234);
  CHECK(driver.run("ReadStack").result == 0x1234);
  driver.session->recover();
  CHECK(driver.run("ReadStack").result == fresh);
}

// Bits in which a register that a function has to preserve is not poison. Naked, so that the compiler uses none.
__attribute__((naked)) static std::uint64_t left_in_registers(const void*) {
  asm(R"(
    movabsq $0xA5A5A5A5A5A5A5A5, %rcx
    xorl %eax, %eax
    .irp register, rbx, r12, r13, r14, r15
    movq %rcx, %rdx
    xorq %\register, %rdx
    orq %rdx, %rax
    .endr
    movq %xmm15, %rdx
    xorq %rcx, %rdx
    orq %rdx, %rax
    ret
  )");
}

TEST_CASE("in registers a driver finds nothing of this process, which it may save on its stack and take for its own") {
  Driver driver;
  driver.begin();
  CHECK(driver.session->run_own(left_in_registers, nullptr).result == 0);
}

TEST_CASE("allocations are those of begin() again, and have the same addresses") {
  Driver driver;
  driver.begin();
  const std::size_t before = sluice_kernel_outstanding(nullptr, 0);
  const std::uint64_t first = driver.run("Leak", {40}).result;
  CHECK(first != 0);
  CHECK(sluice_kernel_outstanding(nullptr, 0) == before + 1);
  driver.session->recover();
  CHECK(sluice_kernel_outstanding(nullptr, 0) == before);
  CHECK(driver.run("Leak", {40}).result == first);
  driver.session->recover();

  // A driver that frees what it should keep: the next call touches it, the next input has it.
  CHECK(driver.run("FreeKept").result == 1);
  const Outcome used = driver.run("CountKept");
  CHECK(used.fault.kind == FaultKind::read);
  CHECK(driver.symbol_of(used.fault) == "CountKept");
  driver.session->recover();
  CHECK(driver.run("CountKept").result == 1001);
  driver.session->recover();
}

TEST_CASE("faults are told, and the driver runs on as if they had not been") {
  Driver driver;
  driver.begin();
  const Bytes content = {1, 2, 3};
  const std::uint8_t* placed = driver.session->place(content);
  REQUIRE(placed != nullptr);
  CHECK(driver.run("ReadAt", {address_of(placed), 2}).result == 3);

  const Outcome behind = driver.run("ReadAt", {address_of(placed), 3});
  CHECK(behind.fault.kind == FaultKind::read);
  CHECK(behind.fault.address == address_of(placed + 3));
  CHECK(behind.fault.is_in_image);
  CHECK(driver.symbol_of(behind.fault) == "ReadAt");
  driver.session->recover();

  const Outcome copied = driver.run("CopyFrom", {address_of(placed), 4});
  CHECK(copied.fault.kind == FaultKind::read);
  CHECK(copied.fault.address == address_of(placed + 3));
  driver.session->recover();

  const Outcome missing = driver.run("CallMissing");
  CHECK(missing.fault.kind == FaultKind::execute);
  REQUIRE(missing.fault.import != nullptr);
  CHECK(missing.fault.import->name == "SluiceNotThere");
  CHECK(driver.symbol_of(missing.fault) == "CallMissing");
  driver.session->recover();

  const Outcome twice = driver.run("FreeTwice");
  CHECK(twice.fault.kind == FaultKind::kernel);
  CHECK(std::string(twice.fault.kernel_kind) == "double-free");
  CHECK(twice.fault.text == "ExFreePoolWithTag of 24 bytes that had been freed, allocated by ExAllocatePool2");
  CHECK(!twice.fault.is_in_image);
  CHECK(driver.symbol_of(twice.fault) == "FreeTwice");
  driver.session->recover();

  std::string why;
  CHECK(driver.fault("WriteAt", {address_of(driver.session->symbol("ReadAt", why)), 0}) == FaultKind::write);
  CHECK(driver.fault("ReadAt", {0, 0}) == FaultKind::read);
  CHECK(driver.fault("ReadAt", {0xA5A5A5A5A5A5A5A5, 0}) == FaultKind::protection);
  CHECK(driver.fault("CallAt", {address_of(placed)}) == FaultKind::execute);
  CHECK(driver.fault("Divide", {1, 0}) == FaultKind::arithmetic);
  CHECK(driver.fault("Break") == FaultKind::trap);
  CHECK(driver.fault("Undefined") == FaultKind::illegal);
  CHECK(driver.fault("Recurse", {100'000}) == FaultKind::stack_overflow);
  CHECK(driver.fault("Recurse", {10}) == FaultKind::none);
  CHECK(driver.run("Count").result == 1);
}

TEST_CASE("a lock that a fault left held is free again") {
  Driver driver;
  driver.begin();
  for (int round = 0; round < 3; ++round) {
    CHECK(driver.run("LockIt").result == 1);
    CHECK(driver.fault("LockIt") == FaultKind::kernel);  // it would wait for itself
  }
}

TEST_CASE("many faults leave nothing behind") {
  Driver driver;
  driver.begin();
  const std::uint8_t* placed = driver.session->place(Bytes(16));
  for (int i = 0; i < 3000; ++i) {
    if (driver.run("Leak", {300u << 10}).result == 0) FAIL("no memory after " << i);
    const Outcome outcome = driver.run("ReadAt", {address_of(placed), 16});
    if (outcome.fault.kind != FaultKind::read) FAIL("no fault after " << i);
    driver.session->recover();
  }
  CHECK(driver.run("Count").result == 1);
}

TEST_CASE("before placed content lies nothing of what was placed before") {
  Driver driver;
  driver.begin();
  const Bytes longer(5000, 0xEE);
  const std::uint8_t* at = driver.session->place(longer);
  CHECK(std::all_of(at, at + longer.size(), [](std::uint8_t byte) { return byte == 0xEE; }));
  at = driver.session->place(Bytes{7});
  CHECK(at[0] == 7);
  CHECK(std::all_of(at - 6000, at, [](std::uint8_t byte) { return byte == 0; }));
  CHECK(driver.fault("ReadAt", {address_of(driver.session->place({})), 0}) == FaultKind::read);
  CHECK(driver.session->place(Bytes((1u << 20) + 1)) == nullptr);
}

// With blocks counted by a jump, without by a trap.
TEST_CASE("a function is stopped at with its six arguments, which may be changed") {
  for (const bool counts_blocks : {false, true}) {
    CAPTURE(counts_blocks);
    Driver driver({.counts_blocks = counts_blocks});
    static std::array<std::uint64_t, 6> seen;
    std::string why;
    const void* weigh = driver.session->symbol("Weigh", why);
    const auto hooked = driver.session->on_call(weigh, [](std::uint64_t* arguments) {
      std::copy_n(arguments, seen.size(), seen.begin());
      arguments[0] = 9;
      arguments[5] = 8;
    });
    if (!hooked) FAIL(hooked.error());
    driver.begin();
    for (int round = 0; round < 3; ++round) {
      CHECK(driver.run("Weigh", {1, 2, 3, 4, 5, 6}).result == 854'329);
      CHECK(seen == std::array<std::uint64_t, 6>{1, 2, 3, 4, 5, 6});
      driver.session->recover();
    }
    CHECK(static_cast<const std::uint8_t*>(weigh)[0] == (counts_blocks ? 0xE9 : 0xCC));
    CHECK(!driver.session->on_call(&seen, nullptr));
  }
}

TEST_CASE("what stops at a function leaves nothing on the driver's stack, and may fault") {
  Driver driver({.counts_blocks = true});
  static bool faults;
  faults = false;
  std::string why;
  const void* function = driver.session->symbol("ReadStack", why);
  REQUIRE(driver.session->on_call(function, [](std::uint64_t*) {
    volatile std::uint8_t used[4096];
    std::fill(std::begin(used), std::end(used), std::uint8_t{1});
    if (faults) *reinterpret_cast<volatile std::uint8_t*>(std::uintptr_t{8}) = used[0];
  }));
  REQUIRE(static_cast<const std::uint8_t*>(function)[0] == 0xE9);
  driver.begin();
  const std::uint64_t fresh = driver.run("ReadStack").result;
  CHECK((fresh & 0xFF) == 0xA5);
  for (int round = 0; round < 1000; ++round) {
    faults = true;
    CHECK(driver.run("ReadStack").fault.kind == FaultKind::write);
    driver.session->recover();
    faults = false;
    CHECK(driver.run("ReadStack").result == fresh);
    driver.session->recover();
  }
}

TEST_CASE("blocks are counted, beside faults, recovery and stops") {
  static volatile std::uint8_t counters[256];
  std::fill(std::begin(counters), std::end(counters), std::uint8_t{0});
  Driver driver({.counts_blocks = true, .counters = counters});
  std::string why;
  const void* parse = driver.session->symbol("Parse", why);
  static int stops;
  stops = 0;
  REQUIRE(driver.session->on_call(parse, [](std::uint64_t*) { ++stops; }));
  driver.begin();
  const auto run = [&](const std::string& text) {
    const std::uint8_t* at = driver.session->place({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    const Outcome outcome = driver.session->run(parse, {address_of(at), text.size()});
    driver.session->recover();
    return outcome;
  };
  const auto num_hit = [] { return std::count(std::begin(counters), std::end(counters), 1); };
  std::ptrdiff_t before = 0;
  for (const char* text : {"", "12345678", "S2345678", "SL345678", "SLC45678", "SLCH\x05xyz"}) {
    CAPTURE(text);
    CHECK(run(text).fault.kind == FaultKind::none);
    CHECK(num_hit() > before);
    before = num_hit();
    CHECK(run(text).fault.kind == FaultKind::none);
    CHECK(num_hit() == before);
  }
  CHECK(run("SLCH!\x01zz").fault.kind == FaultKind::read);
  CHECK(num_hit() > before);
  CHECK(stops == 13);
  driver.session->coverage()->rearm_hit();
  std::fill(std::begin(counters), std::end(counters), std::uint8_t{0});
  CHECK(run("SL345678").result == 3);
  CHECK(num_hit() >= 4);
}

TEST_CASE("whatever is run in whatever order, after recover() it is as after begin()") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  Driver driver;
  driver.begin();
  const std::uint8_t* placed = driver.session->place(Bytes(16, 1));
  struct Step {
    const char* function;
    Arguments arguments;
  };
  const std::vector<Step> steps = {{"Count", {}},
                                   {"CountKept", {}},
                                   {"CountInTable", {9000}},
                                   {"FreeKept", {}},
                                   {"Leak", {30}},
                                   {"Leak", {9000}},
                                   {"LockIt", {}},
                                   {"FreeTwice", {}},
                                   {"WriteStack", {5}},
                                   {"ReadStack", {}},
                                   {"ReadAt", {address_of(placed), 16}},
                                   {"Recurse", {100'000}},
                                   {"CallMissing", {}}};
  // What is done after recover(): until the first fault.
  const auto behave = [&](const std::vector<std::size_t>& which) {
    std::vector<std::uint64_t> told;
    for (const std::size_t index : which) {
      const Outcome outcome = driver.run(steps[index].function, steps[index].arguments);
      told.insert(told.end(), {outcome.result, static_cast<std::uint64_t>(outcome.fault.kind), outcome.fault.address,
                               outcome.fault.offset});
      if (outcome.fault.kind != FaultKind::none) break;
    }
    driver.session->recover();
    return told;
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<std::size_t> which(1 + random() % 8);
    for (auto& index : which) index = random() % steps.size();
    const auto first = behave(which);
    behave({random() % steps.size()});
    if (behave(which) != first) FAIL("round " << round << " differs");
  }
}

#ifdef SLUICE_SAMPLE_MODULE
TEST_CASE("a Linux module runs in a session, and its kernel goes on where it would") {
  static const std::uint64_t ticks = 7;
  static const auto print = +[](const char* text) { return std::string(text) == "hello" ? 100 : 0; };
  std::ifstream in(SLUICE_SAMPLE_MODULE, std::ios::binary);
  const Bytes bytes{std::istreambuf_iterator<char>(in), {}};
  auto opened = Session::open(
      bytes, "sample.ko", {.stack_size = kStack},
      KernelStandIns(Format::elf,
                     {{"sample_printk", {.address = reinterpret_cast<void*>(print)}},
                      {"sample_jiffies", {.address = const_cast<std::uint64_t*>(&ticks), .object_size = 8}}}));
  if (!opened) FAIL(opened.error());
  Session& session = **opened;
  REQUIRE(session.begin());
  const auto run = [&](const char* function, const Arguments& arguments = {}) {
    std::string why;
    const void* found = session.symbol(function, why);
    REQUIRE(found != nullptr);
    return session.run(found, arguments);
  };
  for (int round = 0; round < 2; ++round) {
    CHECK(run("sample_use_imports").result == 107);
    const std::uint64_t first = run("sample_lookup", {5}).result;
    CHECK(run("sample_lookup", {5}).result == first + 2);
    CHECK(run("sample_count_on_cpu").result == 42);
    CHECK(run("sample_count_by_pointer").result == 43);
    CHECK(static_cast<std::int64_t>(run("sample_try_read", {1}).result) == -1);
    CHECK(run("sample_bug", {1}).fault.kind == FaultKind::none);  // a warning
    CHECK(run("sample_bug", {0}).fault.kind == FaultKind::bug);
    session.recover();
    CHECK(run("sample_protected", {1, 1}).fault.kind == FaultKind::read);
    session.recover();
  }
}
#endif

TEST_CASE("signals go where they went before, when no driver runs and when the session is gone") {
  static sigjmp_buf back;
  struct sigaction before{};
  struct sigaction mine{};
  mine.sa_handler = [](int) { siglongjmp(back, 1); };
  sigaction(SIGSEGV, &mine, &before);
  void* page = ::mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const auto reaches_mine = [page] {
    if (sigsetjmp(back, 1) != 0) return true;
    (void)*static_cast<volatile char*>(page);
    return false;
  };
  {
    Driver driver;
    driver.begin();
    CHECK(driver.fault("ReadAt", {0, 0}) == FaultKind::read);
    CHECK(reaches_mine());
  }
  struct sigaction now{};
  sigaction(SIGSEGV, nullptr, &now);
  CHECK(now.sa_handler == mine.sa_handler);
  CHECK(reaches_mine());
  sigaction(SIGSEGV, &before, nullptr);
  ::munmap(page, 4096);
}

TEST_CASE("there is one session at a time, and another one after it") {
  const Bytes bytes = read_driver("session.sys");
  {
    Driver driver;
    const auto second = Session::open(bytes, "session.sys", {}, KernelStandIns(Format::pe));
    REQUIRE(!second);
    CHECK(second.error() == "cannot be run beside another image");
  }
  const auto refused =
      Session::open(Bytes(bytes.begin(), bytes.begin() + 100), "cut.sys", {}, KernelStandIns(Format::pe));
  REQUIRE(!refused);
  CHECK(!refused.error().empty());
  Driver driver;
  CHECK(driver.run("Count").result == 1);
}

TEST_CASE("pages that differ are copied back, and no others") {
  constexpr std::size_t kPages = 20;
  auto* pages = static_cast<std::uint8_t*>(
      ::mmap(nullptr, kPages * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  const std::span<std::uint8_t> all(pages, kPages * kPage);
  std::mt19937 random(1);
  for (std::uint8_t& byte : all) byte = static_cast<std::uint8_t>(random());
  const Bytes before(all.begin(), all.end());
  const Snapshot snapshot({all.first(7 * kPage), all.subspan(9 * kPage)});
  CHECK(snapshot.size() == 18 * kPage);
  CHECK(snapshot.restore() == 0);
  for (const std::size_t at : {std::size_t{0}, 7 * kPage - 1, 9 * kPage, kPages * kPage - 1}) all[at] ^= 1;
  CHECK(snapshot.restore() == 4);
  CHECK(std::equal(all.begin(), all.end(), before.begin()));
  all[8 * kPage] ^= 1;  // in neither
  CHECK(snapshot.restore() == 0);
  ::munmap(pages, kPages * kPage);
}
