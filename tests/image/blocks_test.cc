// Blocks as pictures: the code in hexadecimal, the blocks as the offsets where they begin and end.
#include "fuzz/image/blocks.h"

#include "fuzz/image/block_listing.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <random>

using namespace sluice::image;

namespace {

struct Code {
  std::vector<std::uint8_t> bytes;
  ImageFile image;
};

std::vector<std::uint8_t> from_hex(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  std::string digits;
  for (const char c : text) {
    if (c == ' ' || c == '|') continue;
    digits += c;
    if (digits.size() < 2) continue;
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(digits, nullptr, 16)));
    digits.clear();
  }
  return bytes;
}

Code code(std::string_view hex) {
  Code code{.bytes = from_hex(hex), .image = {.format = Format::pe, .machine = Machine::x86_64, .name = "x.sys"}};
  code.bytes.resize(2 * kPage, 0xCC);
  code.image.size = 2 * kPage;
  code.image.sections = {{".text", 0, kPage, {}, false, true, 0}, {".data", kPage, kPage, {}, true, false, kPage}};
  return code;
}

// "0-5 5-7"
std::string picture(const Code& code, std::vector<std::uint32_t> entries = {0}) {
  std::string text;
  for (const Block& block : find_blocks(code.image, code.bytes, entries)) {
    if (!text.empty()) text += ' ';
    text += std::to_string(block.offset) + "-" + std::to_string(block.offset + block.size);
  }
  return text;
}

}  // namespace

TEST_CASE("a block ends where the flow does") {
  CHECK(picture(code("90 C3 90 90")) == "0-2");
  CHECK(picture(code("90 0F 0B 90")) == "0-3");
  CHECK(picture(code("90 CC CC CC")) == "0-2");
  CHECK(picture(code("CD 29 90 C3")) == "0-2");           // __fastfail
  CHECK(picture(code("FF E0 90 C3")) == "0-2");           // jmp rax: not followed
  CHECK(picture(code("FF 25 00 00 00 00 90")) == "0-6");  // jmp [rip]
  CHECK(picture(code("F4 90 C3")) == "0-3");              // hlt goes on
  CHECK(picture(code("48 CF 90")) == "0-2");              // iretq
  CHECK(picture(code("90 06 90 C3")) == "0-1");           // 06 is no instruction
}

TEST_CASE("both sides of a branch are blocks") {
  CHECK(picture(code("85 C0 | 74 01 | 90 | C3")) == "0-4 4-5 5-6");
  CHECK(picture(code("85 C0 | 0F 84 01 00 00 00 | 90 | C3")) == "0-8 8-9 9-10");
  CHECK(picture(code("FF C9 | 75 FC | C3")) == "0-4 4-5");      // a loop to its own begin
  CHECK(picture(code("90 90 | 75 FD | C3")) == "0-1 1-4 4-5");  // and into its middle, found later
  CHECK(picture(code("90 | E2 FD | C3")) == "0-3 3-4");
  CHECK(picture(code("EB 02 | CC CC | C3")) == "0-2 4-5");
  CHECK(picture(code("E9 01 00 00 00 | CC | C3")) == "0-5 6-7");
}

TEST_CASE("a call ends no block, and its target begins one") {
  CHECK(picture(code("E8 02 00 00 00 | 90 C3 | 90 C3")) == "0-7 7-9");
  CHECK(picture(code("E8 00 00 00 00 | C3")) == "0-5 5-6");
}

TEST_CASE("what lies elsewhere is not code") {
  CHECK(picture(code("E9 FB 0F 00 00")) == "0-5");  // to .data
  CHECK(picture(code("E9 00 00 00 80")) == "0-5");  // before the image
  CHECK(picture(code("90 C3"), {kPage, 2 * kPage, UINT32_MAX}).empty());
  CHECK(picture(code("")) == "0-1");
  Code to_the_end = code("");
  std::memset(to_the_end.bytes.data(), 0x90, kPage);
  CHECK(picture(to_the_end) == "0-4096");  // and does not run into .data
  to_the_end.bytes[kPage - 1] = 0xE8;      // cut off by the end of the section
  CHECK(picture(to_the_end) == "0-4095");
}

TEST_CASE("an instruction in the middle of another is no block") {
  CHECK(picture(code("EB FF | C0 90 C3")) == "0-2");
  CHECK(picture(code("B8 90 90 90 C3 | C3"), {0, 1}) == "0-6");
  CHECK(picture(code("74 01 | F0 48 0F B1 0A | C3")) == "0-2 2-8");  // jumps over lock
}

TEST_CASE("functions are the entry, symbols and .pdata") {
  Code with_all = code("C3 CC | C3 CC | C3 CC | C3 CC | C3");
  with_all.image.entry = 2;
  with_all.image.symbols = {{"function", 4, 0, true}, {"data", 8, 0, false}, {"elsewhere", kPage, 0, true}};
  with_all.image.unwind = {kPage, 12};
  const std::uint32_t entry[] = {6, 7, 0};
  std::memcpy(with_all.bytes.data() + kPage, entry, sizeof entry);
  CHECK(picture(with_all, {}) == "2-3 4-5 6-7");
}

TEST_CASE("a function ends where .pdata says") {
  Code cut = code("90 90 | 90 C3");
  cut.image.unwind = {kPage, 12};
  const std::uint32_t entry[] = {0, 2, 0};
  std::memcpy(cut.bytes.data() + kPage, entry, sizeof entry);
  CHECK(picture(cut, {}) == "0-2");
}

