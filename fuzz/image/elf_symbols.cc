#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "fuzz/image/elf_layout.h"
#include "fuzz/image/formats.h"

namespace sluice::image {

namespace {

class SymbolReader {
 public:
  SymbolReader(ElfFile& file, ElfLayout& layout, ImageFile& image) : file_(file), layout_(layout), image_(image) {}

  Parsed<void> read() {
    layout_.values.resize(file_.num_symbols);
    for (std::size_t index = 1; index < file_.num_symbols; ++index) {
      Elf64_Sym symbol;
      std::memcpy(&symbol, file_.symbols.data() + index * sizeof symbol, sizeof symbol);
      const auto name = file_.symbol_names.at(symbol.st_name);
      if (!name) return std::unexpected(fmt::format("has a symbol {} with {}", index, name.error()));
      if (const auto done = add(index, symbol, *name); !done) return done;
    }
    number_imports();
    sort_symbols(image_);
    return {};
  }

 private:
  struct Wanted {
    std::string_view name;
    std::size_t symbol;
  };

  static std::unexpected<Refusal> bad(std::string_view name, std::string_view what) {
    return std::unexpected(fmt::format("has a symbol '{:.80}' {}", name, what));
  }

  Parsed<void> add(std::size_t index, const Elf64_Sym& symbol, std::string_view name) {
    switch (symbol.st_shndx) {
      case SHN_UNDEF: return want(index, symbol, name);
      case SHN_ABS: layout_.values[index] = {ElfValue::Kind::absolute, symbol.st_value}; return {};
      case SHN_COMMON: return bad(name, "that is common: it was compiled with -fcommon, which Linux does not load");
      case SHN_XINDEX: return bad(name, "in a section past 65279");
      default: return define(index, symbol, name);
    }
  }

  Parsed<void> want(std::size_t index, const Elf64_Sym& symbol, std::string_view name) {
    if (name.empty()) return std::unexpected(fmt::format("has an import without a name: symbol {}", index));
    if (ELF64_ST_BIND(symbol.st_info) == STB_WEAK) {
      layout_.values[index] = {ElfValue::Kind::absolute, 0};
    } else {
      wanted_.push_back({name, index});
    }
    return {};
  }

  Parsed<void> define(std::size_t index, const Elf64_Sym& symbol, std::string_view name) {
    const std::size_t section = symbol.st_shndx;
    if (section >= file_.sections.size()) return bad(name, fmt::format("in section {}, which is none", section));
    const std::uint32_t offset = layout_.offsets[section];
    if (offset == ElfLayout::kNotLoaded) return {};
    const std::uint64_t size = file_.sections[section].header.sh_size;
    if (!is_within(symbol.st_value, symbol.st_size, size)) {
      return bad(name, fmt::format("that lies outside of its section {}: {:#x} and {} bytes",
                                   section_text(file_, section), symbol.st_value, symbol.st_size));
    }
    const unsigned type = ELF64_ST_TYPE(symbol.st_info);
    if (type == STT_TLS) return bad(name, "that is thread-local");
    if (type == STT_GNU_IFUNC) return bad(name, "that is resolved when it is called, which Linux does not do");
    const auto place = offset + static_cast<std::uint32_t>(symbol.st_value);
    layout_.values[index] = {ElfValue::Kind::place, place};
    // What marks the end of a section is at nothing; a compiler's own labels tell nobody anything.
    const bool is_told = type != STT_SECTION && type != STT_FILE && !name.empty() && !name.starts_with(".L");
    if (!is_told || symbol.st_value == size) return {};
    image_.symbols.push_back({.name = std::string(name),
                              .offset = place,
                              .size = static_cast<std::uint32_t>(symbol.st_size),
                              .is_function = type == STT_FUNC});
    if (name == "init_module") image_.entry = place;
    return {};
  }

  // Each name once, by name.
  void number_imports() {
    std::ranges::sort(wanted_, {}, &Wanted::name);
    for (const Wanted& wanted : wanted_) {
      if (image_.imports.empty() || image_.imports.back().name != wanted.name) {
        image_.imports.push_back({.name = std::string(wanted.name), .module = {}});
      }
      layout_.values[wanted.symbol] = {ElfValue::Kind::import, image_.imports.size() - 1};
    }
  }

  ElfFile& file_;
  ElfLayout& layout_;
  ImageFile& image_;
  std::vector<Wanted> wanted_;
};

}  // namespace

Parsed<void> read_symbols(ElfFile& file, ElfLayout& layout, ImageFile& image) {
  return SymbolReader(file, layout, image).read();
}

}  // namespace sluice::image
