// What a module's tables say is what parse_image() returns; what they must not say is refused with its place.
#include <algorithm>
#include <functional>
#include <random>

#include "tests/image/promises.h"
#include "tests/image/sample_module.h"

#ifdef SLUICE_SAMPLE_MODULE

using namespace sluice::image;

namespace {

using Bytes = std::vector<std::uint8_t>;

// The sample module, to be broken.
class Module {
 public:
  Bytes bytes = sample_module();

  Elf64_Ehdr& header() { return *at<Elf64_Ehdr>(0); }
  Elf64_Shdr& section(std::size_t index) { return at<Elf64_Shdr>(header().e_shoff)[index]; }
  Elf64_Shdr& section(std::string_view name) { return section(index_of(name)); }
  std::size_t index_of(std::string_view name) {
    const std::uint64_t names = section(header().e_shstrndx).sh_offset;
    for (std::size_t i = 1; i < header().e_shnum; ++i) {
      if (name == at<char>(names + section(i).sh_name)) return i;
    }
    FAIL("the module has no section " << name);
    return 0;
  }
  std::size_t symbol_index(std::string_view name) {
    const Elf64_Shdr& table = section(".symtab");
    const std::uint64_t names = section(".strtab").sh_offset;
    for (std::size_t i = 1; i < table.sh_size / sizeof(Elf64_Sym); ++i) {
      if (name == at<char>(names + at<Elf64_Sym>(table.sh_offset)[i].st_name)) return i;
    }
    FAIL("the module has no symbol " << name);
    return 0;
  }
  Elf64_Sym& symbol(std::string_view name) { return at<Elf64_Sym>(section(".symtab").sh_offset)[symbol_index(name)]; }
  Elf64_Rela& relocation(std::string_view table) { return *at<Elf64_Rela>(section(table).sh_offset); }

 private:
  template <typename Plain>
  Plain* at(std::uint64_t offset) {
    return reinterpret_cast<Plain*>(bytes.data() + offset);
  }
};

std::string refusal_of(const Bytes& bytes) {
  const auto image = parse_image(bytes, "sample.ko");
  return image ? "" : image.error();
}

ImageFile parsed() {
  auto image = parse_image(sample_module(), "sample.ko");
  INFO(refusal_of(sample_module()));
  REQUIRE(image);
  return *image;
}

const Section& section_of(const ImageFile& image, std::string_view name) {
  const auto found = std::ranges::find(image.sections, name, &Section::name);
  REQUIRE(found != image.sections.end());
  return *found;
}

const Fixup& fixup_at(const ImageFile& image, std::uint32_t offset) {
  const auto found = std::ranges::find(image.fixups, offset, &Fixup::offset);
  REQUIRE(found != image.fixups.end());
  return *found;
}

}  // namespace

TEST_CASE("a module's sections lie where their protections allow") {
  const ImageFile image = parsed();
  if (const auto broken = check_promises(image); !broken.empty()) FAIL(broken);
  CHECK(image.format == Format::elf);
  CHECK(image.machine == Machine::x86_64);
  CHECK(image.base == 0);
  CHECK(section_of(image, ".text").is_executable);
  CHECK(section_of(image, ".init.text").is_executable);
  CHECK_FALSE(section_of(image, ".rodata").is_writable);
  CHECK_FALSE(section_of(image, ".modinfo").is_writable);
  CHECK(section_of(image, ".data").is_writable);
  CHECK(section_of(image, ".bss").bytes.empty());
  CHECK(section_of(image, ".bss").size == 8192);
  CHECK(section_of(image, ".rodata").offset % 16 == 0);
  CHECK(image.sections.front().offset == kPage);
  CHECK(std::ranges::find(image.sections, ".comment", &Section::name) == image.sections.end());
  CHECK(std::ranges::find(image.sections, ".debug_info", &Section::name) == image.sections.end());
}

TEST_CASE("a module's symbols are told whether exported or not") {
  const ImageFile image = parsed();
  CHECK(image.entry == offset_of(image, "init_module"));
  const Symbol& local = *symbol_at(image, offset_of(image, "square_of"));
  CHECK(local.is_function);
  CHECK(local.size > 4);
  const Symbol& table = *symbol_at(image, offset_of(image, "sample_table"));
  CHECK_FALSE(table.is_function);
  CHECK(table.size == 16);
  CHECK(section_at(image, offset_of(image, "zeroed"))->name == ".bss");
  for (const Symbol& symbol : image.symbols) CHECK_FALSE(symbol.name.starts_with(".L"));
}

