// Coverage and breakpoints on code that runs here, with a handler as the worker has one.
#include <ucontext.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <cstring>

#include <catch2/catch.hpp>

#include "fuzz/image/breakpoints.h"
#include "fuzz/image/call.h"
#include "fuzz/image/coverage.h"
#include "tests/image/arena.h"

using namespace sluice::image;

namespace {

// int f(int count, const int*): 1 + the sum of 1 .. count.
//   0  mov eax, 1
//   5  test edi, edi
//   7  jle 14
//   9  add eax, edi
//  11  dec edi
//  13  jmp 5  (15 bytes up to here)
//  15  ret
constexpr std::uint8_t kSum[] = {0xB8, 1, 0, 0, 0, 0x85, 0xFF, 0x7E, 0x06, 0x01, 0xF8, 0xFF, 0xCF, 0xEB, 0xF6, 0xC3};

struct Handlers {
  Coverage* coverage = nullptr;
  Breakpoints* breakpoints = nullptr;
  std::vector<std::uint32_t> stops = std::vector<std::uint32_t>(64);
  std::size_t num_stops = 0;
  std::size_t num_blocks = 0;
};
Handlers* handlers = nullptr;

void on_signal(int, siginfo_t*, void* context) {
  auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const auto pc = static_cast<std::uintptr_t>(registers[REG_RIP]);
  if (handlers->coverage != nullptr && handlers->coverage->on_trap(pc - 1)) {
    ++handlers->num_blocks;
    registers[REG_RIP] = static_cast<greg_t>(pc - 1);
    return;
  }
  const Breakpoint* stopped = handlers->breakpoints != nullptr ? handlers->breakpoints->before(pc) : nullptr;
  if (stopped == nullptr) std::abort();
  handlers->stops[handlers->num_stops++ % handlers->stops.size()] = stopped->offset;
  registers[REG_RIP] = static_cast<greg_t>(stopped->continue_at);
}

// Runs with the handler on.
class Trapping {
 public:
  explicit Trapping(Handlers& ours) {
    handlers = &ours;
    struct sigaction action{};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGTRAP, &action, &before_);
  }
  ~Trapping() {
    sigaction(SIGTRAP, &before_, nullptr);
    handlers = nullptr;
  }
  Trapping(const Trapping&) = delete;
  Trapping& operator=(const Trapping&) = delete;

 private:
  struct sigaction before_{};
};

// `code` at 0, and data behind it.
struct Program {
  explicit Program(std::span<const std::uint8_t> code) {
    file = {.format = Format::pe,
            .machine = Machine::x86_64,
            .name = "x.sys",
            .size = 2 * kPage,
            .sections = {{".text", 0, kPage, code, false, true, 0}, {".data", kPage, kPage, {}, true, false, kPage}}};
    auto done = Mapped::map(file, test_arena(), {});
    REQUIRE(done);
    mapped.emplace(*done);
    blocks = find_blocks(file, {mapped->begin(), kPage}, std::vector<std::uint32_t>{0});
  }
  [[nodiscard]] int call(int count, std::uint32_t at = 0) const {
    return static_cast<int>(
        sluice::image::call(Format::elf, mapped->begin() + at, {static_cast<std::uint64_t>(count)}));
  }
  [[nodiscard]] std::vector<std::uint8_t> code() const { return {mapped->begin(), mapped->begin() + kPage}; }

  ImageFile file;
  std::optional<Mapped> mapped;
  std::vector<Block> blocks;
};

std::vector<std::uint32_t> hit(const Coverage& coverage) {
  std::vector<std::uint32_t> offsets;
  for (std::size_t i = 0; i < coverage.hits().size(); ++i) {
    if (coverage.hits()[i] != 0) offsets.push_back(coverage.blocks()[i].offset);
  }
  return offsets;
}

using Offsets = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("a block counts when it runs first, and the code is again what it was") {
  Program program(kSum);
  REQUIRE(program.blocks.size() == 4);  // 0, 5, 9, 15
  const auto before = program.code();
  std::uint8_t counters[8]{};
  Coverage coverage(*program.mapped, program.blocks, counters);
  Handlers ours{.coverage = &coverage};
  const Trapping trapping(ours);
  coverage.arm();
  CHECK(program.code() != before);

  CHECK(program.call(0) == 1);
  CHECK(hit(coverage) == Offsets{0, 5, 15});
  CHECK(std::vector(counters, counters + 5) == std::vector<std::uint8_t>{1, 1, 0, 1, 0});
  CHECK(ours.num_blocks == 3);
  CHECK(program.call(4) == 11);
  CHECK(hit(coverage) == Offsets{0, 5, 9, 15});
  CHECK(ours.num_blocks == 4);
  CHECK(program.call(100) == 5051);
  CHECK(ours.num_blocks == 4);
  CHECK(program.code() == before);
}

