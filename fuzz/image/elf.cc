// A kernel module is an object file: where its sections lie is for the loader to say. They lie here as Linux lays them
// out, code before constants before variables; the first page is nobody's, as in a PE image, so that 0 is no place.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "fuzz/image/elf_layout.h"
#include "fuzz/image/formats.h"

namespace sluice::image {

namespace {

bool is_loaded(const Elf64_Shdr& header) { return (header.sh_flags & SHF_ALLOC) != 0; }

// Code, constants, variables.
std::size_t group_of(const Elf64_Shdr& header) {
  if ((header.sh_flags & SHF_EXECINSTR) != 0) return 0;
  return (header.sh_flags & SHF_WRITE) != 0 ? 2 : 1;
}

constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t alignment) {
  return (value + alignment - 1) / alignment * alignment;
}

std::unexpected<Refusal> bad_section(const ElfFile& file, std::size_t index, std::string_view what) {
  return std::unexpected(fmt::format("has a section {} {}", section_text(file, index), what));
}

Parsed<void> check_section(const ElfFile& file, std::size_t index) {
  const Elf64_Shdr& header = file.sections[index].header;
  constexpr std::uint64_t kBoth = SHF_WRITE | SHF_EXECINSTR;
  if ((header.sh_flags & kBoth) == kBoth) return bad_section(file, index, "that is both written and executed");
  if ((header.sh_flags & SHF_TLS) != 0) return bad_section(file, index, "of thread-local variables");
  if ((header.sh_flags & SHF_COMPRESSED) != 0) return bad_section(file, index, "that is loaded and compressed");
  if (header.sh_type == SHT_RELA || header.sh_type == SHT_REL) {
    return bad_section(file, index, "of relocations that are loaded, as those of a live patch are");
  }
  const std::uint64_t alignment = header.sh_addralign;
  if ((alignment & (alignment - 1)) != 0 || alignment > kPage) {
    return bad_section(file, index, fmt::format("that is aligned to {}: no power of two up to 4096", alignment));
  }
  if (header.sh_size > kMaxImage) {
    return bad_section(file, index, fmt::format("of {} bytes, more than an image may have", header.sh_size));
  }
  return {};
}

// Empty sections have a place too: symbols name it.
Parsed<void> place_group(const ElfFile& file, std::size_t group, ElfLayout& layout, ImageFile& image) {
  std::uint64_t end = image.size;
  for (std::size_t index = 1; index < file.sections.size(); ++index) {
    const ElfSection& section = file.sections[index];
    if (!is_loaded(section.header) || group_of(section.header) != group) continue;
    if (const auto good = check_section(file, index); !good) return good;
    const std::uint64_t offset = round_up(end, std::max<std::uint64_t>(section.header.sh_addralign, 1));
    end = offset + section.header.sh_size;
    if (end > kMaxImage) return std::unexpected(fmt::format("is larger than {} bytes when loaded", kMaxImage));
    layout.offsets[index] = static_cast<std::uint32_t>(offset);
    if (section.header.sh_size == 0) continue;
    image.sections.push_back({.name = std::string(section.name),
                              .offset = static_cast<std::uint32_t>(offset),
                              .size = static_cast<std::uint32_t>(section.header.sh_size),
                              .bytes = section.bytes,
                              .is_writable = group == 2,
                              .is_executable = group == 0,
                              .file_address = 0});
  }
  image.size = static_cast<std::uint32_t>(round_up(end, kPage));
  return {};
}

Parsed<void> place_sections(const ElfFile& file, ElfLayout& layout, ImageFile& image) {
  layout.offsets.assign(file.sections.size(), ElfLayout::kNotLoaded);
  image.size = kPage;
  for (std::size_t group = 0; group < 3; ++group) {
    if (const auto done = place_group(file, group, layout, image); !done) return done;
  }
  if (image.sections.empty()) return std::unexpected("has nothing that is loaded");
  return {};
}

Parsed<void> find_table(std::string_view name, const ImageFile& image, Table& table) {
  for (const Section& section : image.sections) {
    if (section.name != name) continue;
    if (table.size != 0) return std::unexpected(fmt::format("has two sections '{}'", name));
    table = {section.offset, section.size};
  }
  return {};
}

}  // namespace

Parsed<ImageFile> parse_elf(std::span<const std::uint8_t> bytes, std::string_view name) {
  auto file = read_elf(bytes);
  if (!file) return std::unexpected(file.error());
  ImageFile image{.format = Format::elf, .machine = Machine::x86_64, .name = std::string(name)};
  ElfLayout layout;
  if (const auto done = place_sections(*file, layout, image); !done) return std::unexpected(done.error());
  if (const auto done = find_table("__bug_table", image, image.bugs); !done) return std::unexpected(done.error());
  if (const auto done = find_table("__ex_table", image, image.exceptions); !done) return std::unexpected(done.error());
  if (const auto done = read_symbols(*file, layout, image); !done) return std::unexpected(done.error());
  if (const auto done = read_relocations(*file, layout, image); !done) return std::unexpected(done.error());
  return image;
}

}  // namespace sluice::image
