#include "fuzz/image/image_file.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "fuzz/image/formats.h"

namespace sluice::image {

namespace {

bool begins_with(std::span<const std::uint8_t> bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

}  // namespace

Parsed<ImageFile> parse_image(std::span<const std::uint8_t> bytes, std::string_view name) {
  if (begins_with(bytes, "MZ")) return parse_pe(bytes, name);
  if (begins_with(bytes,
                  "\x7F"
                  "ELF"))
    return parse_elf(bytes, name);
  return std::unexpected("is neither a PE image nor an ELF module: it begins as neither does");
}

void sort_symbols(ImageFile& image) {
  const auto key = [](const Symbol& symbol) {
    return std::tuple(symbol.offset, !symbol.is_function, std::string_view(symbol.name));
  };
  std::ranges::stable_sort(image.symbols, {}, key);
  const auto twice = std::ranges::unique(
      image.symbols, [](const Symbol& a, const Symbol& b) { return a.offset == b.offset && a.name == b.name; });
  image.symbols.erase(twice.begin(), twice.end());
}

std::optional<std::uint32_t> find_symbol(const ImageFile& image, std::string_view name, std::string& why) {
  if (name == "@entry") {
    if (image.entry == 0) why = "is nothing that " + image.name + " has";
    return image.entry == 0 ? std::nullopt : std::optional(image.entry);
  }
  if (name.starts_with("+")) {
    const bool is_hexadecimal = name.starts_with("+0x");
    const std::string_view digits = name.substr(is_hexadecimal ? 3 : 1);
    std::uint32_t offset = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), offset, is_hexadecimal ? 16 : 10);
    if (error == std::errc() && end == digits.data() + digits.size() && section_at(image, offset) != nullptr) {
      return offset;
    }
    why = "is no offset in a section of " + image.name;
    return std::nullopt;
  }
  std::optional<std::uint32_t> found;
  for (const Symbol& symbol : image.symbols) {
    if (symbol.name != name || symbol.offset == found) continue;
    if (found) {
      why = "is the name of several things in " + image.name + ": write +0x and the offset of the one that is meant";
      return std::nullopt;
    }
    found = symbol.offset;
  }
  if (!found) why = "is no symbol of " + image.name;
  return found;
}

const Section* section_at(const ImageFile& image, std::uint32_t offset) {
  const auto after = std::ranges::upper_bound(image.sections, offset, {}, &Section::offset);
  if (after == image.sections.begin()) return nullptr;
  const Section& section = *std::prev(after);
  return offset - section.offset < section.size ? &section : nullptr;
}

const Symbol* symbol_at(const ImageFile& image, std::uint32_t offset) {
  const Section* section = section_at(image, offset);
  auto at = std::ranges::upper_bound(image.symbols, offset, {}, &Symbol::offset);
  if (section == nullptr || at == image.symbols.begin()) return nullptr;
  --at;
  while (at != image.symbols.begin() && std::prev(at)->offset == at->offset) --at;
  return at->offset >= section->offset ? &*at : nullptr;
}

}  // namespace sluice::image
