// Exports become symbols. A forwarded export is in another image, and none of this one's.
#include <fmt/format.h>

#include <vector>

#include "fuzz/image/formats.h"
#include "fuzz/image/pe.h"

namespace sluice::image::pe {

namespace {

constexpr std::uint32_t kMaxExports = 65536;  // an ordinal has 16 bits

class Exporter {
 public:
  Exporter(const Directory& table, const ExportDirectory& directory, ImageFile& image)
      : table_(table), directory_(directory), image_(image), is_named_(directory.num_functions) {}

  Parsed<void> add_named() {
    for (std::uint64_t i = 0; i < directory_.num_names; ++i) {
      std::uint32_t at = 0;
      std::uint16_t index = 0;
      std::string name;
      if (!read_at(image_, directory_.names + i * sizeof at, at) || !read_name(image_, at, budget_, name)) {
        return std::unexpected(fmt::format("has an export, number {}, whose name is none", i));
      }
      if (!read_at(image_, directory_.indices + i * sizeof index, index) || index >= directory_.num_functions) {
        return std::unexpected(fmt::format("exports {} by an index that is none of its functions'", name));
      }
      is_named_[index] = true;
      if (const auto done = add(std::move(name), index); !done) return done;
    }
    return {};
  }

  Parsed<void> add_unnamed() {
    for (std::uint32_t i = 0; i < directory_.num_functions; ++i) {
      if (is_named_[i]) continue;
      const std::uint64_t ordinal = std::uint64_t{directory_.ordinal_base} + i;
      if (const auto done = add(fmt::format("#{}", ordinal), i); !done) return done;
    }
    return {};
  }

 private:
  Parsed<void> add(std::string name, std::uint32_t index) {
    std::uint32_t offset = 0;
    if (!read_at(image_, directory_.functions + std::uint64_t{index} * sizeof offset, offset)) {
      return std::unexpected(
          fmt::format("has an export table at {:#x} that lies outside of its sections", directory_.functions));
    }
    const bool is_forwarded = offset - table_.offset < table_.size;
    if (offset == 0 || is_forwarded) return {};
    const Section* section = section_at(image_, offset);
    if (section == nullptr) {
      return std::unexpected(fmt::format("exports {} at {:#x}, outside of its sections", name, offset));
    }
    image_.symbols.push_back({std::move(name), offset, 0, section->is_executable});
    return {};
  }

  const Directory& table_;
  const ExportDirectory& directory_;
  ImageFile& image_;
  std::vector<bool> is_named_;
  std::size_t budget_ = kNameBudget;
};

}  // namespace

Parsed<void> add_exports(const Headers& headers, ImageFile& image) {
  const Directory table = headers.directories[kExports];
  if (table.offset == 0) return {};
  ExportDirectory directory{};
  if (!read_at(image, table.offset, directory)) {
    return std::unexpected(
        fmt::format("has an export directory at {:#x} that lies outside of its sections", table.offset));
  }
  if (directory.num_functions > kMaxExports || directory.num_names > kMaxExports) {
    return std::unexpected(fmt::format("has {} exports and {} names of exports, and {} are the most",
                                       directory.num_functions, directory.num_names, kMaxExports));
  }
  Exporter exporter(table, directory, image);
  if (const auto done = exporter.add_named(); !done) return done;
  return exporter.add_unnamed();
}

}  // namespace sluice::image::pe
