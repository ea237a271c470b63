// Base relocations, .pdata, the security cookie, and which PDB belongs to the image.
#include <fmt/format.h>

#include <algorithm>

#include "fuzz/image/formats.h"
#include "fuzz/image/pe.h"

namespace sluice::image::pe {

namespace {

constexpr std::uint64_t kWord = 8;

std::string relocation_name(unsigned type) {
  switch (type) {
    case 1: return "HIGH";
    case 2: return "LOW";
    case 3: return "HIGHLOW";
    case 4: return "HIGHADJ";
    default: return fmt::format("type {}", type);
  }
}

Parsed<void> add_relocation(const Headers& headers, ImageFile& image, unsigned type, std::uint64_t at) {
  if (type == kRelocationPadding) return {};
  if (type != kRelocation64) {
    return std::unexpected(
        fmt::format("has a relocation of {} at {:#x}, and 64-bit images have DIR64", relocation_name(type), at));
  }
  std::uint64_t value = 0;
  if (at < headers.optional.size_of_headers || !read_at(image, at, value)) {
    return std::unexpected(fmt::format("has a relocation at {:#x} that lies outside of its sections", at));
  }
  image.fixups.push_back({.offset = static_cast<std::uint32_t>(at),
                          .addend = static_cast<std::int64_t>(value - headers.optional.image_base)});
  return {};
}

// The file name at the end of a path of either kind; empty where it would be none.
std::string base_name(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\:");
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const bool is_text =
      std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; });
  return is_text && name != "." && name != ".." ? std::string(name) : std::string();
}

// The bytes of a debug entry, mapped or only in the file. Nothing where they lie in neither.
std::span<const std::uint8_t> bytes_of(const Headers& headers, const ImageFile& image, const DebugEntry& entry) {
  if (entry.offset == 0) {
    return is_within(entry.data, entry.size, headers.bytes.size()) ? headers.bytes.subspan(entry.data, entry.size)
                                                                   : std::span<const std::uint8_t>();
  }
  const Section* section = section_at(image, entry.offset);
  if (section == nullptr || !is_within(entry.offset - section->offset, entry.size, section->bytes.size())) return {};
  return section->bytes.subspan(entry.offset - section->offset, entry.size);
}

}  // namespace

Parsed<void> add_relocations(const Headers& headers, ImageFile& image) {
  const auto [table, size] = headers.directories[kRelocations];
  if (table == 0 || size == 0) return {};
  if (!is_in_section(image, table, size)) {
    return std::unexpected(
        fmt::format("has a relocation table at {:#x} of {:#x} bytes, outside of its sections", table, size));
  }
  std::uint64_t at = 0;
  while (at < size) {
    RelocationBlock block{};
    if (size - at < sizeof block || !read_at(image, table + at, block) || block.size < sizeof block ||
        block.size > size - at || block.size % 2 != 0) {
      return std::unexpected(
          fmt::format("has a relocation table whose block at {:#x} has an impossible size", table + at));
    }
    for (std::uint64_t i = sizeof block; i < block.size; i += 2) {
      std::uint16_t entry = 0;
      read_at(image, table + at + i, entry);
      const std::uint64_t place = std::uint64_t{block.page} + (entry & 0xFFF);
      if (const auto done = add_relocation(headers, image, entry >> 12, place); !done) return done;
    }
    at += block.size;
  }
  return {};
}

Parsed<void> add_unwind(const Headers& headers, ImageFile& image) {
  const auto [table, size] = headers.directories[kUnwind];
  if (table == 0 || size == 0) return {};
  if (!is_in_section(image, table, size)) {
    return std::unexpected(
        fmt::format("has an exception table at {:#x} of {:#x} bytes, outside of its sections", table, size));
  }
  image.unwind = {table, size};
  return {};
}

Parsed<void> add_cookie(const Headers& headers, ImageFile& image) {
  const std::uint64_t config = headers.directories[kLoadConfig].offset;
  if (config == 0) return {};
  std::uint32_t size = 0;
  if (!read_at(image, config, size) || (size != 0 && !is_in_section(image, config, size))) {
    return std::unexpected(
        fmt::format("has a load config directory at {:#x} that lies outside of its sections", config));
  }
  std::uint64_t hybrid = 0;
  if (size >= kHybridInLoadConfig + kWord) read_at(image, config + kHybridInLoadConfig, hybrid);
  if (hybrid != 0) return std::unexpected("is a hybrid image (ARM64EC, ARM64X): its load config directory says so");
  std::uint64_t cookie = 0;
  if (size >= kCookieInLoadConfig + kWord) read_at(image, config + kCookieInLoadConfig, cookie);
  if (cookie == 0) return {};
  const std::uint64_t offset = cookie - headers.optional.image_base;
  if (!is_in_section(image, offset, kWord)) {
    return std::unexpected(fmt::format("has its security cookie at {:#x}, outside of its sections", cookie));
  }
  image.cookie = static_cast<std::uint32_t>(offset);
  return {};
}

Parsed<void> add_symbol_file(const Headers& headers, ImageFile& image) {
  const auto [table, size] = headers.directories[kDebug];
  if (table == 0 || size == 0) return {};
  if (!is_in_section(image, table, size)) {
    return std::unexpected(
        fmt::format("has a debug directory at {:#x} of {:#x} bytes, outside of its sections", table, size));
  }
  for (std::uint64_t at = 0; size - at >= sizeof(DebugEntry); at += sizeof(DebugEntry)) {
    DebugEntry entry{};
    read_at(image, table + at, entry);
    if (entry.type != kDebugCodeView) continue;
    const auto bytes = bytes_of(headers, image, entry);
    CodeViewPdb record{};
    if (!read_plain(bytes, 0, record)) {
      return std::unexpected(fmt::format("has a debug entry at {:#x} whose bytes are not there", table + at));
    }
    if (record.signature != kCodeViewPdb) continue;
    const auto path = bytes.subspan(sizeof record);
    const auto end = std::ranges::find(path, std::uint8_t{0});
    image.symbol_file =
        base_name({reinterpret_cast<const char*>(path.data()), static_cast<std::size_t>(end - path.begin())});
    image.symbol_id = symbol_id(record.guid, record.age);
    return {};
  }
  return {};
}

std::string symbol_id(std::span<const std::uint8_t, 16> guid, std::uint32_t age) {
  std::uint32_t first = 0;
  std::array<std::uint16_t, 2> middle{};
  std::memcpy(&first, guid.data(), sizeof first);
  std::memcpy(&middle, guid.data() + 4, sizeof middle);
  std::string text = fmt::format("{:08X}{:04X}{:04X}", first, middle[0], middle[1]);
  for (const std::uint8_t byte : guid.subspan<8>()) text += fmt::format("{:02X}", byte);
  return text + fmt::format("{:X}", age);
}

}  // namespace sluice::image::pe
