#include <algorithm>

#include "fuzz/image/audit.h"

namespace sluice::image {

const Symbol* best_symbol(const ImageFile& image, std::uint32_t offset) {
  const auto symbols = std::ranges::equal_range(image.symbols, offset, {}, &Symbol::offset);
  const auto named = std::ranges::find_if(symbols, [](const Symbol& one) { return !one.name.starts_with('#'); });
  if (named != symbols.end()) return &*named;
  return symbols.empty() ? nullptr : &symbols.front();
}

std::vector<Entry> default_entries(const ImageFile& image) {
  std::vector<Entry> entries;
  const auto add = [&](std::uint32_t offset, std::string_view otherwise) {
    const Section* section = section_at(image, offset);
    if (section == nullptr || !section->is_executable) return;
    const Symbol* symbol = best_symbol(image, offset);
    entries.push_back({symbol != nullptr ? symbol->name : std::string(otherwise), offset});
  };
  if (image.entry != 0) add(image.entry, image.format == Format::pe ? "DriverEntry" : "init_module");
  std::uint32_t last = image.entry;
  for (const Symbol& symbol : image.symbols) {
    if (!symbol.is_function || symbol.offset == image.entry || symbol.offset == last) continue;
    last = symbol.offset;
    add(symbol.offset, symbol.name);
  }
  return entries;
}

}  // namespace sluice::image
