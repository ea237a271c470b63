// Frames of a driver that runs here, looked at before each of its instructions; and of code that only the tables tell
// of.
#include "fuzz/image/unwind.h"

#include <sys/ucontext.h>
#include <x86intrin.h>
#include <csignal>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstring>

#include "fuzz/image/mapped.h"
#include "tests/image/arena.h"
#include "tests/image/pe_file.h"

using namespace sluice::image;

namespace {

using Callback = std::uint64_t(__attribute__((ms_abi)) *)(void*);
using CallBack = std::uint64_t(__attribute__((ms_abi)) *)(Callback, void*);

// ---- A driver, mapped
// ------------------------------------------------------------------------------------------------

[[gnu::naked]] void probe_stack() { asm("retq"); }
__attribute__((ms_abi)) std::uint64_t nothing() { return 0; }

struct Driver {
  ImageFile file;
  Mapped mapped;

  std::uint32_t offset_of(const char* name) const {
    std::string why;
    const auto offset = find_symbol(file, name, why);
    INFO(name << " " << why);
    REQUIRE(offset);
    return *offset;
  }
  CallBack function(const char* name) const { return reinterpret_cast<CallBack>(mapped.begin() + offset_of(name)); }
};

const Driver& driver() {
  static const Bytes pdb = read_driver("x86_64/small.pdb");
  static const ImageFile file = [] {
    auto image = parse_image(small_sys(), "small.sys");
    REQUIRE(image);
    REQUIRE(add_pdb_symbols(*image, pdb));
    return std::move(*image);
  }();
  static const Driver driver = [] {
    std::vector<std::uintptr_t> imports;
    for (const Import& import : file.imports) {
      imports.push_back(import.name == "__chkstk" ? reinterpret_cast<std::uintptr_t>(&probe_stack)
                                                  : reinterpret_cast<std::uintptr_t>(&nothing));
    }
    auto mapped = Mapped::map(file, test_arena(), imports);
    if (!mapped) FAIL(mapped.error());
    return Driver{file, *mapped};
  }();
  return driver;
}

bool read_memory(std::uintptr_t address, std::uint64_t& word) {
  if (address < 4096) return false;
  std::memcpy(&word, reinterpret_cast<const void*>(address), sizeof word);
  return true;
}

// ---- Running it an instruction at a time
// -------------------------------------------------------------------------------

// What was called and has not returned, as the processor did it; and what differs from it.
struct Watch {
  std::array<std::uint64_t, 256> returns;
  std::size_t num_returns = 0;
  std::uint64_t last_rip = 0;
  std::uint64_t last_rsp = 0;
  std::size_t num_checked = 0;
  std::size_t deepest = 0;
  std::uint32_t first_wrong = 0;  // offset of the instruction
  std::uint64_t told = 0;
  std::uint64_t wanted = 0;
};
Watch g_watch;
const Driver* g_driver;

Registers registers_of(const ucontext_t& context) {
  constexpr int kOrder[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                            REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  Registers registers;
  for (std::size_t i = 0; i < std::size(kOrder); ++i) {
    registers.general[i] = static_cast<std::uint64_t>(context.uc_mcontext.gregs[kOrder[i]]);
  }
  registers.rip = static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RIP]);
  return registers;
}

void follow_calls(std::uint64_t rip, std::uint64_t rsp) {
  Watch& watch = g_watch;
  const std::uint64_t top = *reinterpret_cast<const std::uint64_t*>(rsp);
  const bool called =
      watch.last_rsp != 0 && rsp == watch.last_rsp - 8 && top > watch.last_rip && top <= watch.last_rip + 8;
  const bool returned =
      watch.num_returns != 0 && rsp == watch.last_rsp + 8 && rip == watch.returns[watch.num_returns - 1];
  if (called && rip != top) watch.returns[watch.num_returns++] = top;
  if (returned) --watch.num_returns;
  watch.last_rip = rip;
  watch.last_rsp = rsp;
}

void compare(const Registers& registers) {
  Watch& watch = g_watch;
  std::array<std::uintptr_t, 32> pcs;
  const std::size_t num_pcs = unwind(g_driver->file, g_driver->mapped.address(), registers, pcs, read_memory);
  ++watch.num_checked;
  watch.deepest = std::max(watch.deepest, num_pcs);
  std::uint64_t wanted = registers.rip;
  for (std::size_t i = 0;; ++i) {
    const std::uint64_t told = i < num_pcs ? pcs[i] : 0;
    const bool is_last = !g_driver->mapped.is_inside(wanted);
    if (watch.first_wrong == 0 && (told != wanted || (is_last && num_pcs != i + 1))) {
      watch.first_wrong = g_driver->mapped.offset_of(registers.rip);
      watch.told = told;
      watch.wanted = wanted;
    }
    if (told != wanted || is_last || i >= watch.num_returns) return;
    wanted = watch.returns[watch.num_returns - 1 - i];
  }
}

