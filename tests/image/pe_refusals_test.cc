// What cannot be loaded as it says is refused, with what is wrong and where; whatever is not refused keeps the
// promises.
#include <catch2/catch.hpp>
#include <functional>
#include <random>

#include "tests/image/pe_file.h"
#include "tests/image/promises.h"

using namespace sluice::image;

namespace {

struct Case {
  const char* name;
  std::function<void(Patched&)> change;
  std::string refusal;  // all of it, or what comes before "..."
};

template <typename Plain, typename Change>
std::function<void(Patched&)> changed(std::size_t (Patched::*where)() const, Change change) {
  return [=](Patched& file) { file.change<Plain>((file.*where)(), change); };
}

template <typename Change>
std::function<void(Patched&)> file_header(Change change) {
  return changed<pe::FileHeader>(&Patched::file_header, change);
}

template <typename Change>
std::function<void(Patched&)> optional(Change change) {
  return changed<pe::OptionalHeader>(&Patched::optional, change);
}

template <typename Change>
std::function<void(Patched&)> section(std::size_t index, Change change) {
  return [=](Patched& file) { file.change<pe::SectionHeader>(file.section(index), change); };
}

// Changes what a directory leads to.
template <typename Plain, typename Change>
std::function<void(Patched&)> table(pe::DirectoryIndex index, Change change) {
  return [=](Patched& file) { file.change<Plain>(file.table(index), change); };
}

std::function<void(Patched&)> directory(pe::DirectoryIndex index, pe::Directory value) {
  return [=](Patched& file) { file.set(file.directory(index), value); };
}

void check(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    INFO(one.name);
    Patched file(small_sys());
    one.change(file);
    const auto image = parse_image(file.bytes(), "small.sys");
    std::string got = image ? "is an image" : image.error();
    if (one.refusal.ends_with("...")) got = got.substr(0, one.refusal.size() - 3) + "...";
    CHECK(got == one.refusal);
  }
}

constexpr std::uint32_t kFar = 0x00F00000;

// Sections of small.sys, in their order.
enum { kText, kReadOnly, kData };

}  // namespace

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
      {"truncated", section(kText, [](auto& s) { s.data = 0xFFFFFE00; }),
       "is truncated: section .text has 0x400 bytes at 0xfffffe00 of the file, which has 0x1200"},
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

TEST_CASE("an image whose imports are wrong is refused") {
  const auto descriptor = [](auto change) { return table<pe::ImportDescriptor>(pe::kImports, change); };
  const auto lookup = [](std::uint64_t word) {
    return [=](Patched& file) {
      file.set(file.in_file(file.get<pe::ImportDescriptor>(file.table(pe::kImports)).lookup), word);
    };
  };
  check({
      {"nowhere", directory(pe::kImports, {kFar, 40}),
       "has an import directory at 0xf00000 that does not end in its section"},
      {"no module", descriptor([](auto& d) { d.module = kFar; }),
       "imports from a module whose name at 0xf00000 is none"},
      {"lookup nowhere", descriptor([](auto& d) { d.lookup = kFar; }),
       "has an import table for ntoskrnl.exe at 0xf00000 that does not end in its section"},
      {"addresses nowhere", descriptor([](auto& d) { d.addresses = 0xFFFFFFF8; }),
       "imports DbgPrintEx to 0xfffffff8, outside of its sections"},
      {"bound without names", descriptor([](auto& d) { d.lookup = 0, d.timestamp = 1; }),
       "imports from ntoskrnl.exe, bound to a version of it and without the names"},
      {"ordinal", lookup(pe::kByOrdinal | 0x10000), "imports from ntoskrnl.exe by the ordinal 0x10000"},
      {"name", lookup(kFar), "imports from ntoskrnl.exe by a name at 0xf00000 that is none"},
      {"wide name", lookup(0x100002000), "imports from ntoskrnl.exe by a name at 0x100002000 that is none"},
      {"two modules to the same addresses",
       [](Patched& file) {
         const std::size_t at = file.table(pe::kImports);
         file.set(at + sizeof(pe::ImportDescriptor), file.get<pe::ImportDescriptor>(at));
       },
       "has import tables that loop or overlap: at 0x2..."},
  });
}

