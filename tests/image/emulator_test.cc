// AArch64 code that runs here: what it computes, what it calls, and how each of its faults is noticed.
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>

#include <catch2/catch.hpp>

#include "fuzz/image/emulator.h"
#include "tests/image/arena.h"

using namespace sluice::image;

namespace {

class StandIns : public Provider {
 public:
  [[nodiscard]] Provided find(const std::string& name) const override;
};

struct Driver {
  Driver() {
    const auto prepared = Emulator::prepare();
    if (!prepared) FAIL(prepared.error());
    std::ifstream in(SLUICE_DRIVERS "/aarch64/emulated.sys", std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
    auto parsed = parse_image(bytes, "emulated.sys");
    REQUIRE(parsed);
    file = std::move(*parsed);
    REQUIRE(file.machine == Machine::aarch64);
    auto bound = Bindings::make(file, test_arena(), StandIns());
    REQUIRE(bound);
    bindings = std::move(*bound);
    auto done = Mapped::map(file, test_arena(), bindings->addresses());
    REQUIRE(done);
    mapped = *done;
    const auto entered = emulator.enter(*mapped, *bindings, test_arena());
    if (!entered) FAIL(entered.error());
  }
  [[nodiscard]] void* at(const char* name) const {
    std::string why;
    const auto offset = find_symbol(file, name, why);
    INFO(why);
    REQUIRE(offset);
    return mapped->begin() + *offset;
  }
  template <typename... Values>
  auto call(const char* name, Values... values) {
    return emulator.call(at(name), Arguments{(std::uint64_t)values...});
  }

  std::vector<std::uint8_t> bytes;
  ImageFile file;
  std::optional<Bindings> bindings;
  std::optional<Mapped> mapped;
  Emulator emulator;
};

Driver& driver() {
  static Driver only;
  return only;
}

std::uint64_t test_variable = 42;

std::uint64_t weigh(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d, std::uint64_t e,
                    std::uint64_t f, std::uint64_t g, std::uint64_t h, std::uint64_t i, std::uint64_t j,
                    std::uint64_t k, std::uint64_t l) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k + 12 * l;
}

std::uint64_t call_back(std::uint64_t depth) {
  const auto result = driver().call("CallBack", depth);
  return result ? *result : 0;
}

Provided StandIns::find(const std::string& name) const {
  if (name == "TestWeigh") return {.address = reinterpret_cast<void*>(&weigh)};
  if (name == "TestCallBack") return {.address = reinterpret_cast<void*>(&call_back)};
  if (name == "TestVariable") return {.address = &test_variable, .object_size = sizeof test_variable};
  return {};
}

// --- Faults: each in a process of its own, which tells and ends ------------------------------------------------------

struct Told {
  enum How : int { returned, trapped, raised } how = returned;
  Trap trap{};
  std::uint64_t result = 0;
  std::uint64_t address = 0;  // raised
  bool is_write = false;
  Aarch64Registers registers{};
};

int answer = -1;

[[noreturn]] void tell(const Told& told) {
  const auto written = ::write(answer, &told, sizeof told);
  ::_exit(written == sizeof told ? 0 : 1);
}

void on_signal(int, siginfo_t* info, void* context) {
  const Emulator& emulator = driver().emulator;
  if (!emulator.is_running()) ::_exit(2);
  constexpr greg_t kWrite = 2;
  tell({.how = Told::raised,
        .address = reinterpret_cast<std::uintptr_t>(info->si_addr),
        .is_write = (static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_ERR] & kWrite) != 0,
        .registers = emulator.registers()});
}

constexpr std::size_t kStackSize = 64u << 10;
constexpr std::size_t kGuard = 1u << 20;