TEST_CASE("a module's imports are named once, and weak ones are null") {
  const ImageFile image = parsed();
  std::vector<std::string> names;
  for (const Import& import : image.imports) names.push_back(import.name);
  CHECK(names == std::vector<std::string>{"__preempt_count", "__stack_chk_fail", "sample_jiffies", "sample_printk",
                                          "this_cpu_off"});
  const std::uint32_t links = offset_of(image, "sample_links");
  const Fixup& weak = fixup_at(image, links + 20);
  CHECK(weak.is_absolute);
  CHECK(weak.addend == 0);
}

TEST_CASE("a module's relocations are fixups of their kind") {
  const ImageFile image = parsed();
  const std::uint32_t links = offset_of(image, "sample_links");
  const std::uint32_t calls = offset_of(image, "sample_calls");
  CHECK(fixup_at(image, links).kind == FixupKind::relative64);
  CHECK(fixup_at(image, links).addend == calls);
  CHECK(fixup_at(image, links + 8).kind == FixupKind::unsigned32);
  CHECK(fixup_at(image, links + 8).addend == calls);
  CHECK(fixup_at(image, links + 12).kind == FixupKind::address64);
  CHECK(image.imports[fixup_at(image, links + 12).import].name == "sample_jiffies");
  CHECK(fixup_at(image, offset_of(image, "sample_table") + 8).addend == section_of(image, ".rodata").offset + 16);
  const auto is_kind = [](FixupKind kind) { return [kind](const Fixup& fixup) { return fixup.kind == kind; }; };
  CHECK(std::ranges::any_of(image.fixups, is_kind(FixupKind::signed32)));
  CHECK(std::ranges::any_of(image.fixups, is_kind(FixupKind::relative32)));
}

TEST_CASE("a module's tables are found") {
  const ImageFile image = parsed();
  CHECK(image.bugs.offset == section_of(image, "__bug_table").offset);
  CHECK(image.bugs.size == 24);
  CHECK(image.exceptions.offset == section_of(image, "__ex_table").offset);
  CHECK(image.exceptions.size == 24);
}

