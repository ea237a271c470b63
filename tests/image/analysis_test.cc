// The parts of an audit on graphs and tables that tests write: dominators, calls, frames, checks.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <random>

#include "fuzz/image/call_depth.h"
#include "fuzz/image/function.h"
#include "fuzz/image/guards.h"
#include "fuzz/image/layout.h"
#include "fuzz/image/unwind_frame.h"
#include "fuzz/image/warnings.h"

using namespace sluice::image;

namespace {

// A graph as lists of successors; the first block is 0.
Function graph(const std::vector<std::vector<std::uint32_t>>& edges) {
  Function function;
  function.first_block = 0;
  function.blocks.resize(edges.size());
  for (std::uint32_t from = 0; from < edges.size(); ++from) {
    function.blocks[from].others = edges[from];
    for (const std::uint32_t to : edges[from]) function.blocks[to].before.push_back(from);
  }
  find_dominators(function);
  return function;
}

// What can be reached from 0 without going through `removed`.
std::vector<bool> reached_without(const std::vector<std::vector<std::uint32_t>>& edges, std::uint32_t removed) {
  std::vector<bool> is_reached(edges.size());
  std::vector<std::uint32_t> pending;
  const auto reach = [&](std::uint32_t block) {
    if (block == removed || is_reached[block]) return;
    is_reached[block] = true;
    pending.push_back(block);
  };
  reach(0);
  while (!pending.empty()) {
    const std::uint32_t block = pending.back();
    pending.pop_back();
    for (const std::uint32_t to : edges[block]) reach(to);
  }
  return is_reached;
}

}  // namespace

TEST_CASE("dominators are those of their definition, on random graphs") {
  std::mt19937 random(Catch::rngSeed());
  INFO("seed " << Catch::rngSeed());
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t count = 1 + random() % 14;
    std::vector<std::vector<std::uint32_t>> edges(count);
    for (auto& successors : edges) {
      for (std::uint32_t i = random() % 4; i > 0; --i) successors.push_back(random() % count);
      std::ranges::sort(successors);
      successors.erase(std::ranges::unique(successors).begin(), successors.end());
    }
    const Function function = graph(edges);
    const auto is_reached = reached_without(edges, UINT32_MAX);
    CHECK(function.order.size() == static_cast<std::size_t>(std::ranges::count(is_reached, true)));
    for (std::uint32_t a = 0; a < count; ++a) {
      const auto without = reached_without(edges, a);
      for (std::uint32_t b = 0; b < count; ++b) {
        if (!is_reached[a] || !is_reached[b]) continue;
        const bool expected = a == b || !without[b];
        if (function.dominates(a, b) != expected) FAIL(a << " dominates " << b << " is " << !expected);
      }
    }
  }
}

TEST_CASE("dominators of a long ladder are found in a moment") {
  constexpr std::uint32_t kCount = 200'000;
  std::vector<std::vector<std::uint32_t>> edges(kCount);
  for (std::uint32_t i = 0; i + 1 < kCount; ++i) {
    edges[i].push_back(i + 1);
    if (i + 2 < kCount) edges[i].push_back(i + 2);
    if (i > 0) edges[i].push_back(i / 2);
  }
  const Function function = graph(edges);
  CHECK(function.order.size() == kCount);
  CHECK(function.dominates(0, kCount - 1));
  CHECK(!function.dominates(kCount - 2, kCount - 1));
}

