#include "fuzz/image/pe.h"

#include <fmt/format.h>

#include <algorithm>

#include "fuzz/image/formats.h"

namespace sluice::image {

namespace {

Parsed<void> check_entry(const pe::Headers&, ImageFile& image) {
  if (image.entry == 0) return {};
  const Section* section = section_at(image, image.entry);
  if (section != nullptr && section->is_executable) return {};
  return std::unexpected(fmt::format("has its entry at {:#x}, outside of its executable sections", image.entry));
}

// Each place is written once, whatever writes it.
Parsed<void> check_fixups(const pe::Headers&, ImageFile& image) {
  constexpr std::uint32_t kWord = 8;
  std::ranges::sort(image.fixups, {}, &Fixup::offset);
  const auto twice = std::ranges::adjacent_find(
      image.fixups, [](const Fixup& a, const Fixup& b) { return b.offset - a.offset < kWord; });
  if (twice == image.fixups.end()) return {};
  const Fixup& next = *std::next(twice);
  const bool is_import = twice->import != kNoImport || next.import != kNoImport;
  return std::unexpected(fmt::format("has {} that loop or overlap: at {:#x} and {:#x}",
                                     is_import ? "import tables" : "relocations", twice->offset, next.offset));
}

}  // namespace

Parsed<ImageFile> parse_pe(std::span<const std::uint8_t> bytes, std::string_view name) {
  const auto headers = pe::read_headers(bytes);
  if (!headers) return std::unexpected(headers.error());
  const pe::OptionalHeader& optional = headers->optional;
  ImageFile image{.format = Format::pe,
                  .machine = headers->file.machine == pe::kMachineX64 ? Machine::x86_64 : Machine::aarch64,
                  .name = std::string(name.substr(name.find_last_of('/') + 1)),
                  .base = optional.image_base,
                  .size = static_cast<std::uint32_t>((optional.size_of_image + kPage - 1) / kPage * kPage),
                  .entry = optional.entry};
  for (const auto step : {pe::add_sections, check_entry, pe::refuse_packed, pe::add_relocations, pe::add_imports,
                          check_fixups, pe::add_exports, pe::add_unwind, pe::add_cookie, pe::add_symbol_file}) {
    if (const auto done = step(*headers, image); !done) return std::unexpected(done.error());
  }
  sort_symbols(image);
  return image;
}

}  // namespace sluice::image