void on_trap(int, siginfo_t*, void* raw) {
  const auto& context = *static_cast<const ucontext_t*>(raw);
  const Registers registers = registers_of(context);
  follow_calls(registers.rip, registers.general[4]);
  if (g_driver->mapped.is_inside(registers.rip)) compare(registers);
}

__attribute__((ms_abi)) std::uint64_t called_back(void* context) {
  ++*static_cast<std::uint64_t*>(context);
  return 1;
}

Watch watch(CallBack function) {
  struct sigaction action{};
  struct sigaction old{};
  action.sa_sigaction = on_trap;
  action.sa_flags = SA_SIGINFO;
  g_watch = {};
  g_driver = &driver();
  std::uint64_t num_calls = 0;
  sigaction(SIGTRAP, &action, &old);
  constexpr std::uint64_t kTrapFlag = 0x100;
  __writeeflags(__readeflags() | kTrapFlag);
  function(called_back, &num_calls);
  __writeeflags(__readeflags() & ~kTrapFlag);
  sigaction(SIGTRAP, &old, nullptr);
  REQUIRE(num_calls == 1);
  return g_watch;
}

}  // namespace

TEST_CASE("before every instruction of a driver its frames are those that were called") {
  const auto [name, depth] =
      GENERATE(table<const char*, std::size_t>({{"SmallCallBack", 5}, {"SmallCallBackOddly", 6}}));
  const Watch seen = watch(driver().function(name));
  INFO(name << ": at " << std::hex << seen.first_wrong << " told " << seen.told << " and not " << seen.wanted);
  CHECK(seen.first_wrong == 0);
  CHECK(seen.num_checked > 30);
  CHECK(seen.deepest == depth);
}

// ---- Stacks that are damaged
// -------------------------------------------------------------------------------------------

namespace {

bool read_nothing(std::uintptr_t, std::uint64_t&) { return false; }

// A stack that is this, at kStack.
constexpr std::uint64_t kStack = 0x1000;
std::array<std::uint64_t, 64> g_stack;
bool read_stack(std::uintptr_t address, std::uint64_t& word) {
  const std::uint64_t at = (address - kStack) / 8;
  if (address < kStack || address % 8 != 0 || at >= g_stack.size()) return false;
  word = g_stack[at];
  return true;
}

}  // namespace

TEST_CASE("what cannot be read ends the frames") {
  const Driver& small = driver();
  Registers registers;
  std::array<std::uintptr_t, 8> pcs{};
  registers.rip = small.mapped.address() + small.offset_of("SmallCallBack");
  CHECK(unwind(small.file, small.mapped.address(), registers, pcs, read_nothing) == 1);
  CHECK(pcs[0] == registers.rip);
  CHECK(unwind(small.file, small.mapped.address(), registers, {}, read_nothing) == 0);

  SECTION("it is never more than there is room for") {
    g_stack.fill(registers.rip);
    registers.general[4] = kStack;
    CHECK(unwind(small.file, small.mapped.address(), registers, std::span(pcs).first(3), read_stack) == 3);
    CHECK(pcs[3] == 0);
  }
  SECTION("a call to where nothing is returns to where it came from") {
    g_stack.fill(0x77777777);
    g_stack[0] = registers.rip;
    registers.rip = 0xDEADBEEF;
    registers.general[4] = kStack;
    REQUIRE(unwind(small.file, small.mapped.address(), registers, pcs, read_stack) == 3);
    CHECK(pcs[1] == g_stack[0]);
    CHECK(pcs[2] == 0x77777777);
  }
  SECTION("what lies outside and can be read is told, and no more") {
    registers.rip = kStack;
    CHECK(unwind(small.file, small.mapped.address(), registers, pcs, read_stack) == 1);
  }
}

// ---- Tables by hand
// ----------------------------------------------------------------------------------------------------

