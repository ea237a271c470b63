// Headers, sections and relocations that cannot be what they say are refused, with what is wrong and where.
#include <catch2/catch.hpp>
#include <random>

#include "tests/image/pe_refusals.h"

using namespace sluice::image;

TEST_CASE("an image for another machine is refused") {
  const auto machine = [](std::uint16_t number) { return file_header([=](auto& h) { h.machine = number; }); };
  const auto old = [](std::uint16_t number) {
    return [=](Patched& file) {
      file_header([=](auto& h) { h.machine = number; })(file);
      optional([](auto& h) { h.magic = pe::kMagic32; })(file);
    };
  };
  check({
      {"i386", old(0x14C), "is a 32-bit image (PE32) for i386"},
      {"ARM32", old(0x1C4), "is a 32-bit image (PE32) for ARM32"},
      {"x86-64 in 32 bits", old(0x8664), "is a 32-bit image (PE32)"},
      {"i386 in 64 bits", machine(0x14C), "is for i386, and not for x86-64 or AArch64"},
      {"IA64", machine(0x200), "is for IA64, and not for x86-64 or AArch64"},
      {"ARM64EC", machine(0xA641), "is for ARM64EC, and not for x86-64 or AArch64"},
      {"unknown", machine(0x5064), "is for machine 0x5064, and not for x86-64 or AArch64"},
      {"ROM", optional([](auto& h) { h.magic = 0x107; }),
       "has an optional header of kind 0x107, and not of a 64-bit image"},
  });
}

TEST_CASE("an image of a kind that no kernel loads is refused") {
  check({
      {"object", file_header([](auto& h) { h.characteristics = 0; }), "is not linked: its header says so"},
      {"managed", directory(pe::kManaged, {0x2000, 72}), "is a managed image: it has a .NET header at 0x2000"},
      {"thread-local", directory(pe::kThreadLocal, {0x2000, 40}),
       "has thread-local storage, at 0x2000, which no kernel gives it"},
      {"delayed", directory(pe::kDelayImports, {0x2000, 32}),
       "has delay imports, at 0x2000, which nobody resolves here"},
      {"stripped", file_header([](auto& h) { h.characteristics |= pe::kRelocationsStripped; }),
       "has no relocations, and cannot be loaded elsewhere than at 0x140000000"},
      {"fixed",
       [](Patched& file) {
         directory(pe::kRelocations, {0, 0})(file);
         optional([](auto& h) { h.dll_characteristics &= static_cast<std::uint16_t>(~pe::kDynamicBase); })(file);
       },
       "has no relocations, and cannot be loaded elsewhere than at 0x140000000"},
      {"hybrid",
       [](Patched& file) {
         const std::size_t config = file.table(pe::kLoadConfig);
         file.set(config, std::uint32_t{208});
         file.set(config + 200, std::uint64_t{0x140002000});
       },
       "is a hybrid image (ARM64EC, ARM64X): its load config directory says so"},
  });
}

TEST_CASE("an image whose headers are wrong is refused") {
  check({
      {"DOS", [](Patched& file) { file.set(pe::kNewHeaderOffset, std::uint32_t{0x40}); },
       "is no PE image: it has no signature at 0x40"},
      {"far", [](Patched& file) { file.set(pe::kNewHeaderOffset, std::uint32_t{0xFFFFFFF0}); },
       "is truncated: its PE header is said to lie at 0xfffffff0"},
      {"short optional header", file_header([](auto& h) { h.optional_size = 100; }),
       "is truncated: its optional header at 0x90 is not complete"},
      {"small alignment", optional([](auto& h) { h.section_alignment = 0x80; }),
       "has sections aligned to 0x80 bytes, which is no page size"},
      {"odd alignment", optional([](auto& h) { h.section_alignment = 0x1800; }),
       "has sections aligned to 0x1800 bytes, which is no page size"},
      {"empty", optional([](auto& h) { h.size_of_image = 0; }), "has an image size of 0"},
      {"large", optional([](auto& h) { h.size_of_image = 0x4001000; }),
       "is too large: 0x4001000 bytes in memory, and 0x4000000 are the most"},
      {"no sections", file_header([](auto& h) { h.num_sections = 0; }), "has 0 sections, and 1 to 96 can be"},
      {"many sections", file_header([](auto& h) { h.num_sections = 97; }), "has 97 sections, and 1 to 96 can be"},
      {"large headers", optional([](auto& h) { h.size_of_headers = 0x1200; }),
       "has sections that overlap or are out of order: .text begins at 0x1000, and headers ends at 0x1200"},
      {"entry in data", optional([](auto& h) { h.entry = 0x3000; }),
       "has its entry at 0x3000, outside of its executable sections"},
      {"entry nowhere", optional([](auto& h) { h.entry = 0xFFFFFFFF; }),
       "has its entry at 0xffffffff, outside of its executable sections"},
  });
}

