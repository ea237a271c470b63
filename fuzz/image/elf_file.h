// The tables of an ELF64 relocatable file, each checked against the file; what they mean together is elf.cc's.
#pragma once

#include <elf.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "fuzz/image/image_file.h"

namespace sluice::image {

// Reads names of a string table, of which entries may share bytes. All that it hands out together is no longer than the
// budget, so that a table of a million names is not a million times as long as the file.
class ElfStrings {
 public:
  ElfStrings() = default;
  ElfStrings(std::span<const std::uint8_t> table, std::size_t budget) : table_(table), budget_(budget) {}

  // What is wrong with it does not say whose name it is: "a name that ...".
  Parsed<std::string_view> at(std::uint64_t offset);

 private:
  std::span<const std::uint8_t> table_;
  std::size_t budget_ = 0;
};

struct ElfSection {
  Elf64_Shdr header;
  std::string_view name;
  std::span<const std::uint8_t> bytes;  // none where the type is SHT_NOBITS
};

// Of the file's bytes, which must outlive it.
struct ElfFile {
  std::size_t size;
  std::vector<ElfSection> sections;       // by their index; the first is none
  std::span<const std::uint8_t> symbols;  // Elf64_Sym; their number is `num_symbols`
  std::size_t num_symbols;
  std::size_t symbol_section;
  ElfStrings symbol_names;
};

// Refused are all files but x86-64 relocatable ones that have a symbol table.
Parsed<ElfFile> read_elf(std::span<const std::uint8_t> bytes);

// "'.text'", or "section 3" where it has no name.
std::string section_text(const ElfFile& file, std::size_t index);

}  // namespace sluice::image
