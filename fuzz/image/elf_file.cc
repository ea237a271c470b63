#include "fuzz/image/elf_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "fuzz/image/formats.h"

namespace sluice::image {

namespace {

bool is_printable(char character) { return character >= ' ' && character <= '~'; }

std::unexpected<Refusal> truncated(std::string_view what) {
  return std::unexpected(fmt::format("is truncated: {}", what));
}

Parsed<void> check_type(std::uint16_t type) {
  switch (type) {
    case ET_REL: return {};
    case ET_EXEC: return std::unexpected("is a program, not a kernel module");
    case ET_DYN: return std::unexpected("is a shared object, not a kernel module");
    case ET_CORE: return std::unexpected("is a core dump, not a kernel module");
    default: return std::unexpected(fmt::format("is no kernel module: its ELF type is {}", type));
  }
}

Parsed<void> check_machine(std::uint16_t machine) {
  switch (machine) {
    case EM_X86_64: return {};
    case EM_AARCH64: return std::unexpected("is an AArch64 module; modules are loaded for x86-64 alone");
    case EM_386: return std::unexpected("is a 32-bit module, for x86");
    default: return std::unexpected(fmt::format("is a module for another machine: ELF's number {}", machine));
  }
}

Parsed<Elf64_Ehdr> read_header(std::span<const std::uint8_t> bytes) {
  Elf64_Ehdr header;
  if (bytes.size() <= EI_VERSION) return truncated("its ELF header ends early");
  if (bytes[EI_CLASS] == ELFCLASS32) return std::unexpected("is a 32-bit ELF file");
  if (bytes[EI_CLASS] != ELFCLASS64) return std::unexpected("is an ELF file neither of 32 nor of 64 bits");
  if (bytes[EI_DATA] != ELFDATA2LSB) return std::unexpected("is an ELF file, but not a little-endian one");
  if (!read_plain(bytes, 0, header)) return truncated("its ELF header ends early");
  if (bytes[EI_VERSION] != EV_CURRENT || header.e_version != EV_CURRENT) {
    return std::unexpected(fmt::format("is an ELF file of version {}, which is not known", header.e_version));
  }
  // The type first: of a program for another machine it matters more that it is a program.
  if (const auto type = check_type(header.e_type); !type) return std::unexpected(type.error());
  if (const auto machine = check_machine(header.e_machine); !machine) return std::unexpected(machine.error());
  return header;
}

Parsed<std::span<const std::uint8_t>> section_bytes(std::span<const std::uint8_t> bytes, const Elf64_Shdr& header,
                                                    std::size_t index) {
  if (header.sh_type == SHT_NOBITS || header.sh_type == SHT_NULL) return {};
  if (!is_within(header.sh_offset, header.sh_size, bytes.size())) {
    return truncated(fmt::format("section {} is {} bytes at {:#x} of a file of {} bytes", index, header.sh_size,
                                 header.sh_offset, bytes.size()));
  }
  return bytes.subspan(header.sh_offset, header.sh_size);
}

Parsed<void> read_sections(std::span<const std::uint8_t> bytes, const Elf64_Ehdr& header, ElfFile& file) {
  if (header.e_shnum == 0) return std::unexpected("has no sections, or more than 65279");
  if (header.e_shentsize != sizeof(Elf64_Shdr)) {
    return std::unexpected(fmt::format("has section headers of {} bytes instead of 64", header.e_shentsize));
  }
  const std::size_t size = std::size_t{header.e_shnum} * sizeof(Elf64_Shdr);
  if (!is_within(header.e_shoff, size, bytes.size())) {
    return truncated(fmt::format("{} section headers lie at {:#x} of a file of {} bytes", header.e_shnum,
                                 header.e_shoff, bytes.size()));
  }
  file.sections.resize(header.e_shnum);
  for (std::size_t index = 0; index < file.sections.size(); ++index) {
    ElfSection& section = file.sections[index];
    std::memcpy(&section.header, bytes.data() + header.e_shoff + index * sizeof(Elf64_Shdr), sizeof(Elf64_Shdr));
    const auto found = section_bytes(bytes, section.header, index);
    if (!found) return std::unexpected(found.error());
    section.bytes = *found;
  }
  return {};
}

Parsed<void> name_sections(const Elf64_Ehdr& header, ElfFile& file) {
  const std::size_t index = header.e_shstrndx;
  if (index >= file.sections.size() || file.sections[index].header.sh_type != SHT_STRTAB) {
    return std::unexpected(fmt::format("has no table of section names: section {} is none", index));
  }
  ElfStrings names(file.sections[index].bytes, file.size);
  for (std::size_t i = 1; i < file.sections.size(); ++i) {
    const auto name = names.at(file.sections[i].header.sh_name);
    if (!name) return std::unexpected(fmt::format("has a section {} with {}", i, name.error()));
    file.sections[i].name = *name;
  }
  return {};
}

Parsed<void> find_symbols(ElfFile& file) {
  const auto is_table = [](const ElfSection& section) { return section.header.sh_type == SHT_SYMTAB; };
  const auto table = std::ranges::find_if(file.sections, is_table);
  if (table == file.sections.end()) return std::unexpected("has no symbol table: it was stripped");
  if (std::find_if(std::next(table), file.sections.end(), is_table) != file.sections.end()) {
    return std::unexpected("has two symbol tables");
  }
  if (table->header.sh_entsize != sizeof(Elf64_Sym) || table->bytes.size() % sizeof(Elf64_Sym) != 0) {
    return std::unexpected("has a symbol table whose entries are not of 24 bytes");
  }
  const std::size_t names = table->header.sh_link;
  if (names >= file.sections.size() || file.sections[names].header.sh_type != SHT_STRTAB) {
    return std::unexpected(fmt::format("has symbols without names: section {} is no string table", names));
  }
  file.symbols = table->bytes;
  file.num_symbols = table->bytes.size() / sizeof(Elf64_Sym);
  file.symbol_section = static_cast<std::size_t>(table - file.sections.begin());
  file.symbol_names = ElfStrings(file.sections[names].bytes, file.size);
  return {};
}

}  // namespace

Parsed<std::string_view> ElfStrings::at(std::uint64_t offset) {
  if (offset >= table_.size()) return std::unexpected("a name that lies outside of the string table");
  const std::size_t most = std::min(table_.size() - offset, budget_);
  const auto* begin = reinterpret_cast<const char*>(table_.data()) + offset;
  const void* end = std::memchr(begin, '\0', most);
  if (end == nullptr && most == budget_) return std::unexpected("a name with which names are longer than the file");
  if (end == nullptr) return std::unexpected("a name that does not end in the string table");
  const std::string_view name(begin, static_cast<const char*>(end) - begin);
  if (!std::ranges::all_of(name, is_printable)) return std::unexpected("a name that is not of printable ASCII");
  budget_ -= name.size();
  return name;
}

Parsed<ElfFile> read_elf(std::span<const std::uint8_t> bytes) {
  const auto header = read_header(bytes);
  if (!header) return std::unexpected(header.error());
  ElfFile file{
      .size = bytes.size(), .sections = {}, .symbols = {}, .num_symbols = 0, .symbol_section = 0, .symbol_names = {}};
  if (const auto done = read_sections(bytes, *header, file); !done) return std::unexpected(done.error());
  if (const auto done = name_sections(*header, file); !done) return std::unexpected(done.error());
  if (const auto done = find_symbols(file); !done) return std::unexpected(done.error());
  return file;
}

std::string section_text(const ElfFile& file, std::size_t index) {
  const std::string_view name = file.sections[index].name;
  return name.empty() ? fmt::format("section {}", index) : fmt::format("'{:.80}'", name);
}

}  // namespace sluice::image
