// What a parser promises of every image that it returns; see fuzz/image/image_file.h.
#pragma once

#include <string>

#include "fuzz/image/image_file.h"

namespace sluice::image {

// The first promise that does not hold; empty where all do.
[[nodiscard]] inline std::string check_promises(const ImageFile& image);

namespace promises {

inline bool is_inside(const ImageFile& image, std::uint64_t offset, std::uint64_t size) {
  return offset <= image.size && size <= image.size - offset;
}

inline std::string of_sections(const ImageFile& image) {
  const Section* last = nullptr;
  for (const Section& section : image.sections) {
    if (!is_inside(image, section.offset, section.size)) return "section " + section.name + " lies outside";
    if (section.bytes.size() > section.size) return "section " + section.name + " is smaller than its bytes";
    if (last != nullptr) {
      const bool is_alike = last->is_writable == section.is_writable && last->is_executable == section.is_executable;
      const std::uint64_t end = std::uint64_t{last->offset} + last->size;
      if (section.offset < last->offset || section.offset < end) return "section " + section.name + " overlaps";
      const bool shares_page = section.size != 0 && section.offset / kPage == (end - 1) / kPage;
      if (!is_alike && shares_page)
        return "section " + section.name + " shares a page with what is protected otherwise";
    }
    if (section.size != 0) last = &section;
  }
  return {};
}

inline std::string of_fixups(const ImageFile& image) {
  for (const Fixup& fixup : image.fixups) {
    const bool is_wide = fixup.kind == FixupKind::address64 || fixup.kind == FixupKind::relative64;
    const Section* section = section_at(image, fixup.offset);
    const std::uint32_t size = is_wide ? 8 : 4;
    const bool is_there = section != nullptr && size <= section->size - (fixup.offset - section->offset);
    if (!is_there) return "the fixup at " + std::to_string(fixup.offset) + " lies in no section";
    if (fixup.import != kNoImport && fixup.import >= image.imports.size()) return "a fixup is of no import";
  }
  return {};
}

inline std::string of_symbols(const ImageFile& image) {
  const Symbol* last = nullptr;
  for (const Symbol& symbol : image.symbols) {
    if (symbol.offset >= image.size) return "symbol " + symbol.name + " lies outside";
    if (last != nullptr && symbol.offset < last->offset) return "symbols are not sorted";
    last = &symbol;
  }
  return {};
}

}  // namespace promises

inline std::string check_promises(const ImageFile& image) {
  if (image.size == 0 || image.size > kMaxImage || image.size % kPage != 0) return "the size is none";
  if (image.entry >= image.size) return "the entry lies outside";
  for (const Table& table : {image.unwind, image.bugs, image.exceptions}) {
    if (!promises::is_inside(image, table.offset, table.size)) return "a table lies outside";
  }
  if (image.cookie && !promises::is_inside(image, *image.cookie, 8)) return "the cookie lies outside";
  for (const auto& check : {promises::of_sections, promises::of_fixups, promises::of_symbols}) {
    if (std::string broken = check(image); !broken.empty()) return broken;
  }
  return {};
}

}  // namespace sluice::image