std::uint8_t* stack_under_guard() {
  void* at = ::mmap(nullptr, kGuard + kStackSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  auto* begin = static_cast<std::uint8_t*>(at) + kGuard;
  ::mprotect(begin, kStackSize, PROT_READ | PROT_WRITE);
  return begin;
}

struct Asked {
  void* function;
  Arguments arguments;
};

void* run_asked(void* asked) {
  stack_t stack{.ss_sp = ::mmap(nullptr, kStackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                .ss_flags = 0,
                .ss_size = kStackSize};
  ::sigaltstack(&stack, nullptr);
  struct sigaction action{};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigaction(SIGSEGV, &action, nullptr);
  const auto& call = *static_cast<Asked*>(asked);
  Emulator& emulator = driver().emulator;
  const auto result = emulator.call(call.function, call.arguments);
  if (result) tell({.how = Told::returned, .result = *result});
  tell({.how = Told::trapped, .trap = result.error(), .registers = emulator.registers()});
}

std::uint8_t* const kSmallStack = stack_under_guard();

template <typename... Values>
Told ask(const char* name, Values... values) {
  Asked asked{driver().at(name), Arguments{(std::uint64_t)values...}};
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    answer = ends[1];
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, kSmallStack, kStackSize);
    pthread_t thread{};
    if (pthread_create(&thread, &attributes, run_asked, &asked) == 0) pthread_join(thread, nullptr);
    ::_exit(3);
  }
  ::close(ends[1]);
  Told told;
  const auto got = ::read(ends[0], &told, sizeof told);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  REQUIRE(got == sizeof told);
  return told;
}

// What the instruction that told stands in.
std::string function_of(const Told& told) {
  const Mapped& mapped = *driver().mapped;
  if (!mapped.is_inside(told.registers.pc)) return "";
  const Symbol* symbol = symbol_at(mapped.file(), mapped.offset_of(told.registers.pc));
  return symbol != nullptr ? symbol->name : "";
}

Decoded decoded(const Told& told) {
  std::array<std::uint8_t, 4> bytes{};
  std::memcpy(bytes.data(), reinterpret_cast<const void*>(told.registers.pc), bytes.size());
  const auto instruction = decode_aarch64(bytes, told.registers);
  REQUIRE(instruction);
  REQUIRE(instruction->num_operands == 1);
  return *instruction;
}

// A page between two that nobody may touch.
std::uint8_t* lone_page() {
  static auto* const page = [] {
    void* at = ::mmap(nullptr, 3 * kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    auto* middle = static_cast<std::uint8_t*>(at) + kPage;
    ::mprotect(middle, kPage, PROT_READ | PROT_WRITE);
    return middle;
  }();
  return page;
}
std::uintptr_t lone_address() { return reinterpret_cast<std::uintptr_t>(lone_page()); }

}  // namespace