namespace {

using Names = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("the deepest chain is the one that takes most, not the longest") {
  //      0 -> 1 -> 2 -> 3     0 -> 4 (large)
  const CallDepth depth({{.frame = 16, .calls = {{1, 16}, {4, 8}}},
                         {.frame = 16, .calls = {{2, 16}}},
                         {.frame = 16, .calls = {{3, 16}}},
                         {.frame = 16},
                         {.frame = 1000}});
  const Chain chain = depth.deepest(0);
  CHECK(chain.size == 1008);
  CHECK(!chain.is_recursive);
  CHECK(chain.functions == Names{0, 4});
  CHECK(depth.deepest(1).size == 48);
  CHECK(depth.deepest(1).functions == Names{1, 2, 3});
}

TEST_CASE("what calls itself has no bound, and neither has what calls that") {
  const CallDepth depth({{.frame = 8, .calls = {{1, 8}}},
                         {.frame = 8, .calls = {{2, 8}}},
                         {.frame = 8, .calls = {{1, 8}, {3, 8}}},
                         {.frame = 8},
                         {.frame = 8, .calls = {{4, 8}}}});
  CHECK(depth.deepest(0).is_recursive);
  CHECK(depth.deepest(0).functions == Names{0, 1, 2, 1});
  CHECK(depth.deepest(4).functions == Names{4, 4});
  CHECK(!depth.deepest(3).is_recursive);
}

TEST_CASE("functions that jump to each other take no more each time") {
  const CallDepth depth({{.frame = 32, .calls = {{1, 0}}}, {.frame = 64, .calls = {{0, 0}, {2, 24}}}, {.frame = 100}});
  const Chain chain = depth.deepest(0);
  CHECK(!chain.is_recursive);
  CHECK(chain.size == 124);
  CHECK(chain.functions == Names{0, 1, 2});
}

TEST_CASE("a chain of a hundred thousand calls is measured, and told in part") {
  std::vector<CallNode> nodes(100'000);
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    nodes[i].frame = 16;
    if (i + 1 < nodes.size()) nodes[i].calls = {{i + 1, 16}};
  }
  const CallDepth depth(nodes);
  CHECK(depth.deepest(0).size == 1'600'000);
  CHECK(depth.deepest(0).functions.size() == 256);
}

namespace {

// .pdata's row {0, 16, 64} and what is at 64.
std::optional<std::uint32_t> frame_of(std::vector<std::uint8_t> info) {
  std::vector<std::uint8_t> bytes(256);
  std::ranges::copy(info, bytes.begin() + 64);
  return frame_size(bytes, {0, 16, 64});
}

}  // namespace

TEST_CASE("frames are the sum of what unwind codes say") {
  CHECK(frame_of({0x01, 0, 0, 0}) == 0);
  CHECK(frame_of({0x01, 4, 1, 0, 4, 0x30}) == 8);                                // push rbx
  CHECK(frame_of({0x01, 4, 1, 0, 4, 0x42}) == 40);                               // sub rsp, 40
  CHECK(frame_of({0x01, 7, 2, 0, 7, 0x01, 0x00, 0x01}) == 0x800);                // sub rsp, 0x100 * 8
  CHECK(frame_of({0x01, 7, 3, 0, 7, 0x11, 0x18, 0x00, 0x01, 0x00}) == 0x10018);  // sub rsp, 0x10018
  CHECK(frame_of({0x01, 9, 4, 0, 9, 0x64, 1, 0, 4, 0x32, 4, 0x30}) == 32 + 8);   // a register is saved
  CHECK(frame_of({0x01, 9, 1, 0x05, 9, 0x03}) == 0);                             // a frame register
  CHECK(!frame_of({0x01, 9, 1, 0, 9, 0x0F}));                                    // no such code
  CHECK(!frame_of({0x01, 7, 1, 0, 7, 0x01}));                                    // half of a code
  CHECK(!frame_of({0x01, 7, 3, 0, 7, 0x11, 0xFF, 0xFF, 0xFF, 0xFF}));            // 4 GiB
}

TEST_CASE("a chained part has the frame of what it is a part of, and chains end") {
  std::vector<std::uint8_t> bytes(256);
  const std::uint8_t part[] = {0x21, 0, 1, 0, 4, 0x30, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 128, 0, 0, 0};
  const std::uint8_t whole[] = {0x01, 4, 1, 0, 4, 0x42};
  std::ranges::copy(part, bytes.begin() + 64);
  std::ranges::copy(whole, bytes.begin() + 128);
  CHECK(frame_size(bytes, {16, 32, 64}) == 48);
  CHECK(is_chained(bytes, {16, 32, 64}));
  CHECK(!is_chained(bytes, {0, 16, 128}));
  bytes[64 + 16] = 64;  // to itself
  CHECK(!frame_size(bytes, {16, 32, 64}));
  CHECK(!frame_size(bytes, {16, 32, 255}));
}

TEST_CASE("an image is laid out with what its fixups say, and imports behind it") {
  const std::uint8_t text[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  ImageFile image{.format = Format::elf, .machine = Machine::x86_64, .name = "x.ko", .size = kPage};
  image.sections = {{".text", 0, kPage, text, false, true, 0}};
  image.imports = {{"one", ""}, {"two", ""}};
  image.fixups = {{.offset = 0, .kind = FixupKind::unsigned32, .addend = 0x40},
                  {.offset = 4, .import = 1, .kind = FixupKind::relative32, .addend = -4},
                  {.offset = kPage, .addend = 1}};
  const auto bytes = lay_out(image);
  REQUIRE(bytes.size() == kPage);
  std::uint32_t first = 0;
  std::int32_t second = 0;
  std::memcpy(&first, &bytes[0], 4);
  std::memcpy(&second, &bytes[4], 4);
  CHECK(first == 0x40);
  CHECK(import_at(image, static_cast<std::uint64_t>(second) + 4 + 4) == 1u);
  CHECK(!import_at(image, kPage - 1));
  CHECK(!import_at(image, kPage + 32));
  CHECK(bytes[8] == 9);
}

namespace {

// The guards of machine code at 0 that is read as one function.
std::vector<ScaledRead> reads_of(std::vector<std::uint8_t> code) {
  code.resize(kPage, 0xCC);
  ImageFile image{.format = Format::pe, .machine = Machine::x86_64, .name = "x.sys", .size = kPage};
  image.sections = {{".text", 0, kPage, code, false, true, 0}};
  const std::vector<bool> is_code(kPage, true);
  const std::vector<bool> none(kPage);
  const auto processor = make_processor(image);
  const Function function = read_function({.image = &image,
                                           .bytes = code,
                                           .is_code = &is_code,
                                           .is_function = &none,
                                           .is_resumed = &none,
                                           .processor = processor.get()},
                                          0, 1000);
  Values values(function, processor->stack_pointer());
  return find_scaled_reads(function, values);
}

GuardKind guard_of(std::vector<std::uint8_t> code) {
  const auto reads = reads_of(std::move(code));
  REQUIRE(reads.size() == 1);
  return reads[0].guard.kind;
}

}  // namespace

TEST_CASE("a check holds where the index is the value that was compared") {
  // mov rax, [rdx+rcx*8]; ret
  CHECK(guard_of({0x48, 0x8B, 0x04, 0xCA, 0xC3}) == GuardKind::none);
  // cmp ecx, 20; jae 11; mov eax, ecx; mov rax, [rdx+rax*8]; ret
  CHECK(guard_of({0x83, 0xF9, 0x14, 0x73, 0x06, 0x89, 0xC8, 0x48, 0x8B, 0x04, 0xC2, 0xC3}) == GuardKind::compared);
  // The same, and ecx is another one before: cmp ecx, 20; jae 12; mov ecx, r8d; mov rax, [rdx+rcx*8]; ret
  CHECK(guard_of({0x83, 0xF9, 0x14, 0x73, 0x07, 0x44, 0x89, 0xC1, 0x48, 0x8B, 0x04, 0xCA, 0xC3}) == GuardKind::none);
  // Only equality is asked for: cmp ecx, 20; je 9; mov rax, [rdx+rcx*8]; ret
  CHECK(guard_of({0x83, 0xF9, 0x14, 0x74, 0x04, 0x48, 0x8B, 0x04, 0xCA, 0xC3}) == GuardKind::none);
  // Flags are others' by the branch: cmp ecx, 20; add r8d, r9d; jae 12; mov rax, [rdx+rcx*8]; ret
  CHECK(guard_of({0x83, 0xF9, 0x14, 0x45, 0x01, 0xC8, 0x73, 0x04, 0x48, 0x8B, 0x04, 0xCA, 0xC3}) == GuardKind::none);
  // cmp ecx, 20; mov eax, 19; cmovae ecx, eax; mov rax, [rdx+rcx*8]; ret
  CHECK(guard_of({0x83, 0xF9, 0x14, 0xB8, 19, 0, 0, 0, 0x0F, 0x43, 0xC8, 0x48, 0x8B, 0x04, 0xCA, 0xC3}) ==
        GuardKind::selected);
  // A call may change what is volatile: cmp ecx, 20; jae 14; call 15; mov rax, [rdx+rcx*8]; ret; ret
  CHECK(guard_of({0x83, 0xF9, 0x14, 0x73, 0x0A, 0xE8, 5, 0, 0, 0, 0x48, 0x8B, 0x04, 0xCA, 0xC3, 0xC3}) ==
        GuardKind::none);
  // A way around the check: test r8d, r8d; je 10; cmp ecx, 20; jae 15; mov rax, [rdx+rcx*8]; ret
  CHECK(guard_of({0x45, 0x85, 0xC0, 0x74, 0x05, 0x83, 0xF9, 0x14, 0x73, 0x04, 0x48, 0x8B, 0x04, 0xCA, 0xC3}) ==
        GuardKind::none);
}

TEST_CASE("an address is no read, and a scale of one no index of elements") {
  CHECK(reads_of({0x48, 0x8D, 0x04, 0xCA, 0xC3}).empty());        // lea rax, [rdx+rcx*8]
  CHECK(reads_of({0x48, 0x89, 0x04, 0xCA, 0xC3}).empty());        // mov [rdx+rcx*8], rax
  CHECK(reads_of({0x0F, 0xB6, 0x04, 0x0A, 0xC3}).empty());        // movzx eax, [rdx+rcx]
  CHECK(reads_of({0xFF, 0x14, 0xCA, 0xC3}).size() == 1);          // call [rdx+rcx*8]
  CHECK(reads_of({0x0F, 0x1F, 0x44, 0xCA, 0x00, 0xC3}).empty());  // nop
}
