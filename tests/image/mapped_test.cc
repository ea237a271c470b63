// An image in memory is what its file says, and no more of it can be written than the file says.
#include <catch2/catch.hpp>
#include <cstring>

#include "fuzz/image/call.h"
#include "fuzz/image/mapped.h"
#include "tests/image/arena.h"

using namespace sluice::image;

namespace {

constexpr std::uint8_t kText[] = {0xC3, 0x90, 0x90, 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

ImageFile small_image() {
  return {.format = Format::pe,
          .machine = Machine::x86_64,
          .name = "small.sys",
          .size = 2 * kPage,
          .sections = {{".text", 0, kPage, kText, false, true, 0}, {".data", kPage, kPage, {}, true, false, kPage}},
          .symbols = {{"Entry", 0, 0, true}, {"g_state", kPage, 0, false}},
          .imports = {{"DbgPrint", "ntoskrnl.exe"}}};
}

template <typename T>
T read(const Mapped& mapped, std::uint32_t offset) {
  T value;
  std::memcpy(&value, mapped.begin() + offset, sizeof value);
  return value;
}

}  // namespace

TEST_CASE("fixups are what their kinds say") {
  ImageFile file = small_image();
  file.fixups = {{.offset = 8, .kind = FixupKind::relative32, .addend = 0x10},
                 {.offset = kPage, .kind = FixupKind::address64, .addend = kPage},
                 {.offset = kPage + 8, .import = 0},
                 {.offset = kPage + 16, .kind = FixupKind::signed32, .is_absolute = true, .addend = -5}};
  const std::uintptr_t imports[] = {0x1234};
  const auto mapped = Mapped::map(file, test_arena(), imports);
  REQUIRE(mapped);
  CHECK(read<std::int32_t>(*mapped, 8) == 8);
  CHECK(read<std::uint64_t>(*mapped, kPage) == mapped->address() + kPage);
  CHECK(read<std::uint64_t>(*mapped, kPage + 8) == 0x1234);
  CHECK(read<std::int32_t>(*mapped, kPage + 16) == -5);
  CHECK(Arena::is_inside(mapped->address()));
}

TEST_CASE("a value that does not fit refuses the image") {
  ImageFile file = small_image();
  file.fixups = {{.offset = 8, .import = 0, .kind = FixupKind::signed32}};
  const std::uintptr_t imports[] = {0x7F0000000000};
  const auto mapped = Mapped::map(file, test_arena(), imports);
  REQUIRE(!mapped);
  CHECK(mapped.error() == "has a fixup at offset 8 whose value does not fit: DbgPrint");
}

TEST_CASE("code is patched and stays protected") {
  const ImageFile file = small_image();
  const std::uintptr_t imports[] = {0};
  const auto mapped = Mapped::map(file, test_arena(), imports);
  REQUIRE(mapped);
  const std::uint8_t trap[] = {0xCC};
  mapped->patch(1, trap);
  CHECK(mapped->begin()[1] == 0xCC);
  call(Format::elf, mapped->begin(), {});
}

TEST_CASE("symbols are found by name and by place") {
  const ImageFile file = small_image();
  std::string why;
  CHECK(find_symbol(file, "g_state", why) == kPage);
  CHECK(find_symbol(file, "+0x1004", why) == kPage + 4);
  CHECK(!find_symbol(file, "+0x2000", why));
  CHECK(why == "is no offset in a section of small.sys");
  CHECK(!find_symbol(file, "Absent", why));
  CHECK(symbol_at(file, 12)->name == "Entry");
  CHECK(symbol_at(file, kPage)->name == "g_state");
}
