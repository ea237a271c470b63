// What fuzz/image/image_file.h promises of an image that a parser returns.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>

#include "fuzz/image/formats.h"

namespace sluice::image {

inline void check_sections(const ImageFile& image) {
  std::uint64_t end = 0;
  const Section* before = nullptr;
  for (const Section& section : image.sections) {
    if (section.offset < end) FAIL("section " << section.name << " overlaps the one before it");
    if (!is_within(section.offset, section.size, image.size))
      FAIL("section " << section.name << " is not in the image");
    if (section.bytes.size() > section.size) FAIL("section " << section.name << " has more bytes than it is large");
    const bool differs = before != nullptr &&
                         (before->is_writable != section.is_writable || before->is_executable != section.is_executable);
    if (differs && before->size != 0 && section.size != 0 && (end - 1) / kPage == section.offset / kPage) {
      FAIL("section " << section.name << " shares a page with one that is protected otherwise");
    }
    end = std::uint64_t{section.offset} + section.size;
    if (section.size != 0) before = &section;
  }
}

inline void check_fixups(const ImageFile& image) {
  for (const Fixup& fixup : image.fixups) {
    const bool is_wide = fixup.kind == FixupKind::address64 || fixup.kind == FixupKind::relative64;
    const Section* section = section_at(image, fixup.offset);
    if (section == nullptr || !is_within(fixup.offset - section->offset, is_wide ? 8 : 4, section->size)) {
      FAIL("the fixup at " << fixup.offset << " does not lie in one section");
    }
    if (fixup.import != kNoImport && fixup.import >= image.imports.size()) {
      FAIL("the fixup at " << fixup.offset << " is of an import that is none");
    }
  }
}

inline void check_promises(const ImageFile& image) {
  if (image.size == 0 || image.size > kMaxImage || image.size % kPage != 0) FAIL("the image's size is " << image.size);
  check_sections(image);
  check_fixups(image);
  std::uint32_t last = 0;
  for (const Symbol& symbol : image.symbols) {
    if (symbol.offset >= image.size) FAIL("symbol " << symbol.name << " is not in the image");
    if (symbol.offset < last) FAIL("symbol " << symbol.name << " is not in its place");
    last = symbol.offset;
  }
  if (image.entry >= image.size) FAIL("the entry is not in the image");
  for (const Table& table : {image.unwind, image.bugs, image.exceptions}) {
    if (!is_within(table.offset, table.size, image.size)) FAIL("a table is not in the image");
  }
  if (image.cookie && !is_within(*image.cookie, 8, image.size)) FAIL("the cookie is not in the image");
}

}  // namespace sluice::image
