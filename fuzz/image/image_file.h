// What an image file says: sections, symbols, imports, fixups. Plain data; nothing is mapped and nothing runs.
//
// Everything here is hostile until a parser has checked it. What a parser promises of an ImageFile that it returns:
//   - 0 < size <= kMaxImage, a multiple of the page size; sections lie in [0, size), aligned to pages where their
//     protections differ, in rising order, without overlap; the bytes of a section are no longer than the section
//   - the 4 or 8 bytes of every fixup lie in one section; its import is an index of `imports`, or kNoImport
//   - every symbol, the entry and the tables lie in [0, size)
// Offsets count from the image's begin: the RVA of a PE image; of an ELF module, which has none, where we lay it out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::image {

inline constexpr std::size_t kPage = 4096;
inline constexpr std::size_t kMaxImage = 64u << 20;
inline constexpr std::uint32_t kNoImport = UINT32_MAX;

enum class Format : std::uint8_t { pe, elf };
enum class Machine : std::uint8_t { x86_64, aarch64 };

struct Section {
  std::string name;
  std::uint32_t offset;
  std::uint32_t size;
  std::span<const std::uint8_t> bytes;  // of the file; what follows up to `size` is zero
  bool is_writable;
  bool is_executable;
  std::uint64_t file_address;  // what symbolizers know it by: a PE's RVA; in an ELF module the section's own begin, 0
};

struct Symbol {
  std::string name;
  std::uint32_t offset;
  std::uint32_t size;  // 0: not known
  bool is_function;
};

struct Import {
  std::string name;    // "#12" where it is by ordinal
  std::string module;  // "ntoskrnl.exe"; empty in an ELF module
};

// A value that depends on where the image and its imports lie.
enum class FixupKind : std::uint8_t {
  address64,
  unsigned32,  // must fit
  signed32,    // the same, sign-extended
  relative32,  // to the fixup's own address; must fit
  relative64,
};

// The value is `addend`, plus the import's address, or plus the image's where `import` is kNoImport and the value is
// not absolute.
struct Fixup {
  std::uint32_t offset;
  std::uint32_t import = kNoImport;
  FixupKind kind = FixupKind::address64;
  bool is_absolute = false;
  std::int64_t addend = 0;
};

// A part of the image, as a table of its own kind.
struct Table {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};

struct ImageFile {
  Format format;
  Machine machine;
  std::string name;         // of the file, without folders
  std::uint64_t base = 0;   // that a PE image prefers, and that symbolizers add; 0 of an ELF module
  std::uint32_t size = 0;   // mapped
  std::uint32_t entry = 0;  // 0: none
  std::vector<Section> sections{};
  std::vector<Symbol> symbols{};  // exports, and all that a symbol table tells; sorted by offset
  std::vector<Import> imports{};
  std::vector<Fixup> fixups{};

  Table unwind{};                         // PE: .pdata
  std::optional<std::uint32_t> cookie{};  // PE: the security cookie's offset
  Table bugs{};                           // ELF: __bug_table
  Table exceptions{};                     // ELF: __ex_table
  std::string symbol_file{};              // PE: the name of the PDB, without folders; empty: none
  std::string symbol_id{};                // PE: the PDB's GUID and age, as symbol servers write them
};

// "is truncated: ..." and the like: a sentence whose subject is the file.
using Refusal = std::string;
template <typename T>
using Parsed = std::expected<T, Refusal>;

// The image keeps views of `bytes`, which must outlive it. By the first bytes: PE or ELF.
Parsed<ImageFile> parse_image(std::span<const std::uint8_t> bytes, std::string_view name);

// Whether a file says that it is a PE image for AArch64. Nothing else is looked at.
bool is_for_aarch64(std::span<const std::uint8_t> bytes);

// Symbols that a PDB tells of the image: adds them and sorts. What is wrong with the PDB is returned, and the image is
// as it was.
std::expected<void, Refusal> add_pdb_symbols(ImageFile& image, std::span<const std::uint8_t> pdb);

// By name; "+0x1234" is an offset, "@entry" where the image is entered. Null where there is none, or where the name is
// of several different places (then `why` says which).
std::optional<std::uint32_t> find_symbol(const ImageFile& image, std::string_view name, std::string& why);

// The symbol at or before `offset` in the same section; null where there is none.
const Symbol* symbol_at(const ImageFile& image, std::uint32_t offset);
// Null where the offset lies in no section.
const Section* section_at(const ImageFile& image, std::uint32_t offset);

}  // namespace sluice::image