TEST_CASE("a module that is not one is refused with the reason") {
  struct Case {
    std::string_view sentence;
    std::function<void(Module&)> change;
  };
  const Case cases[] = {
      {"is a 32-bit ELF file", [](Module& m) { m.bytes[EI_CLASS] = ELFCLASS32; }},
      {"is an ELF file neither of 32 nor of 64 bits", [](Module& m) { m.bytes[EI_CLASS] = 9; }},
      {"is an ELF file, but not a little-endian one", [](Module& m) { m.bytes[EI_DATA] = ELFDATA2MSB; }},
      {"is an ELF file of version 7, which is not known", [](Module& m) { m.header().e_version = 7; }},
      {"is a shared object, not a kernel module", [](Module& m) { m.header().e_type = ET_DYN; }},
      {"is a program, not a kernel module", [](Module& m) { m.header().e_type = ET_EXEC; }},
      {"is a core dump, not a kernel module", [](Module& m) { m.header().e_type = ET_CORE; }},
      {"is no kernel module: its ELF type is 77", [](Module& m) { m.header().e_type = 77; }},
      {"is an AArch64 module; modules are loaded for x86-64 alone",
       [](Module& m) { m.header().e_machine = EM_AARCH64; }},
      {"is a 32-bit module, for x86", [](Module& m) { m.header().e_machine = EM_386; }},
      {"is a module for another machine: ELF's number 8", [](Module& m) { m.header().e_machine = EM_MIPS; }},
      {"has no sections, or more than 65279", [](Module& m) { m.header().e_shnum = 0; }},
      {"has section headers of 40 bytes instead of 64", [](Module& m) { m.header().e_shentsize = 40; }},
      {"has no table of section names: section 1 is none", [](Module& m) { m.header().e_shstrndx = 1; }},
      {"has no table of section names: section 65535 is none", [](Module& m) { m.header().e_shstrndx = SHN_XINDEX; }},
      {"has a section 1 with a name that lies outside of the string table",
       [](Module& m) { m.section(1).sh_name = 0x100000; }},
      {"has no symbol table: it was stripped", [](Module& m) { m.section(".symtab").sh_type = SHT_PROGBITS; }},
      {"has two symbol tables", [](Module& m) { m.section(".comment").sh_type = SHT_SYMTAB; }},
      {"has a symbol table whose entries are not of 24 bytes", [](Module& m) { m.section(".symtab").sh_entsize = 16; }},
      {"has symbols without names: section 1 is no string table", [](Module& m) { m.section(".symtab").sh_link = 1; }},
      {"has symbols without names: section 70000 is no string table",
       [](Module& m) { m.section(".symtab").sh_link = 70000; }},
      {"has a section '.data' that is both written and executed",
       [](Module& m) { m.section(".data").sh_flags |= SHF_EXECINSTR; }},
      {"has a section '.data' of thread-local variables", [](Module& m) { m.section(".data").sh_flags |= SHF_TLS; }},
      {"has a section '.data' that is loaded and compressed",
       [](Module& m) { m.section(".data").sh_flags |= SHF_COMPRESSED; }},
      {"has a section '.rela.text' of relocations that are loaded, as those of a live patch are",
       [](Module& m) { m.section(".rela.text").sh_flags |= SHF_ALLOC; }},
      {"has a section '.data' that is aligned to 24: no power of two up to 4096",
       [](Module& m) { m.section(".data").sh_addralign = 24; }},
      {"has a section '.text' that is aligned to 8192: no power of two up to 4096",
       [](Module& m) { m.section(".text").sh_addralign = 8192; }},
      {"has a section '.bss' of 1099511627776 bytes, more than an image may have",
       [](Module& m) { m.section(".bss").sh_size = 1ull << 40; }},
      {"is larger than 67108864 bytes when loaded", [](Module& m) { m.section(".bss").sh_size = kMaxImage; }},
      {"has two sections '__ex_table'",
       [](Module& m) { m.section("__bug_table").sh_name = m.section("__ex_table").sh_name; }},
      {"has a symbol 'sample_lookup' that lies outside of its section '.text': 0x100000 and 46 bytes",
       [](Module& m) {
         m.symbol("sample_lookup").st_value = 0x100000;
         m.symbol("sample_lookup").st_size = 46;
       }},
      {"has a symbol 'sample_table' in section 500, which is none",
       [](Module& m) { m.symbol("sample_table").st_shndx = 500; }},
      {"has a symbol 'sample_calls' that is common: it was compiled with -fcommon, which Linux does not load",
       [](Module& m) { m.symbol("sample_calls").st_shndx = SHN_COMMON; }},
      {"has a symbol 'sample_calls' in a section past 65279",
       [](Module& m) { m.symbol("sample_calls").st_shndx = SHN_XINDEX; }},
      {"has a symbol 'sample_calls' that is thread-local",
       [](Module& m) { m.symbol("sample_calls").st_info = ELF64_ST_INFO(STB_GLOBAL, STT_TLS); }},
      {"has a symbol 'sample_lookup' that is resolved when it is called, which Linux does not do",
       [](Module& m) { m.symbol("sample_lookup").st_info = ELF64_ST_INFO(STB_GLOBAL, STT_GNU_IFUNC); }},
      {"has relocations '.rela.text' of section 500, which is none",
       [](Module& m) { m.section(".rela.text").sh_info = 500; }},
      {"has relocations '.rela.text' that are not of 24 bytes each",
       [](Module& m) { m.section(".rela.text").sh_type = SHT_REL; }},
      {"has relocations '.rela.text' that do not refer to the symbol table",
       [](Module& m) { m.section(".rela.text").sh_link = 1; }},
      {"has a relocation at 0x23d of '.text' that lies outside of it",
       [](Module& m) {
         m.section(".text").sh_size = 0x240;
         m.relocation(".rela.text").r_offset = 0x23D;
       }},
      {"has a relocation at 0xffffffffffffffff of '.data' that lies outside of it",
       [](Module& m) { m.relocation(".rela.data").r_offset = UINT64_MAX; }},
      {"has a relocation at 0x4 of '.text' that is of symbol 16777215, which is none",
       [](Module& m) { m.relocation(".rela.text").r_info = ELF64_R_INFO(0xFFFFFFull, R_X86_64_PC32); }},
      {"has a relocation at 0x4 of '.text' that is of type R_X86_64_GOTPCREL, which Linux does not load",
       [](Module& m) { m.relocation(".rela.text").r_info = ELF64_R_INFO(1ull, R_X86_64_GOTPCREL); }},
      {"has a relocation at 0x4 of '.text' that is of type 4711, which Linux does not load",
       [](Module& m) { m.relocation(".rela.text").r_info = ELF64_R_INFO(1ull, 4711); }},
      {"has a relocation at 0x4 of '.text' that adds more than it can hold",
       [](Module& m) { m.relocation(".rela.text").r_addend = std::int64_t{1} << 31; }},
      {"has a relocation at 0x8 of '.data' that adds more than it can hold",
       [](Module& m) {
         m.relocation(".rela.data").r_addend = INT64_MAX;
         m.relocation(".rela.data").r_info = ELF64_R_INFO(m.symbol_index("sample_table"), R_X86_64_64);
       }},
  };
  for (const Case& wrong : cases) {
    Module module;
    wrong.change(module);
    CHECK(refusal_of(module.bytes) == wrong.sentence);
  }
}