namespace {

constexpr std::uint64_t kImage = 0x40000000;
constexpr std::uint32_t kCode = 0;
constexpr std::uint32_t kInfos = 0x1000;
constexpr std::uint32_t kTable = 0x2000;
constexpr std::uint64_t kCaller = 0x12345678;

// One page of nops with a function at 0x100, its unwind information, the table.
struct ByHand {
  ByHand(const ByHand&) = delete;  // the image views what is here
  ByHand(const Bytes& unwind_info, const std::vector<std::uint32_t>& table) : code(0x1000, 0x90) {
    info = unwind_info;
    records.resize(table.size() * 4);
    std::memcpy(records.data(), table.data(), records.size());
    image.sections = {{".text", kCode, 0x1000, code, false, true, kCode},
                      {".xdata", kInfos, 0x1000, info, false, false, kInfos},
                      {".pdata", kTable, 0x1000, records, false, false, kTable}};
    image.unwind = {kTable, static_cast<std::uint32_t>(records.size())};
    g_stack.fill(0);
  }
  std::vector<std::uintptr_t> frames(std::uint32_t offset) {
    registers.rip = kImage + offset;
    registers.general[4] = kStack;
    std::vector<std::uintptr_t> pcs(8);
    pcs.resize(unwind(image, kImage, registers, pcs, read_stack));
    return pcs;
  }

  Bytes code;
  Bytes info;
  Bytes records;
  Registers registers;
  ImageFile image{.format = Format::pe, .machine = Machine::x86_64, .name = "by hand", .size = 0x3000};
};

using Pcs = std::vector<std::uintptr_t>;

}  // namespace

TEST_CASE("a function is unwound by each code") {
  struct Case {
    const char* name;
    Bytes info;
    std::size_t word;  // of the stack, where the function returns to
  };
  const std::vector<Case> cases{
      {"nothing", {1, 0, 0, 0}, 0},
      {"push", {1, 1, 1, 0, 1, 0x30}, 1},
      {"small", {1, 4, 1, 0, 4, 0x42}, 5},
      {"large", {1, 7, 2, 0, 7, 0x01, 20, 0}, 20},
      {"very large", {1, 7, 3, 0, 7, 0x11, 160, 0, 0, 0}, 20},
      {"saved registers and vectors take room in the table only",
       {1, 9, 11, 0, 9, 0x64, 1, 0, 9, 0x65, 8, 0, 0, 0, 9, 0x68, 1, 0, 9, 0x69, 16, 0, 0, 0, 4, 0x02},
       1},
      {"an epilog's codes", {2, 4, 3, 0, 1, 0x16, 0, 0, 4, 0x02}, 1},
  };
  for (const Case& one : cases) {
    INFO(one.name);
    ByHand made(one.info, {0x100, 0x200, kInfos});
    g_stack[one.word] = kCaller;
    CHECK(made.frames(0x180) == Pcs{kImage + 0x180, kCaller});
  }
}

TEST_CASE("only what a prolog has done is undone") {
  // push rsi; sub rsp, 0x18
  ByHand made({1, 5, 2, 0, 5, 0x22, 1, 0x60}, {0x100, 0x200, kInfos});
  for (const auto& [offset, word] : {std::pair(0x100u, 0u), {0x101u, 1u}, {0x104u, 1u}, {0x105u, 4u}, {0x150u, 4u}}) {
    g_stack.fill(0);
    g_stack[word] = kCaller;
    CHECK(made.frames(offset) == Pcs{kImage + offset, kCaller});
  }
}

TEST_CASE("a frame register counts once it is set") {
  // push rbp; sub rsp, 0x40; lea rbp, [rsp + 0x20]; then rsp moves
  ByHand made({1, 10, 3, 0x25, 10, 0x03, 5, 0x72, 1, 0x50}, {0x100, 0x200, kInfos});
  made.registers.general[5] = kStack + 0x50 + 0x20;
  g_stack[10 + 9] = kCaller;
  CHECK(made.frames(0x150) == Pcs{kImage + 0x150, kCaller});
  g_stack.fill(0);
  g_stack[9] = kCaller;
  CHECK(made.frames(0x107) == Pcs{kImage + 0x107, kCaller});
}

TEST_CASE("an interrupt's frame leads to what was interrupted") {
  for (const unsigned has_error_code : {0u, 1u}) {
    ByHand made({1, 0, 1, 0, 0, static_cast<std::uint8_t>(0x0A | has_error_code << 4)}, {0x100, 0x200, kInfos});
    g_stack[has_error_code] = kImage + 0x300;  // rip, in no function: a leaf
    g_stack[has_error_code + 3] = kStack + 0x80;
    g_stack[16] = kCaller;
    CHECK(made.frames(0x150) == Pcs{kImage + 0x150, kImage + 0x300, kCaller});
  }
}