namespace {

// Puts `data` where the relocations were, which the image can do without.
std::uint32_t add_data(Patched& file, const Bytes& data) {
  const std::size_t last = file.section(file.get<pe::FileHeader>(file.file_header()).num_sections - 1u);
  const auto size = static_cast<std::uint32_t>(data.size());
  file.change<pe::SectionHeader>(last, [&](auto& s) {
    s.data = static_cast<std::uint32_t>(file.bytes().size());
    s.size_of_data = s.virtual_size = size;
  });
  const std::uint32_t offset = file.get<pe::SectionHeader>(last).offset;
  optional([&](auto& h) { h.size_of_image = offset + size; })(file);
  directory(pe::kRelocations, {0, 0})(file);
  file.bytes().insert(file.bytes().end(), data.begin(), data.end());
  return offset;
}

template <typename Plain>
Bytes repeated(const Plain& plain, std::size_t count) {
  Bytes bytes(count * sizeof plain);
  for (std::size_t i = 0; i < count; ++i) std::memcpy(&bytes[i * sizeof plain], &plain, sizeof plain);
  return bytes;
}

}  // namespace

TEST_CASE("an image whose import tables loop is refused") {
  check({
      {"the directory does not end",
       [&](Patched& file) {
         auto descriptor = file.get<pe::ImportDescriptor>(file.table(pe::kImports));
         descriptor.lookup = 0x3800;  // zeros: imports nothing
         directory(pe::kImports, {add_data(file, repeated(descriptor, 2000)), 40})(file);
       },
       "has an import directory that loops: more than 1024 modules"},
      {"the directory ends with its section",
       [&](Patched& file) {
         auto descriptor = file.get<pe::ImportDescriptor>(file.table(pe::kImports));
         descriptor.lookup = 0x3800;
         directory(pe::kImports, {add_data(file, repeated(descriptor, 20)), 40})(file);
       },
       "has an import directory at 0x8000 that does not end in its section"},
      {"too many imports",
       [&](Patched& file) {
         const std::uint32_t words = add_data(file, repeated(pe::kByOrdinal | 1, 20000));
         table<pe::ImportDescriptor>(pe::kImports, [=](auto& d) { d.lookup = d.addresses = words; })(file);
       },
       "has import tables that loop: more than 16384 imports"},
      {"the imports end with their section",
       [&](Patched& file) {
         const std::uint32_t words = add_data(file, repeated(pe::kByOrdinal | 1, 20));
         table<pe::ImportDescriptor>(pe::kImports, [=](auto& d) { d.lookup = d.addresses = words; })(file);
       },
       "has an import table for ntoskrnl.exe at 0x8000 that does not end in its section"},
      {"addresses of two tables overlap",
       [&](Patched& file) {
         auto descriptor = file.get<pe::ImportDescriptor>(file.table(pe::kImports));
         Bytes both = repeated(descriptor, 3);
         std::memset(&both[2 * sizeof descriptor], 0, sizeof descriptor);
         descriptor.addresses += 4;
         std::memcpy(&both[sizeof descriptor], &descriptor, sizeof descriptor);
         directory(pe::kImports, {add_data(file, both), 40})(file);
       },
       "has import tables that loop or overlap: at 0x2..."},
      {"names of nearly a page each",
       [&](Patched& file) {
         // Each name begins in the one before: few bytes that say a great deal.
         Bytes data(8192, 'a');
         for (std::size_t i = 0; i < 5000; ++i) {
           const std::uint64_t word = 0x8000 + i % 400;
           const auto* bytes = reinterpret_cast<const std::uint8_t*>(&word);
           data.insert(data.end(), bytes, bytes + sizeof word);
         }
         data[4090] = 0;
         data.resize(data.size() + 8);
         const std::uint32_t at = add_data(file, data);
         table<pe::ImportDescriptor>(pe::kImports, [=](auto& d) { d.lookup = d.addresses = at + 8192; })(file);
       },
       "imports from ntoskrnl.exe by a name at 0x8..."},
  });
}