TEST_CASE("the kernel goes on behind a warning and not behind a bug") {
  Code warns = code("0F 0B | C3 | 90");
  warns.image.format = Format::elf;
  warns.image.bugs = {kPage, 12};
  struct {
    std::int32_t address = -static_cast<std::int32_t>(kPage);
    std::int32_t file = 0;
    std::uint16_t line = 7;
    std::uint16_t flags = 1;
  } entry;
  std::memcpy(warns.bytes.data() + kPage, &entry, sizeof entry);
  CHECK(picture(warns) == "0-2 2-3");
  entry.flags = 0;
  std::memcpy(warns.bytes.data() + kPage, &entry, sizeof entry);
  CHECK(picture(warns) == "0-2");
}

TEST_CASE("tables that lie outside are not read, and AArch64 has no blocks of this kind") {
  Code odd = code("C3");
  odd.image.unwind = {2 * kPage - 4, 12};
  odd.image.bugs = {2 * kPage - 4, 12};
  CHECK(picture(odd) == "0-1");
  odd.image.machine = Machine::aarch64;
  CHECK(picture(odd).empty());
}

TEST_CASE("blocks of random code do not overlap, whatever it is, and are found in a moment") {
  std::mt19937_64 random(Catch::rngSeed());
  INFO("seed " << Catch::rngSeed());
  for (int round = 0; round < 40; ++round) {
    Code noise = code("");
    for (std::uint8_t& byte : noise.bytes) byte = static_cast<std::uint8_t>(random());
    std::vector<std::uint32_t> entries(200);
    for (std::uint32_t& entry : entries) entry = static_cast<std::uint32_t>(random() % (2 * kPage));
    noise.image.unwind = {kPage, 1200};
    std::uint64_t end = 0;
    const auto blocks = find_blocks(noise.image, noise.bytes, entries);
    CHECK(blocks.size() > 50);
    for (const Block& block : blocks) {
      if (block.offset < end || block.size == 0) FAIL("block " << block.offset << " overlaps the one before it");
      end = std::uint64_t{block.offset} + block.size;
    }
    CHECK(end <= kPage);
  }
}

TEST_CASE("a large image of jumps is read in linear time") {
  Code large = code("");
  large.image.size = 16u << 20;
  large.bytes.assign(large.image.size, 0x90);
  large.image.sections = {{".text", 0, large.image.size, {}, false, true, 0}};
  for (std::size_t i = 0; i + 4 <= large.bytes.size(); i += 4) {  // each jumps over the next
    large.bytes[i] = 0x74;
    large.bytes[i + 1] = 0x06;
  }
  const auto blocks = find_blocks(large.image, large.bytes, std::vector<std::uint32_t>{0});
  CHECK(blocks.size() == 1'000'000);
}

namespace {

// "0-5* 5-7+ 7-9": * ran, + could have
std::string listing(const Code& code, const std::vector<std::uint32_t>& hit) {
  std::string text;
  for (const ListedBlock& block : list_blocks(code.image, hit).blocks) {
    if (!text.empty()) text += ' ';
    text += std::to_string(block.offset) + "-" + std::to_string(block.offset + block.size);
    text += block.is_hit ? "*" : block.is_reachable ? "+" : "";
  }
  return text;
}

// With functions at these offsets.
Code code_with(std::string_view hex, std::initializer_list<std::uint32_t> functions) {
  Code code = ::code(hex);
  code.image.sections[0].bytes = code.bytes;
  for (const std::uint32_t at : functions) code.image.symbols.push_back({"f", at, 0, true});
  return code;
}

}  // namespace

TEST_CASE("what direct jumps and calls lead to is reachable from what ran") {
  //                           0              5    6            8    10   11   12
  const Code code = code_with("E8 07 00 00 00 C3 | 85 C0 | 74 01 | 90 | C3 | 90 C3", {0, 6, 12});
  CHECK(listing(code, {}) == "0-6 6-10 10-11 11-12 12-14");
  CHECK(listing(code, {12}) == "0-6 6-10 10-11 11-12 12-14*");
  CHECK(listing(code, {6}) == "0-6 6-10* 10-11+ 11-12+ 12-14");
  CHECK(listing(code, {6, 11, 11}) == "0-6 6-10* 10-11+ 11-12* 12-14");
  CHECK(listing(code, {0}) == "0-6* 6-10 10-11 11-12 12-14+");
  CHECK(listing(code, {1, 7, kPage, UINT32_MAX}) == listing(code, {}));
  CHECK(listing(code_with("E8 01 00 00 00 C3 | 85 C0 | 74 01 | 90 | C3", {0, 6}), {0}) == "0-6* 6-10+ 10-11+ 11-12+");
}

TEST_CASE("a call that does not return leads into no other function") {
  CHECK(listing(code_with("E8 03 00 00 00 | 90 90 C3 | 0F 0B", {0, 5, 8}), {0}) == "0-5* 5-8 8-10+");
}

TEST_CASE("a listing has the length of each instruction, and where symbolizers know it") {
  Code code = code_with("85 C0 | 74 01 | 90 | C3", {0});
  code.image.sections[0].file_address = 0x3000;
  const BlockListing all = list_blocks(code.image, {});
  REQUIRE(all.blocks.size() == 3);
  CHECK(all.instructions == std::vector<std::uint8_t>{2, 2, 1, 1});
  CHECK(all.blocks[1].address == 0x3004);
  code.image.machine = Machine::aarch64;
  CHECK(list_blocks(code.image, {}).blocks.empty());
}