namespace {

// A function at 0x100 with a frame of 0x18 that is counted by `frame_register`, a part of it at 0x200, another at
// 0x300.
ByHand in_parts(std::uint8_t frame_register, Bytes part) {
  Bytes info{1, 8, 2, frame_register, 8, 0x03, 4, 0x22};
  info.resize(16);
  part.insert(part.begin(), 0x21);
  info.insert(info.end(), part.begin(), part.end());
  const std::uint32_t parent[] = {0x100, 0x200, kInfos};
  info.resize(info.size() + sizeof parent);
  std::memcpy(&info[info.size() - sizeof parent], parent, sizeof parent);
  info.resize(64);
  info.insert(info.end(), {1, 0, 0, 0});
  return ByHand(info, {0x100, 0x200, kInfos, 0x200, 0x280, kInfos + 16, 0x300, 0x380, kInfos + 64});
}

constexpr std::uint8_t kRbx = 3;
constexpr std::uint8_t kRbp = 5;

}  // namespace

TEST_CASE("a part of a function is unwound with what it is chained to") {
  SECTION("registers are saved on the stack") {
    ByHand made = in_parts(kRbx, {4, 2, 0, 4, 0x34, 0, 0});  // mov [rsp], rbx
    g_stack[0] = kStack + 0x40;
    g_stack[8 + 3] = kCaller;
    CHECK(made.frames(0x240) == Pcs{kImage + 0x240, kCaller});
  }
  SECTION("registers are saved in the frame") {
    ByHand made = in_parts(kRbp, {4, 2, kRbx, 4, 0x54, 1, 0});  // mov [rbx + 8], rbp
    made.registers.general[kRbx] = kStack + 0x80;
    g_stack[16 + 1] = kStack + 0x40;
    g_stack[8 + 3] = kCaller;
    CHECK(made.frames(0x240) == Pcs{kImage + 0x240, kCaller});
  }
}

TEST_CASE("a jump to another part is no epilog, and one to another function is") {
  struct Case {
    const char* name;
    std::uint32_t from;
    std::int32_t to;
    bool is_epilog;
  };
  const std::vector<Case> cases{{"to a part", 0x150, 0x240, false},
                                {"in the function", 0x150, 0x170, false},
                                {"from a part", 0x240, 0x170, false},
                                {"to another function", 0x150, 0x300, true},
                                {"to code without a record", 0x150, 0x400, true},
                                {"out of the image", 0x150, -0x1000, true},
                                {"to the begin", 0x150, 0x100, true},
                                {"from a part to the begin", 0x240, 0x100, true}};
  for (const Case& one : cases) {
    INFO(one.name);
    ByHand made = in_parts(kRbx, {0, 0, 0});
    made.registers.general[kRbx] = kStack + 0x40;
    const std::int32_t distance = one.to - static_cast<std::int32_t>(one.from + 5);
    made.code[one.from] = 0xE9;
    std::memcpy(&made.code[one.from + 1], &distance, sizeof distance);
    g_stack[one.is_epilog ? 0 : 8 + 3] = kCaller;
    CHECK(made.frames(one.from) == Pcs{kImage + one.from, kCaller});
  }
}

TEST_CASE("tables that lie end the frames") {
  const auto pcs_of = [](const Bytes& info, const std::vector<std::uint32_t>& table) {
    ByHand made(info, table);
    g_stack.fill(kImage + 0x150);
    return made.frames(0x150).size();
  };
  const Bytes chained_to_itself{0x21, 0, 0, 0, 0x00, 0x01, 0, 0, 0x00, 0x02, 0, 0, 0x00, 0x10, 0, 0};
  CHECK(pcs_of(chained_to_itself, {0x100, 0x200, kInfos}) == 1);
  CHECK(pcs_of({1, 0, 0, 0}, {0x100, 0x200, kTable + 1}) == 1);       // the record is another's, which is itself
  CHECK(pcs_of({1, 0, 0, 0}, {0x100, 0x200, 0x7FFFFFF0}) == 1);       // nowhere
  CHECK(pcs_of({1, 4, 1, 0, 4, 0x0F}, {0x100, 0x200, kInfos}) == 1);  // no such code
  // A frame that lies below the stack leads back.
  ByHand made({1, 4, 1, 0x05, 4, 0x03}, {0x100, 0x200, kInfos});
  g_stack.fill(kImage + 0x150);
  made.registers.general[5] = kStack - 8;
  CHECK(made.frames(0x150).size() == 1);
}
