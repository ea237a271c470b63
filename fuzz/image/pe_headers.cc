// DOS header, file header, optional header, section table.
#include <fmt/format.h>

#include <algorithm>

#include "fuzz/image/formats.h"
#include "fuzz/image/pe.h"

namespace sluice::image::pe {

namespace {

constexpr std::size_t kMaxSections = 96;  // as Windows has it
constexpr std::uint32_t kMinSector = 512;

std::string machine_name(std::uint16_t machine) {
  switch (machine) {
    case 0x014C: return "i386";
    case 0x01C0:
    case 0x01C2:
    case 0x01C4: return "ARM32";
    case 0x0200: return "IA64";
    case 0xA641: return "ARM64EC";
    case 0xA64E: return "ARM64X";
    default: return fmt::format("machine {:#06x}", machine);
  }
}

Parsed<void> check_machine(std::uint16_t machine, std::uint16_t magic) {
  const bool is_known = machine == kMachineX64 || machine == kMachineArm64;
  if (magic == kMagic32) {
    return std::unexpected("is a 32-bit image (PE32)" + (is_known ? "" : " for " + machine_name(machine)));
  }
  if (!is_known) return std::unexpected("is for " + machine_name(machine) + ", and not for x86-64 or AArch64");
  if (magic != kMagic64) {
    return std::unexpected(fmt::format("has an optional header of kind {:#x}, and not of a 64-bit image", magic));
  }
  return {};
}

Parsed<void> check_optional(const FileHeader& file, const OptionalHeader& optional) {
  if ((file.characteristics & kExecutableImage) == 0) return std::unexpected("is not linked: its header says so");
  const std::uint32_t alignment = optional.section_alignment;
  if (alignment < kPage || (alignment & (alignment - 1)) != 0) {
    return std::unexpected(fmt::format("has sections aligned to {:#x} bytes, which is no page size", alignment));
  }
  if (optional.size_of_image == 0) return std::unexpected("has an image size of 0");
  if (optional.size_of_image > kMaxImage) {
    return std::unexpected(
        fmt::format("is too large: {:#x} bytes in memory, and {:#x} are the most", optional.size_of_image, kMaxImage));
  }
  return {};
}

Parsed<void> check_supported(const Headers& headers) {
  const auto at = [&](DirectoryIndex index) { return headers.directories[index].offset; };
  if (at(kManaged) != 0) {
    return std::unexpected(fmt::format("is a managed image: it has a .NET header at {:#x}", at(kManaged)));
  }
  if (at(kThreadLocal) != 0) {
    return std::unexpected(
        fmt::format("has thread-local storage, at {:#x}, which no kernel gives it", at(kThreadLocal)));
  }
  if (at(kDelayImports) != 0) {
    return std::unexpected(fmt::format("has delay imports, at {:#x}, which nobody resolves here", at(kDelayImports)));
  }
  const bool has_none = headers.directories[kRelocations].size == 0;
  const bool is_movable = (headers.optional.dll_characteristics & kDynamicBase) != 0;
  if ((headers.file.characteristics & kRelocationsStripped) != 0 || (has_none && !is_movable)) {
    return std::unexpected(
        fmt::format("has no relocations, and cannot be loaded elsewhere than at {:#x}", headers.optional.image_base));
  }
  return {};
}

// For reports: a name is up to eight bytes of whatever.
std::string name_of(const SectionHeader& section) {
  std::string name(section.name, ::strnlen(section.name, sizeof section.name));
  std::ranges::replace_if(name, [](char c) { return c < '!' || c > '~'; }, '?');
  return name;
}

Parsed<Section> section_of(const Headers& headers, const SectionHeader& header) {
  const std::uint32_t size = header.virtual_size != 0 ? header.virtual_size : header.size_of_data;
  Section section{.name = name_of(header),
                  .offset = header.offset,
                  .size = size,
                  .bytes = {},
                  .is_writable = (header.characteristics & kSectionWritable) != 0,
                  .is_executable = (header.characteristics & kSectionExecutable) != 0,
                  .file_address = header.offset};
  if (header.offset % headers.optional.section_alignment != 0) {
    return std::unexpected(
        fmt::format("has section {} at {:#x}, which is not aligned as it says", section.name, header.offset));
  }
  if (!is_within(header.offset, size, headers.optional.size_of_image)) {
    return std::unexpected(fmt::format("has section {} at {:#x} of {:#x} bytes, which lies outside of the image",
                                       section.name, header.offset, size));
  }
  if (header.size_of_data == 0) return section;
  if (header.data % kMinSector != 0) {
    return std::unexpected(
        fmt::format("has section {} whose bytes begin at {:#x} of the file, amid a sector", section.name, header.data));
  }
  if (!is_within(header.data, header.size_of_data, headers.bytes.size())) {
    return std::unexpected(fmt::format("is truncated: section {} has {:#x} bytes at {:#x} of the file, which has {:#x}",
                                       section.name, header.size_of_data, header.data, headers.bytes.size()));
  }
  section.bytes = headers.bytes.subspan(header.data, std::min(header.size_of_data, size));
  return section;
}

}  // namespace

Parsed<Headers> read_headers(std::span<const std::uint8_t> bytes) {
  Headers headers{.bytes = bytes, .file = {}, .optional = {}, .directories = {}, .sections = {}};
  std::uint32_t at = 0;
  std::uint32_t signature = 0;
  std::uint16_t magic = 0;
  if (!read_plain(bytes, kNewHeaderOffset, at)) return std::unexpected("is truncated: its DOS header is not complete");
  if (!read_plain(bytes, at, signature)) {
    return std::unexpected(fmt::format("is truncated: its PE header is said to lie at {:#x}", at));
  }
  if (signature != kSignature) return std::unexpected(fmt::format("is no PE image: it has no signature at {:#x}", at));
  std::uint64_t next = std::uint64_t{at} + sizeof signature;
  if (!read_plain(bytes, next, headers.file) || !read_plain(bytes, next + sizeof headers.file, magic)) {
    return std::unexpected(fmt::format("is truncated: its file header at {:#x} is not complete", next));
  }
  if (const auto fine = check_machine(headers.file.machine, magic); !fine) return std::unexpected(fine.error());
  next += sizeof headers.file;
  if (!read_plain(bytes, next, headers.optional) || headers.file.optional_size < sizeof headers.optional ||
      !is_within(next, headers.file.optional_size, bytes.size())) {
    return std::unexpected(fmt::format("is truncated: its optional header at {:#x} is not complete", next));
  }
  if (const auto fine = check_optional(headers.file, headers.optional); !fine) return std::unexpected(fine.error());
  const std::size_t num_directories =
      std::min<std::size_t>({headers.optional.num_directories, kNumDirectories,
                             (headers.file.optional_size - sizeof headers.optional) / sizeof(Directory)});
  for (std::size_t i = 0; i < num_directories; ++i) {
    read_plain(bytes, next + sizeof headers.optional + i * sizeof(Directory), headers.directories[i]);
  }
  if (const auto fine = check_supported(headers); !fine) return std::unexpected(fine.error());

  next += headers.file.optional_size;
  const std::size_t num_sections = headers.file.num_sections;
  if (num_sections == 0 || num_sections > kMaxSections) {
    return std::unexpected(fmt::format("has {} sections, and 1 to {} can be", num_sections, kMaxSections));
  }
  headers.sections.resize(num_sections);
  for (SectionHeader& section : headers.sections) {
    if (!read_plain(bytes, next, section)) return std::unexpected("is truncated: its section table is not complete");
    next += sizeof section;
  }
  if (!is_within(0, headers.optional.size_of_headers, bytes.size()) || next > headers.optional.size_of_headers) {
    return std::unexpected(
        fmt::format("is truncated: its headers end at {:#x}, are said to end at {:#x}, and the file ends at {:#x}",
                    next, headers.optional.size_of_headers, bytes.size()));
  }
  return headers;
}

Parsed<void> add_sections(const Headers& headers, ImageFile& image) {
  const std::uint32_t size_of_headers = headers.optional.size_of_headers;
  if (size_of_headers > image.size) return std::unexpected("has headers that are larger than the image");
  image.sections.push_back({.name = "headers",
                            .offset = 0,
                            .size = size_of_headers,
                            .bytes = headers.bytes.first(size_of_headers),
                            .is_writable = false,
                            .is_executable = false,
                            .file_address = 0});
  for (const SectionHeader& header : headers.sections) {
    auto section = section_of(headers, header);
    if (!section) return std::unexpected(section.error());
    if (section->size == 0) continue;
    const Section& last = image.sections.back();
    if (section->offset < last.offset + last.size) {
      return std::unexpected(
          fmt::format("has sections that overlap or are out of order: {} begins at {:#x}, and {} ends at {:#x}",
                      section->name, section->offset, last.name, last.offset + last.size));
    }
    image.sections.push_back(std::move(*section));
  }
  return {};
}

}  // namespace sluice::image::pe

namespace sluice::image {

bool is_for_aarch64(std::span<const std::uint8_t> bytes) {
  std::uint32_t at = 0;
  std::uint32_t signature = 0;
  pe::FileHeader header{};
  return read_plain(bytes, pe::kNewHeaderOffset, at) && read_plain(bytes, at, signature) &&
         signature == pe::kSignature && read_plain(bytes, at + std::uint64_t{4}, header) &&
         header.machine == pe::kMachineArm64;
}

}  // namespace sluice::image
