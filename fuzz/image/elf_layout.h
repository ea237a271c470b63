// From the tables of an ELF file to an image: what parse_elf() does once sections have their places.
#pragma once

#include <cstdint>
#include <vector>

#include "fuzz/image/elf_file.h"

namespace sluice::image {

// What a symbol stands for.
struct ElfValue {
  enum class Kind : std::uint8_t {
    place,     // `number` is an offset in the image
    absolute,  // `number` is the value
    import,    // `number` is its index
    nothing,   // nobody may refer to it: it is in a section that is not loaded
  };
  Kind kind = Kind::nothing;
  std::uint64_t number = 0;
};

struct ElfLayout {
  static constexpr std::uint32_t kNotLoaded = UINT32_MAX;
  std::vector<std::uint32_t> offsets;  // in the image, of the sections by their index
  std::vector<ElfValue> values;        // of the symbols by theirs
};

// Sets the image's symbols, its imports and the entry, init_module, and what each symbol stands for. A weak import is
// null, as in a kernel where nobody exports it.
Parsed<void> read_symbols(ElfFile& file, ElfLayout& layout, ImageFile& image);

// Sets the image's fixups, from the relocations of the sections that are loaded.
Parsed<void> read_relocations(const ElfFile& file, const ElfLayout& layout, ImageFile& image);

}  // namespace sluice::image