TEST_CASE("an image whose exports are wrong is refused") {
  const auto exports = [](auto change) { return table<pe::ExportDirectory>(pe::kExports, change); };
  const auto set_first = [](std::uint32_t pe::ExportDirectory::* array, auto value) {
    return [=](Patched& file) {
      file.set(file.in_file(file.get<pe::ExportDirectory>(file.table(pe::kExports)).*array), value);
    };
  };
  check({
      {"nowhere", directory(pe::kExports, {kFar, 40}),
       "has an export directory at 0xf00000 that lies outside of its sections"},
      {"many functions", exports([](auto& e) { e.num_functions = 65537; }),
       "has 65537 exports and 6 names of exports, and 65536 are the most"},
      {"many names", exports([](auto& e) { e.num_names = 0xFFFFFFFF; }),
       "has 7 exports and 4294967295 names of exports, and 65536 are the most"},
      {"names nowhere", exports([](auto& e) { e.names = 0xFFFFFFFE; }), "has an export, number 0, whose name is none"},
      {"a name nowhere", set_first(&pe::ExportDirectory::names, kFar), "has an export, number 0, whose name is none"},
      {"an index of nothing", set_first(&pe::ExportDirectory::indices, std::uint16_t{0xFFFF}),
       "exports SmallCallBack by an index that is none of its functions'"},
      {"functions nowhere", exports([](auto& e) { e.functions = kFar; }),
       "has an export table at 0xf00000 that lies outside of its sections"},
      {"a function nowhere", set_first(&pe::ExportDirectory::functions, kFar),
       "exports #90 at 0xf00000, outside of its sections"},
  });
}

TEST_CASE("an image whose other tables are wrong is refused") {
  const auto cookie = [](std::uint64_t address) {
    return [=](Patched& file) { file.set(file.table(pe::kLoadConfig) + pe::kCookieInLoadConfig, address); };
  };
  check({
      {"unwind", directory(pe::kUnwind, {kFar, 12}),
       "has an exception table at 0xf00000 of 0xc bytes, outside of its sections"},
      {"unwind beyond", directory(pe::kUnwind, {0x7000, 0x1000}),
       "has an exception table at 0x7000 of 0x1000 bytes, outside of its sections"},
      {"load config", directory(pe::kLoadConfig, {kFar, 112}),
       "has a load config directory at 0xf00000 that lies outside of its sections"},
      {"load config that is long",
       [](Patched& file) { file.set(file.table(pe::kLoadConfig), std::uint32_t{0xFFFFFFFF}); },
       "has a load config directory at 0x2000 that lies outside of its sections"},
      {"cookie before", cookie(0x13FFFFFFF), "has its security cookie at 0x13fffffff, outside of its sections"},
      {"cookie behind", cookie(0x140F00000), "has its security cookie at 0x140f00000, outside of its sections"},
      {"debug", directory(pe::kDebug, {kFar, 28}),
       "has a debug directory at 0xf00000 of 0x1c bytes, outside of its sections"},
      {"debug bytes", table<pe::DebugEntry>(pe::kDebug, [](auto& e) { e.type = pe::kDebugCodeView, e.offset = kFar; }),
       "has a debug entry at 0x20a8 whose bytes are not there"},
      {"debug bytes in the file",
       table<pe::DebugEntry>(pe::kDebug,
                             [](auto& e) { e.type = pe::kDebugCodeView, e.offset = 0, e.data = 0xFFFFFFF0; }),
       "has a debug entry at 0x20a8 whose bytes are not there"},
  });
}

TEST_CASE("every prefix of an image is refused, or has lost nothing that is mapped") {
  const Bytes& whole = small_sys();
  std::size_t num_images = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));  // its end is the memory's
    const auto image = parse_image(prefix, "small.sys");
    if (image) {
      ++num_images;
    } else if (size >= 2) {
      INFO(size << " " << image.error());
      REQUIRE(image.error().starts_with("is truncated: "));
    }
  }
  CHECK(num_images == 0);
}

TEST_CASE("images with bits flipped are refused, or keep the promises") {
  const Bytes& whole = small_sys();
  const unsigned seed = std::random_device()();
  std::mt19937 random(seed);
  INFO("seed " << seed);
  std::size_t num_refused = 0;
  constexpr std::size_t kRuns = 20000;
  for (std::size_t run = 0; run < kRuns; ++run) {
    Bytes bytes = whole;
    const std::size_t flips = 1 + random() % 4;
    for (std::size_t i = 0; i < flips; ++i) {
      // Half of them in the headers, which are a twentieth of the file.
      const std::size_t at = random() % (random() % 2 == 0 ? 0x260 : bytes.size());
      bytes[at] ^= static_cast<std::uint8_t>(1u << random() % 8);
    }
    const auto image = parse_image(bytes, "small.sys");
    num_refused += !image;
    const std::string broken = image                   ? check_promises(*image)
                               : image.error().empty() ? "a refusal without a reason"
                                                       : "";
    if (!broken.empty()) {
      INFO("run " << run);
      REQUIRE(broken == "");
    }
  }
  CHECK(num_refused > kRuns / 10);
  CHECK(num_refused < kRuns);
}
