// What a PE image says is read as it says it.
#include <algorithm>
#include <catch2/catch.hpp>

#include "fuzz/image/formats.h"
#include "tests/image/pe_file.h"
#include "tests/image/promises.h"

using namespace sluice::image;

namespace {

ImageFile parsed(const Bytes& bytes) {
  auto image = parse_image(bytes, "small.sys");
  if (!image) FAIL(image.error());
  CHECK(check_promises(*image) == "");
  return std::move(*image);
}

std::uint32_t offset_of(const ImageFile& image, std::string_view name) {
  std::string why;
  const auto offset = find_symbol(image, name, why);
  INFO(name << " " << why);
  REQUIRE(offset);
  return *offset;
}

const Section* section_named(const ImageFile& image, std::string_view name) {
  const auto at = std::ranges::find(image.sections, name, &Section::name);
  return at == image.sections.end() ? nullptr : &*at;
}

// What a fixup to the image itself leads to, or nothing.
std::optional<std::int64_t> leads_to(const ImageFile& image, std::uint32_t offset) {
  const auto at = std::ranges::find(image.fixups, offset, &Fixup::offset);
  if (at == image.fixups.end() || at->import != kNoImport) return std::nullopt;
  return at->addend;
}

}  // namespace

TEST_CASE("a PE image's sections, in x86-64 and AArch64") {
  const auto [file, machine] = GENERATE(
      table<std::string, Machine>({{"x86_64/small.sys", Machine::x86_64}, {"aarch64/small.sys", Machine::aarch64}}));
  const Bytes bytes = read_driver(file);
  const ImageFile image = parsed(bytes);
  CHECK(image.format == Format::pe);
  CHECK(image.machine == machine);
  CHECK(image.name == "small.sys");
  CHECK(image.base == 0x140000000);
  const Section* headers = section_named(image, "headers");
  REQUIRE(headers != nullptr);
  CHECK(headers->offset == 0);
  CHECK((!headers->is_writable && !headers->is_executable));
  CHECK(headers->bytes.data() == bytes.data());
  const Section* text = section_named(image, ".text");
  REQUIRE(text != nullptr);
  CHECK((!text->is_writable && text->is_executable));
  CHECK(section_at(image, image.entry) == text);
  const Section* data = section_named(image, ".data");
  REQUIRE(data != nullptr);
  CHECK((data->is_writable && !data->is_executable));
  CHECK(data->size > 3 * kPage);
  CHECK(data->bytes.size() < kPage);
  CHECK(data->file_address == data->offset);
}

TEST_CASE("a PE image's exports are symbols, but those that are another image's") {
  const Bytes bytes = read_driver(GENERATE("x86_64/small.sys", "aarch64/small.sys"));
  const ImageFile image = parsed(bytes);
  for (const char* name : {"SmallOperate", "SmallCallBack", "SmallCookie"}) {
    CHECK(section_at(image, offset_of(image, name))->name == ".text");
  }
  CHECK(section_at(image, offset_of(image, "SmallTotal"))->name == ".data");
  CHECK(!symbol_at(image, offset_of(image, "SmallTotal"))->is_function);
  CHECK(offset_of(image, "#90") == offset_of(image, "SmallCookie"));  // by its ordinal alone
  CHECK(std::ranges::find(image.symbols, "SmallElsewhere", &Symbol::name) == image.symbols.end());
}

TEST_CASE("a PE image's imports have slots, each bound once") {
  const Bytes bytes = read_driver(GENERATE("x86_64/small.sys", "aarch64/small.sys"));
  const ImageFile image = parsed(bytes);
  std::vector<std::string> names;
  for (const Import& import : image.imports) {
    CHECK(import.module == "ntoskrnl.exe");
    names.push_back(import.name);
  }
  std::ranges::sort(names);
  const std::vector<std::string> wanted{"DbgPrintEx", "ExAllocatePool2", "ExFreePoolWithTag", "memset"};
  CHECK(std::ranges::includes(names, wanted));
  for (std::uint32_t i = 0; i < image.imports.size(); ++i) {
    CHECK(std::ranges::count(image.fixups, i, &Fixup::import) == 1);
  }
  const auto slots = std::ranges::count_if(image.fixups, [](const Fixup& fixup) {
    return fixup.import != kNoImport && fixup.addend == 0 && fixup.kind == FixupKind::address64;
  });
  CHECK(static_cast<std::size_t>(slots) == image.imports.size());
}

TEST_CASE("an import by ordinal, and one that is imported twice") {
  Patched file(small_sys());
  const auto lookup = file.in_file(file.get<pe::ImportDescriptor>(file.table(pe::kImports)).lookup);
  file.set(lookup, pe::kByOrdinal | 12);
  file.set(lookup + 8, pe::kByOrdinal | 12);
  const ImageFile image = parsed(file.bytes());
  const auto at = std::ranges::find(image.imports, "#12", &Import::name);
  REQUIRE(at != image.imports.end());
  CHECK(std::ranges::count(image.fixups, static_cast<std::uint32_t>(at - image.imports.begin()), &Fixup::import) == 2);
}

