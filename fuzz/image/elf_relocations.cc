#include <fmt/format.h>

#include <cstring>
#include <limits>
#include <optional>

#include "fuzz/image/elf_layout.h"
#include "fuzz/image/formats.h"

namespace sluice::image {

namespace {

// Those that Linux knows, arch/x86/kernel/module.c.
std::optional<FixupKind> kind_of(std::uint32_t type) {
  switch (type) {
    case R_X86_64_64: return FixupKind::address64;
    case R_X86_64_32: return FixupKind::unsigned32;
    case R_X86_64_32S: return FixupKind::signed32;
    case R_X86_64_PC32:
    case R_X86_64_PLT32: return FixupKind::relative32;  // a module has no procedure linkage table
    case R_X86_64_PC64: return FixupKind::relative64;
    default: return std::nullopt;
  }
}

std::string type_text(std::uint32_t type) {
  switch (type) {
    case R_X86_64_GOT32: return "R_X86_64_GOT32";
    case R_X86_64_COPY: return "R_X86_64_COPY";
    case R_X86_64_GLOB_DAT: return "R_X86_64_GLOB_DAT";
    case R_X86_64_JUMP_SLOT: return "R_X86_64_JUMP_SLOT";
    case R_X86_64_RELATIVE: return "R_X86_64_RELATIVE";
    case R_X86_64_GOTPCREL: return "R_X86_64_GOTPCREL";
    case R_X86_64_16: return "R_X86_64_16";
    case R_X86_64_PC16: return "R_X86_64_PC16";
    case R_X86_64_8: return "R_X86_64_8";
    case R_X86_64_PC8: return "R_X86_64_PC8";
    case R_X86_64_TPOFF32: return "R_X86_64_TPOFF32";
    case R_X86_64_GOTOFF64: return "R_X86_64_GOTOFF64";
    case R_X86_64_GOTPC32: return "R_X86_64_GOTPC32";
    case R_X86_64_GOTPCRELX: return "R_X86_64_GOTPCRELX";
    case R_X86_64_REX_GOTPCRELX: return "R_X86_64_REX_GOTPCRELX";
    default: return std::to_string(type);
  }
}

bool is_wide(FixupKind kind) { return kind == FixupKind::address64 || kind == FixupKind::relative64; }

bool fits_signed32(std::int64_t value) {
  return value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
}

class RelocationReader {
 public:
  RelocationReader(const ElfFile& file, const ElfLayout& layout, ImageFile& image)
      : file_(file), layout_(layout), image_(image) {}

  Parsed<void> read() {
    for (std::size_t index = 1; index < file_.sections.size(); ++index) {
      const std::uint32_t type = file_.sections[index].header.sh_type;
      if (type != SHT_RELA && type != SHT_REL) continue;
      if (const auto done = read_section(index); !done) return done;
    }
    return {};
  }

 private:
  Parsed<void> read_section(std::size_t index) {
    const ElfSection& table = file_.sections[index];
    target_ = table.header.sh_info;
    if (target_ >= file_.sections.size()) {
      return std::unexpected(
          fmt::format("has relocations {} of section {}, which is none", section_text(file_, index), target_));
    }
    if (layout_.offsets[target_] == ElfLayout::kNotLoaded) return {};
    if (table.header.sh_type == SHT_REL || table.header.sh_entsize != sizeof(Elf64_Rela) ||
        table.bytes.size() % sizeof(Elf64_Rela) != 0) {
      return bad_table(index, "are not of 24 bytes each");
    }
    if (table.header.sh_link != file_.symbol_section) return bad_table(index, "do not refer to the symbol table");
    // Sections may share the bytes of the file: what they say together is bounded all the same.
    const std::size_t count = table.bytes.size() / sizeof(Elf64_Rela);
    if (count > file_.size / sizeof(Elf64_Rela) - num_read_)
      return bad_table(index, "are more than the file has room for");
    num_read_ += count;
    image_.fixups.reserve(image_.fixups.size() + count);
    for (std::size_t i = 0; i < count; ++i) {
      Elf64_Rela relocation;
      std::memcpy(&relocation, table.bytes.data() + i * sizeof relocation, sizeof relocation);
      if (const auto done = add(relocation); !done) return done;
    }
    return {};
  }

  std::unexpected<Refusal> bad_table(std::size_t index, std::string_view what) const {
    return std::unexpected(fmt::format("has relocations {} that {}", section_text(file_, index), what));
  }
  std::unexpected<Refusal> bad(const Elf64_Rela& relocation, std::string_view what) const {
    return std::unexpected(fmt::format("has a relocation at {:#x} of {} that {}", relocation.r_offset,
                                       section_text(file_, target_), what));
  }

  Parsed<void> add(const Elf64_Rela& relocation) {
    const auto type = static_cast<std::uint32_t>(ELF64_R_TYPE(relocation.r_info));
    if (type == R_X86_64_NONE) return {};
    const auto kind = kind_of(type);
    if (!kind) return bad(relocation, fmt::format("is of type {}, which Linux does not load", type_text(type)));
    // What has no bytes in the file is zero, and nothing else.
    if (!is_within(relocation.r_offset, is_wide(*kind) ? 8 : 4, file_.sections[target_].bytes.size())) {
      return bad(relocation, "lies outside of it");
    }
    if (!is_wide(*kind) && !fits_signed32(relocation.r_addend)) return bad(relocation, "adds more than it can hold");
    const std::uint64_t symbol = ELF64_R_SYM(relocation.r_info);
    if (symbol >= layout_.values.size()) return bad(relocation, fmt::format("is of symbol {}, which is none", symbol));
    Fixup fixup{.offset = layout_.offsets[target_] + static_cast<std::uint32_t>(relocation.r_offset), .kind = *kind};
    if (const auto done = aim(relocation, symbol, fixup); !done) return done;
    image_.fixups.push_back(fixup);
    return {};
  }

  // The symbol's value and the addend.
  Parsed<void> aim(const Elf64_Rela& relocation, std::uint64_t symbol, Fixup& fixup) const {
    const ElfValue value = symbol == 0 ? ElfValue{ElfValue::Kind::absolute, 0} : layout_.values[symbol];
    std::int64_t begin = 0;
    switch (value.kind) {
      case ElfValue::Kind::nothing: return bad(relocation, fmt::format("is of symbol {}, which is not loaded", symbol));
      case ElfValue::Kind::import: fixup.import = static_cast<std::uint32_t>(value.number); break;
      case ElfValue::Kind::absolute: fixup.is_absolute = true; [[fallthrough]];
      case ElfValue::Kind::place: begin = static_cast<std::int64_t>(value.number); break;
    }
    if (__builtin_add_overflow(begin, relocation.r_addend, &fixup.addend)) {
      return bad(relocation, "adds more than it can hold");
    }
    return {};
  }

  const ElfFile& file_;
  const ElfLayout& layout_;
  ImageFile& image_;
  std::size_t target_ = 0;
  std::size_t num_read_ = 0;
};

}  // namespace

Parsed<void> read_relocations(const ElfFile& file, const ElfLayout& layout, ImageFile& image) {
  return RelocationReader(file, layout, image).read();
}

}  // namespace sluice::image