TEST_CASE("arguments go in registers and on the stack, and the result comes back") {
  const auto result = driver().call("WeighHere", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  REQUIRE(result);
  CHECK(*result == 650);
}

TEST_CASE("imports are functions of ours, and variables copies of ours") {
  const auto result = driver().call("WeighThere", 1, 2);
  REQUIRE(result);
  CHECK(*result == 650 * 1000 + 12);
  CHECK(*driver().call("ReadVariables") == 4205);
  CHECK(*driver().call("ReadVariables") == 4206);
}

TEST_CASE("what emulated code calls may call it again") {
  std::uint64_t expected = 1;
  for (std::uint64_t depth = 1; depth <= 20; ++depth) expected = expected * 3 + depth;
  CHECK(*driver().call("CallBack", 20) == expected);
  CHECK(!driver().emulator.is_entered());
}

TEST_CASE("what is freed and mapped between two instructions is known to the next") {
  std::uint8_t* page = lone_page();
  std::memset(page, 7, kPage);
  CHECK(*driver().call("Read8", lone_address()) == 0x0707070707070707);
  ::mprotect(page, kPage, PROT_NONE);
  const Told told = ask("Read8", lone_address() + 16);
  CHECK(told.how == Told::raised);
  CHECK(told.address == lone_address() + 16);
  ::mprotect(page, kPage, PROT_READ | PROT_WRITE);
  CHECK(*driver().call("Read8", lone_address() + 16) == 0x0707070707070707);
  ::mprotect(page, kPage, PROT_READ);
  CHECK(*driver().call("Read8", lone_address() + 16) == 0x0707070707070707);
  CHECK(ask("Write1", lone_address()).is_write);
  ::mprotect(page, kPage, PROT_READ | PROT_WRITE);
  CHECK(driver().call("Write1", lone_address()));
  CHECK(page[0] == 5);
}

TEST_CASE("reads and writes beside what is there are faults at the byte") {
  const Told behind = ask("ReadAt", lone_address() + kPage - 160, 40);
  CHECK(behind.how == Told::raised);
  CHECK(behind.address == lone_address() + kPage);
  CHECK(!behind.is_write);
  CHECK(function_of(behind) == "ReadAt");
  const Decoded instruction = decoded(behind);
  CHECK(instruction.text == "ldr w0, [x0, x1, lsl #2]");
  CHECK(instruction.operands[0].address == lone_address() + kPage);
  CHECK(instruction.operands[0].size == 4);
  CHECK(instruction.operands[0].is_read);
  CHECK(!instruction.operands[0].is_written);
  char expected[64];
  std::snprintf(expected, sizeof expected, "x0+x1*4, x0 = %#lx, x1 = 0x28", lone_address() + kPage - 160);
  CHECK(instruction.operands[0].expression == expected);

  const Told before = ask("Write1", lone_address() - 1);
  CHECK(before.how == Told::raised);
  CHECK(before.address == lone_address() - 1);
  CHECK(before.is_write);
  CHECK(function_of(before) == "Write1");
  CHECK(decoded(before).operands[0].size == 1);

  // The first byte that is not there.
  const Told astride = ask("Read8", lone_address() + kPage - 3);
  CHECK(astride.how == Told::raised);
  CHECK(astride.address == lone_address() + kPage);
  CHECK(decoded(astride).operands[0].address == lone_address() + kPage - 3);
  CHECK(decoded(astride).operands[0].size == 8);

  CHECK(ask("Add1", lone_address() + kPage).address == lone_address() + kPage);
}

TEST_CASE("what no process could touch ends the call") {
  const Told null = ask("ReadAt", 0, 6);
  CHECK(null.how == Told::trapped);
  CHECK(null.trap.kind == Trap::Kind::read);
  CHECK(null.trap.address == 24);
  CHECK(null.trap.size == 4);
  CHECK(function_of(null) == "ReadAt");
  const Told poison = ask("Write1", 0xA5A5A5A5A5A5A5A5);
  CHECK(poison.trap.kind == Trap::Kind::write);
  CHECK(poison.trap.address == 0xA5A5A5A5A5A5A5A5);
  CHECK(poison.registers.general[0] == 0xA5A5A5A5A5A5A5A5);
}

TEST_CASE("sections keep their protection") {
  const Told constant = ask("WriteConstant");
  CHECK(constant.how == Told::raised);
  CHECK(constant.is_write);
  const Section* section = section_at(driver().file, driver().mapped->offset_of(constant.address));
  REQUIRE(section != nullptr);
  CHECK(section->name == ".rdata");
  const Told code = ask("WriteCode");
  CHECK(code.how == Told::trapped);
  CHECK(code.trap.kind == Trap::Kind::write);
  CHECK(code.trap.address == reinterpret_cast<std::uintptr_t>(driver().at("WeighHere")));
}

TEST_CASE("jumps lead to code or end the call") {
  CHECK(ask("Jump", driver().at("ReadVariables")).result == 4207 + 1);
  for (const std::uint64_t to : {std::uint64_t{0}, std::uint64_t{lone_address()}, std::uint64_t{0x5A5A5A5A5A5A5A5A}}) {
    INFO(to);
    const Told told = ask("Jump", to);
    CHECK(told.how == Told::trapped);
    CHECK(told.trap.kind == Trap::Kind::execute);
    CHECK(told.trap.address == to);
    // Where it came from.
    const Mapped& mapped = *driver().mapped;
    CHECK(symbol_at(mapped.file(), mapped.offset_of(told.registers.general[30] - 1))->name == "Jump");
  }
  const Told missing = ask("CallMissing");
  CHECK(missing.how == Told::trapped);
  CHECK(missing.trap.kind == Trap::Kind::execute);
  const Import* import = driver().bindings->trapped_at(missing.trap.address);
  REQUIRE(import != nullptr);
  CHECK(import->name == "TestMissing");
  CHECK(missing.registers.general[0] == 7);
}

TEST_CASE("traps are told by their number") {
  const Told stopped = ask("Break");
  CHECK(stopped.trap.kind == Trap::Kind::breakpoint);
  CHECK(stopped.trap.number == 0xF000);
  CHECK(function_of(stopped) == "Break");
  const Told trapped = ask("Trap");
  CHECK(trapped.trap.kind == Trap::Kind::breakpoint);
  CHECK(trapped.trap.number == 1);
  const std::uint32_t undefined = 0;
  driver().mapped->patch(driver().mapped->offset_of(reinterpret_cast<std::uintptr_t>(driver().at("Trap"))),
                         {reinterpret_cast<const std::uint8_t*>(&undefined), sizeof undefined});
  CHECK(ask("Trap").trap.kind == Trap::Kind::undefined);
}

TEST_CASE("the stack of the caller is what emulated code has") {
  const auto stack = reinterpret_cast<std::uintptr_t>(kSmallStack);
  CHECK(ask("Recurse", 20).how == Told::returned);
  const Told told = ask("Recurse", 1'000'000);
  CHECK(told.how == Told::raised);
  CHECK(told.is_write);
  CHECK(told.address < stack);
  CHECK(told.address >= stack - 1024);
  CHECK(function_of(told) == "Recurse");
  CHECK(driver().call("LargeFrame", 3));
  const Told large = ask("LargeFrame", 3);
  CHECK(large.how == Told::raised);
  CHECK(large.address < stack);
}

TEST_CASE("functions are stopped at, and their arguments changed") {
  static std::vector<std::uint64_t> seen;
  seen.clear();
  Emulator& emulator = driver().emulator;
  emulator.stop_at(reinterpret_cast<std::uintptr_t>(driver().at("WeighHere")));
  emulator.listen({.arrive = [](std::uintptr_t, std::uint64_t* arguments) {
    seen.assign(arguments, arguments + 6);
    arguments[1] = 100;
    arguments[5] = 0;
  }});
  CHECK(*driver().call("WeighHere", 1, 2, 3, 4, 5, 6) == 1 + 200 + 9 + 16 + 25);
  CHECK(seen == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6});
  emulator.listen({});
  CHECK(*driver().call("WeighHere", 1, 2) == 5);
}