TEST_CASE("imports that were bound are bound anew, and the lookup table may be the addresses") {
  Patched file(small_sys());
  const auto descriptor = file.table(pe::kImports);
  const auto unbound = parsed(small_sys()).imports.size();
  SECTION("bound") {
    file.change<pe::ImportDescriptor>(descriptor, [](auto& d) { d.timestamp = d.forwarder = 0xFFFFFFFF; });
    file.set(file.in_file(file.get<pe::ImportDescriptor>(descriptor).addresses), std::uint64_t{0xFFFFF80012345678});
  }
  SECTION("no lookup table") {
    file.change<pe::ImportDescriptor>(descriptor, [](auto& d) { d.lookup = 0; });
  }
  CHECK(parsed(file.bytes()).imports.size() == unbound);
}

TEST_CASE("a PE image's relocations lead to where its pointers do") {
  const Bytes bytes = read_driver(GENERATE("x86_64/small.sys", "aarch64/small.sys"));
  const ImageFile image = parsed(bytes);
  const std::uint32_t table = offset_of(image, "SmallTable");
  CHECK(leads_to(image, table) == offset_of(image, "SmallCookie"));
  CHECK(leads_to(image, table + 8) == offset_of(image, "SmallTotal"));
}

TEST_CASE("a pointer beyond its image stays what it is") {
  Patched file(small_sys());
  const auto table = offset_of(parsed(small_sys()), "SmallTable");
  file.set(file.in_file(table), std::uint64_t{0x140000000 - 8});
  const ImageFile image = parsed(file.bytes());
  CHECK(leads_to(image, table) == -8);
}

TEST_CASE("a PE image's unwind table, cookie and PDB") {
  const Bytes bytes = read_driver(GENERATE("x86_64/small.sys", "aarch64/small.sys"));
  const ImageFile image = parsed(bytes);
  CHECK(section_at(image, image.unwind.offset)->name == ".pdata");
  CHECK(image.unwind.size >= 24);
  REQUIRE(image.cookie);
  const Section* data = section_at(image, *image.cookie);
  REQUIRE(data->name == ".data");
  std::uint64_t cookie = 0;
  REQUIRE(read_plain(data->bytes, *image.cookie - data->offset, cookie));
  CHECK(cookie == 0x2B992DDFA232);
  CHECK(image.symbol_file == "small.pdb");
  CHECK(image.symbol_id.size() == 33);
  CHECK(image.symbol_id.back() == '1');
}

TEST_CASE("an image that may move and has nothing to relocate") {
  Patched file(small_sys());
  file.set(file.directory(pe::kRelocations), pe::Directory{0, 0});
  const ImageFile image = parsed(file.bytes());
  CHECK(image.fixups.size() == image.imports.size());
}

TEST_CASE("an image without exports, unwind table, load config or debug directory") {
  Patched file(small_sys());
  for (const auto index : {pe::kExports, pe::kUnwind, pe::kLoadConfig, pe::kDebug}) {
    file.set(file.directory(index), pe::Directory{0, 0});
  }
  const ImageFile image = parsed(file.bytes());
  CHECK(image.symbols.empty());
  CHECK(image.unwind.size == 0);
  CHECK(!image.cookie);
  CHECK(image.symbol_file.empty());
}

TEST_CASE("the PDB's name is the end of a path of either kind") {
  const auto [path, name] = GENERATE(table<std::string, std::string>(
      {{"c:\\b\\x.pdb", "x.pdb"}, {"/b/x.pdb", "x.pdb"}, {"/b/..", ""}, {"x\n.pdb", ""}, {"c:x.pdb", "x.pdb"}}));
  Patched file(small_sys());
  std::size_t entry = file.table(pe::kDebug);
  while (file.get<pe::DebugEntry>(entry).type != pe::kDebugCodeView) entry += sizeof(pe::DebugEntry);
  const std::size_t record = file.get<pe::DebugEntry>(entry).data;
  const auto room = static_cast<std::uint32_t>(sizeof(pe::CodeViewPdb) + path.size() + 1);
  // At the end of the file, where no section is.
  file.change<pe::DebugEntry>(
      entry, [&](auto& e) { e.offset = 0, e.data = static_cast<std::uint32_t>(file.bytes().size()), e.size = room; });
  const auto header = file.get<pe::CodeViewPdb>(record);
  const auto* begin = reinterpret_cast<const std::uint8_t*>(&header);
  file.bytes().insert(file.bytes().end(), begin, begin + sizeof header);
  file.bytes().insert(file.bytes().end(), path.c_str(), path.c_str() + path.size() + 1);
  CHECK(parsed(file.bytes()).symbol_file == name);
}