TEST_CASE("counters are shared where there are fewer than blocks, and may be none") {
  Program program(kSum);
  std::uint8_t counters[3]{};
  Coverage coverage(*program.mapped, program.blocks, counters);
  Handlers ours{.coverage = &coverage};
  const Trapping trapping(ours);
  coverage.arm();
  CHECK(program.call(0) == 1);
  CHECK(std::vector(counters, counters + 3) == std::vector<std::uint8_t>{1, 1, 0});  // block 3 is counter 0
  coverage.disarm();

  Coverage without(*program.mapped, program.blocks, {});
  ours.coverage = &without;
  without.arm();
  CHECK(program.call(0) == 1);
  CHECK(hit(without).size() == 3);
  without.disarm();
}

TEST_CASE("each input has its own hits, when asked for") {
  Program program(kSum);
  Coverage coverage(*program.mapped, program.blocks, {});
  Handlers ours{.coverage = &coverage};
  const Trapping trapping(ours);
  coverage.arm();
  CHECK(program.call(3) == 7);
  CHECK(hit(coverage) == Offsets{0, 5, 9, 15});
  coverage.rearm_hit();
  CHECK(hit(coverage).empty());
  CHECK(program.call(0) == 1);
  CHECK(hit(coverage) == Offsets{0, 5, 15});
  coverage.rearm_hit();
  CHECK(program.call(2) == 4);
  CHECK(hit(coverage) == Offsets{0, 5, 9, 15});
  coverage.forget_hits();  // and the traps stay away
  CHECK(program.call(2) == 4);
  CHECK(hit(coverage).empty());
  CHECK(ours.num_blocks == 4 + 3 + 4);
}

TEST_CASE("what was known last can be forgotten, and counts again") {
  Program program(kSum);
  std::vector<std::uint8_t> counters(4);
  Coverage coverage(*program.mapped, program.blocks, counters);
  Handlers ours{.coverage = &coverage};
  const Trapping trapping(ours);
  coverage.arm();
  CHECK(program.call(0) == 1);
  const std::size_t known = coverage.num_known();
  REQUIRE(known == 3);
  CHECK(program.call(2) == 4);
  CHECK(coverage.num_known() == 4);
  std::ranges::fill(counters, std::uint8_t{0});
  coverage.forget_hits();
  coverage.forget_known(known);
  CHECK(coverage.num_known() == known);
  CHECK(program.call(2) == 4);
  CHECK(hit(coverage) == Offsets{9});
  CHECK(std::ranges::count(counters, 1) == 1);
  CHECK(coverage.num_known() == 4);
  coverage.forget_known(4);  // nothing
  CHECK(program.call(2) == 4);
  CHECK(ours.num_blocks == 4 + 1);
}

TEST_CASE("traps go away and come back") {
  Program program(kSum);
  const auto before = program.code();
  Coverage coverage(*program.mapped, program.blocks, {});
  Handlers ours{.coverage = &coverage};
  const Trapping trapping(ours);
  coverage.arm();
  coverage.arm();  // twice is once
  coverage.disarm();
  CHECK(program.code() == before);
  CHECK(program.call(1) == 2);
  CHECK(ours.num_blocks == 0);
  CHECK(!coverage.on_trap(program.mapped->address()));
  coverage.arm();
  CHECK(program.call(1) == 2);
  CHECK(ours.num_blocks == 4);
}

TEST_CASE("blocks that are no code are left out, and what is not a block's begin is not ours") {
  Program program(kSum);
  auto blocks = program.blocks;
  blocks.push_back({kPage, 4});
  blocks.push_back({2 * kPage, 4});
  blocks.push_back({0, 5});
  Coverage coverage(*program.mapped, blocks, {});
  CHECK(coverage.blocks().size() == program.blocks.size());
  coverage.arm();
  CHECK(!coverage.on_trap(program.mapped->address() + 1));
  CHECK(!coverage.on_trap(program.mapped->address() + kPage));
  CHECK(!coverage.on_trap(0));
  CHECK(coverage.on_trap(program.mapped->address()));
  CHECK(!coverage.on_trap(program.mapped->address()));
}