TEST_CASE("an image whose sections are wrong is refused") {
  check({
      {"overlap", section(kReadOnly, [](auto& s) { s.virtual_size = 0x1001; }),
       "has sections that overlap or are out of order: .data begins at 0x3000, and .rdata ends at 0x3001"},
      {"order", section(kData, [](auto& s) { s.offset = 0x1000; }),
       "has sections that overlap or are out of order: .data begins at 0x1000, and .rdata ends at 0x2..."},
      {"outside", section(kData, [](auto& s) { s.virtual_size = 0xFFFFFFFF; }),
       "has section .data at 0x3000 of 0xffffffff bytes, which lies outside of the image"},
      {"unaligned", section(kText, [](auto& s) { s.offset = 0x1200; }),
       "has section .text at 0x1200, which is not aligned as it says"},
      {"amid a sector", section(kText, [](auto& s) { s.data += 16; }),
       "has section .text whose bytes begin at 0x410 of the file, amid a sector"},
      {"truncated", section(kText, [](auto& s) { s.data = 0xFFFFFE00; }), "is truncated: section .text has 0x..."},
      {"packed later",
       section(kData,
               [](auto& s) {
                 s.size_of_data = 0;
                 s.characteristics |= pe::kSectionExecutable;
               }),
       "looks packed or encrypted: section .data is writable and executable and has no bytes in the file"},
  });
}

TEST_CASE("an image whose code is random bytes is refused, and one whose code repeats is not") {
  Patched file(small_sys());
  constexpr std::uint32_t kSize = 0x1000;
  file.change<pe::SectionHeader>(file.section(kText), [&](auto& s) {
    s.data = static_cast<std::uint32_t>(file.bytes().size());
    s.size_of_data = s.virtual_size = kSize;
  });
  const auto code = small_sys();
  std::mt19937 random(1);
  SECTION("random") {
    for (std::size_t i = 0; i < kSize; ++i) file.bytes().push_back(static_cast<std::uint8_t>(random()));
    const auto image = parse_image(file.bytes(), "small.sys");
    REQUIRE(!image);
    CHECK(image.error().starts_with("looks packed or encrypted: section .text is executable and has 7.9"));
  }
  SECTION("code") {
    for (std::size_t i = 0; i < kSize; ++i) file.bytes().push_back(code[0x400 + i % 0x300]);
    CHECK(parse_image(file.bytes(), "small.sys"));
  }
}

TEST_CASE("an image whose relocations are wrong is refused") {
  const auto first = [](std::uint16_t entry) {
    return [=](Patched& file) { file.set(file.table(pe::kRelocations) + sizeof(pe::RelocationBlock), entry); };
  };
  const auto block = [](auto change) { return table<pe::RelocationBlock>(pe::kRelocations, change); };
  const std::string impossible = "has a relocation table whose block at 0x8000 has an impossible size";
  check({
      {"HIGHLOW", first(0x3058), "has a relocation of HIGHLOW at 0x2058, and 64-bit images have DIR64"},
      {"ARM", first(0x7058), "has a relocation of type 7 at 0x2058, and 64-bit images have DIR64"},
      {"beyond the section", first(0xAFFF), "has a relocation at 0x2fff that lies outside of its sections"},
      {"beyond the image", block([](auto& b) { b.page = kFar; }),
       "has a relocation at 0xf00058 that lies outside of its sections"},
      {"wrapping", block([](auto& b) { b.page = 0xFFFFFFFF; }),
       "has a relocation at 0x100000057 that lies outside of its sections"},
      {"in the headers", block([](auto& b) { b.page = 0; }),
       "has a relocation at 0x58 that lies outside of its sections"},
      {"twice",
       [](Patched& file) {
         const std::size_t entries = file.table(pe::kRelocations) + sizeof(pe::RelocationBlock);
         file.set(entries + 2, file.get<std::uint16_t>(entries));
       },
       "has relocations that loop or overlap: at 0x2058 and 0x2058"},
      {"a block of nothing", block([](auto& b) { b.size = 0; }), impossible},
      {"a block of less than itself", block([](auto& b) { b.size = 6; }), impossible},
      {"an odd block", block([](auto& b) { --b.size; }), impossible},
      {"a block of too much", block([](auto& b) { b.size = 0xFFFFFFFE; }), impossible},
      {"a table nowhere", directory(pe::kRelocations, {kFar, 16}),
       "has a relocation table at 0xf00000 of 0x10 bytes, outside of its sections"},
      {"a table beyond", directory(pe::kRelocations, {0x8000, 0xFFFFFFFF}),
       "has a relocation table at 0x8000 of 0xffffffff bytes, outside of its sections"},
  });
}