TEST_CASE("steps are told before each instruction") {
  static std::vector<std::uintptr_t> steps;
  steps.clear();
  Emulator& emulator = driver().emulator;
  emulator.listen({.step = [](const Emulator&, std::uintptr_t pc) { steps.push_back(pc); }});
  CHECK(driver().call("ReadAt", &test_variable, 0));
  emulator.listen({});
  const auto at = reinterpret_cast<std::uintptr_t>(driver().at("ReadAt"));
  CHECK(steps == std::vector<std::uintptr_t>{at, at + 4});
}

TEST_CASE("emulated code is fast enough", "[.][speed]") {
  constexpr std::uint64_t kRounds = 5'000'000;
  const auto begin = std::chrono::steady_clock::now();
  CHECK(driver().call("Spin", kRounds));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  WARN(6 * kRounds / took.count() / 1e6 << " million instructions a second, about");
  const auto calls = std::chrono::steady_clock::now();
  for (int i = 0; i < 100'000; ++i) driver().call("ReadVariables");
  WARN(std::chrono::duration<double>(std::chrono::steady_clock::now() - calls).count() * 1e4 << " ns a call");
  const auto imports = std::chrono::steady_clock::now();
  for (int i = 0; i < 100'000; ++i) driver().call("WeighThere", 1, 2);
  WARN(std::chrono::duration<double>(std::chrono::steady_clock::now() - imports).count() * 1e4
       << " ns a call that calls an import");
}