TEST_CASE("a function stops at its breakpoint each time, and does what it did") {
  // What counts from rip is moved; short jumps cannot be.
  const std::uint8_t code[] = {0x8B, 0x05, 0xFA, 0x0F, 0,    0,    0xC3, 0xCC,  // mov eax, [rip+0xFFA]: [0x1000]
                               0x7E, 0x00, 0xC3, 0xCC, 0xCC, 0xCC, 0xCC, 0xCC,
                               0xCC, 0xE9, 0xEA, 0xFF, 0xFF, 0xFF,  // 17: jmp 0
                               0xE3, 0x00, 0xC3,                    // 22: jrcxz
                               0xE2, 0x00, 0xC3,                    // 25: loop
                               0x06};                               // 28: no instruction
  Program program(code);
  const int value = 1234;
  std::memcpy(program.mapped->begin() + kPage, &value, sizeof value);
  Breakpoints breakpoints(*program.mapped, test_arena());
  REQUIRE(breakpoints.set(0));
  REQUIRE(breakpoints.set(0));
  REQUIRE(breakpoints.set(17));
  CHECK(breakpoints.set(8).error() == "begins with an instruction that cannot be moved, a short jump or the like");
  CHECK(breakpoints.set(22).error() == "begins with an instruction that cannot be moved, a short jump or the like");
  CHECK(breakpoints.set(25).error() == "begins with an instruction that cannot be moved, a short jump or the like");
  CHECK(breakpoints.set(28).error() == "begins with bytes that are no instruction");
  CHECK(breakpoints.set(7).error() == "begins with a trap");
  CHECK(breakpoints.set(kPage).error() == "is no code");
  Handlers ours{.breakpoints = &breakpoints};
  const Trapping trapping(ours);
  CHECK(program.call(0) == 1234);
  CHECK(program.call(0) == 1234);
  CHECK(ours.num_stops == 2);
  CHECK(program.call(0, 17) == 1234);
  CHECK(ours.num_stops == 4);
  CHECK(ours.stops[2] == 17);
  CHECK(ours.stops[3] == 0);
}

TEST_CASE("a block and a breakpoint may begin at one place") {
  Program program(kSum);
  Breakpoints breakpoints(*program.mapped, test_arena());
  REQUIRE(breakpoints.set(0));
  const auto before = program.code();
  Coverage coverage(*program.mapped, program.blocks, {});
  Handlers ours{.coverage = &coverage, .breakpoints = &breakpoints};
  const Trapping trapping(ours);
  coverage.arm();
  for (std::size_t round = 1; round <= 3; ++round) {
    CHECK(program.call(4) == 11);
    CHECK(hit(coverage) == Offsets{0, 5, 9, 15});
    CHECK(ours.num_stops == round);  // the breakpoint stays
    coverage.rearm_hit();
  }
  coverage.disarm();
  CHECK(program.code() == before);
  CHECK(program.call(4) == 11);
  CHECK(ours.num_stops == 4);
}

TEST_CASE("a breakpoint is not set where a block's trap hides what it would move") {
  Program program(kSum);
  Coverage coverage(*program.mapped, program.blocks, {});
  coverage.arm();
  Breakpoints breakpoints(*program.mapped, test_arena());
  CHECK(breakpoints.set(0).error() == "begins with a trap");
  coverage.disarm();
  REQUIRE(breakpoints.set(0));
  coverage.arm();
  Handlers ours{.coverage = &coverage, .breakpoints = &breakpoints};
  const Trapping trapping(ours);
  CHECK(program.call(4) == 11);
  CHECK(ours.num_stops == 1);
  CHECK(ours.num_blocks == 4);
}

TEST_CASE("code stays protected while it is armed") {
  Program program(kSum);
  Coverage coverage(*program.mapped, program.blocks, {});
  coverage.arm();
  // Not writable, or this would not be refused.
  int pipes[2];
  REQUIRE(::pipe(pipes) == 0);
  REQUIRE(::write(pipes[1], "x", 1) == 1);
  CHECK(::read(pipes[0], program.mapped->begin(), 1) == -1);
  CHECK(errno == EFAULT);
  ::close(pipes[0]);
  ::close(pipes[1]);
}
