// The steps of parse_pe(): each adds to an image what a part of the file says, or refuses the file.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fuzz/image/image_file.h"
#include "fuzz/image/pe_format.h"

namespace sluice::image::pe {

struct Headers {
  std::span<const std::uint8_t> bytes;  // the file
  FileHeader file;
  OptionalHeader optional;
  std::array<Directory, kNumDirectories> directories;  // those that the file has not are zero
  std::vector<SectionHeader> sections;
};

Parsed<Headers> read_headers(std::span<const std::uint8_t> bytes);

// The headers become a read-only section of their own: code reads them by __ImageBase.
Parsed<void> add_sections(const Headers& headers, ImageFile& image);
// What would load, and never run as it should: packed code.
Parsed<void> refuse_packed(const Headers& headers, ImageFile& image);

Parsed<void> add_relocations(const Headers& headers, ImageFile& image);
Parsed<void> add_imports(const Headers& headers, ImageFile& image);
Parsed<void> add_exports(const Headers& headers, ImageFile& image);
Parsed<void> add_unwind(const Headers& headers, ImageFile& image);
Parsed<void> add_cookie(const Headers& headers, ImageFile& image);
Parsed<void> add_symbol_file(const Headers& headers, ImageFile& image);

// What a PDB and its image are known by: the GUID and the age, as symbol servers write them.
std::string symbol_id(std::span<const std::uint8_t, 16> guid, std::uint32_t age);

// ---- Reading what is mapped: zero where the file has no bytes for it
// --------------------------------------------------

// False where it does not lie in one section.
bool read_bytes(const ImageFile& image, std::uint64_t offset, std::span<std::uint8_t> into);

template <typename Plain>
bool read_at(const ImageFile& image, std::uint64_t offset, Plain& plain) {
  return read_bytes(image, offset, {reinterpret_cast<std::uint8_t*>(&plain), sizeof plain});
}

// Whether [offset, offset + size) lies in one section; `size` 0 lies nowhere.
bool is_in_section(const ImageFile& image, std::uint64_t offset, std::uint64_t size);

// Text that ends at a zero byte, of printable characters; its length is taken from `budget`. False where there is none,
// where it is longer than a name can be, or than the budget.
bool read_name(const ImageFile& image, std::uint64_t offset, std::size_t& budget, std::string& name);

inline constexpr std::size_t kMaxNameSize = 4096;
inline constexpr std::size_t kNameBudget = 16u << 20;  // of a table

}  // namespace sluice::image::pe