TEST_CASE("names that are not to be shown are refused") {
  Module module;
  const std::size_t names = module.section(".strtab").sh_offset;
  module.bytes[names + module.symbol("sample_lookup").st_name] = 0x1B;
  CHECK(refusal_of(module.bytes).ends_with("with a name that is not of printable ASCII"));
}

TEST_CASE("a table that is read again and again is refused") {
  SECTION("relocations that many sections share") {
    Module module;
    // Behind the module, relocations of no type; two sections of them are more than the file is large.
    constexpr std::size_t size = 1000 * sizeof(Elf64_Rela);
    for (const std::string_view name : {".rela.text", ".rela.rodata", ".rela.data"}) {
      module.section(name).sh_offset = module.bytes.size();
      module.section(name).sh_size = size;
    }
    module.bytes.resize(module.bytes.size() + size);
    CHECK(refusal_of(module.bytes).ends_with("that are more than the file has room for"));
  }
  SECTION("names that many symbols share") {
    Module module;
    const Elf64_Shdr& table = module.section(".symtab");
    const std::size_t first = module.section(".strtab").sh_offset;
    std::fill_n(module.bytes.begin() + static_cast<std::ptrdiff_t>(first + 1), module.section(".strtab").sh_size - 2,
                'a');
    for (std::size_t i = 1; i < table.sh_size / sizeof(Elf64_Sym); ++i) {
      reinterpret_cast<Elf64_Sym*>(module.bytes.data() + table.sh_offset)[i].st_name = 1;
    }
    CHECK(refusal_of(module.bytes).ends_with("with a name with which names are longer than the file"));
  }
}

TEST_CASE("whatever is missing at a module's end, it is refused") {
  const Bytes& whole = sample_module();
  for (std::size_t size = 4; size < whole.size(); ++size) {
    const Bytes prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const std::string refusal = refusal_of(prefix);
    if (!refusal.starts_with("is truncated: ")) FAIL(size << " bytes: " << refusal);
  }
}

TEST_CASE("a module with flipped bits is refused or keeps the promises") {
  std::mt19937 random(Catch::rngSeed());
  Module pattern;
  // Where the tables are: flips elsewhere change nothing that is parsed.
  std::vector<std::pair<std::size_t, std::size_t>> places = {
      {0, sizeof(Elf64_Ehdr)}, {pattern.header().e_shoff, pattern.header().e_shnum * sizeof(Elf64_Shdr)}};
  for (const std::string_view name : {".symtab", ".strtab", ".rela.text", ".rela.rodata.links", ".shstrtab"}) {
    places.emplace_back(pattern.section(name).sh_offset, pattern.section(name).sh_size);
  }
  std::size_t num_parsed = 0;
  for (int run = 0; run < 20'000; ++run) {
    Bytes bytes = sample_module();
    for (std::uint32_t flips = random() % 3 + 1; flips > 0; --flips) {
      const auto [begin, size] = places[random() % places.size()];
      bytes[begin + random() % size] ^= static_cast<std::uint8_t>(1u << random() % 8);
    }
    const auto image = parse_image(bytes, "sample.ko");
    if (image) {
      ++num_parsed;
      if (const auto broken = check_promises(*image); !broken.empty()) FAIL(broken);
    } else if (image.error().empty()) {
      FAIL("refused without a reason");
    }
  }
  CHECK(num_parsed > 1000);
  CHECK(num_parsed < 19'000);
}

#endif
