#include "fuzz/image/layout.h"

#include <cstring>

#include "fuzz/image/formats.h"

namespace sluice::image {

std::optional<std::uint32_t> import_at(const ImageFile& image, std::uint64_t address) {
  if (address < image.size || (address - image.size) / 16 >= image.imports.size()) return std::nullopt;
  return static_cast<std::uint32_t>((address - image.size) / 16);
}

std::vector<std::uint8_t> lay_out(const ImageFile& image) {
  std::vector<std::uint8_t> bytes(image.size);
  for (const Section& section : image.sections) {
    if (section.bytes.empty() || !is_within(section.offset, section.bytes.size(), bytes.size())) continue;
    std::memcpy(bytes.data() + section.offset, section.bytes.data(), section.bytes.size());
  }
  for (const Fixup& fixup : image.fixups) {
    const bool is_wide = fixup.kind == FixupKind::address64 || fixup.kind == FixupKind::relative64;
    const bool is_relative = fixup.kind == FixupKind::relative32 || fixup.kind == FixupKind::relative64;
    const std::size_t width = is_wide ? 8 : 4;
    if (!is_within(fixup.offset, width, bytes.size())) continue;
    auto value = static_cast<std::uint64_t>(fixup.addend);
    if (fixup.import != kNoImport) value += import_address(image, fixup.import);
    if (is_relative) value -= fixup.offset;
    std::memcpy(bytes.data() + fixup.offset, &value, width);
  }
  return bytes;
}

}  // namespace sluice::image
