// Imports: one descriptor for each module, two arrays for each descriptor.
#include <fmt/format.h>

#include <map>
#include <utility>

#include "fuzz/image/formats.h"
#include "fuzz/image/pe.h"

namespace sluice::image::pe {

namespace {

constexpr std::size_t kMaxModules = 1024;
constexpr std::size_t kMaxSlots = 16384;
constexpr std::uint64_t kWord = 8;

class Importer {
 public:
  explicit Importer(ImageFile& image) : image_(image) {}

  Parsed<void> add_module(const ImportDescriptor& descriptor) {
    std::string module;
    if (!read_name(image_, descriptor.module, budget_, module)) {
      return std::unexpected(fmt::format("imports from a module whose name at {:#x} is none", descriptor.module));
    }
    if (descriptor.lookup == 0 && descriptor.timestamp != 0) {
      return std::unexpected("imports from " + module + ", bound to a version of it and without the names");
    }
    const std::uint64_t lookup = descriptor.lookup != 0 ? descriptor.lookup : descriptor.addresses;
    for (std::uint64_t i = 0;; ++i) {
      std::uint64_t word = 0;
      if (!read_at(image_, lookup + i * kWord, word)) {
        return std::unexpected(
            fmt::format("has an import table for {} at {:#x} that does not end in its section", module, lookup));
      }
      if (word == 0) return {};
      if (const auto done = add_slot(module, word, descriptor.addresses + i * kWord); !done) return done;
    }
  }

 private:
  Parsed<std::string> name_of(const std::string& module, std::uint64_t word) {
    if ((word & kByOrdinal) != 0) {
      const std::uint64_t ordinal = word & ~kByOrdinal;
      if (ordinal > 0xFFFF)
        return std::unexpected(fmt::format("imports from {} by the ordinal {:#x}", module, ordinal));
      return fmt::format("#{}", ordinal);
    }
    constexpr std::uint64_t kSizeOfHint = 2;
    std::string name;
    if (word >= image_.size || !read_name(image_, word + kSizeOfHint, budget_, name)) {
      return std::unexpected(fmt::format("imports from {} by a name at {:#x} that is none", module, word));
    }
    return name;
  }

  Parsed<void> add_slot(const std::string& module, std::uint64_t word, std::uint64_t slot) {
    auto name = name_of(module, word);
    if (!name) return std::unexpected(name.error());
    if (!is_in_section(image_, slot, kWord)) {
      return std::unexpected(fmt::format("imports {} to {:#x}, outside of its sections", *name, slot));
    }
    if (++num_slots_ > kMaxSlots) {
      return std::unexpected(fmt::format("has import tables that loop: more than {} imports", kMaxSlots));
    }
    const auto next = static_cast<std::uint32_t>(image_.imports.size());
    const auto [at, is_new] = known_.try_emplace({module, *name}, next);
    if (is_new) image_.imports.push_back({std::move(*name), module});
    image_.fixups.push_back({.offset = static_cast<std::uint32_t>(slot), .import = at->second});
    return {};
  }

  ImageFile& image_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> known_;
  std::size_t num_slots_ = 0;
  std::size_t budget_ = kNameBudget;
};

}  // namespace

Parsed<void> add_imports(const Headers& headers, ImageFile& image) {
  const std::uint64_t table = headers.directories[kImports].offset;
  if (table == 0) return {};
  Importer importer(image);
  for (std::size_t i = 0; i < kMaxModules; ++i) {
    ImportDescriptor descriptor;
    if (!read_at(image, table + i * sizeof descriptor, descriptor)) {
      return std::unexpected(fmt::format("has an import directory at {:#x} that does not end in its section", table));
    }
    if (descriptor.module == 0 || descriptor.addresses == 0) return {};
    if (const auto done = importer.add_module(descriptor); !done) return done;
  }
  return std::unexpected(fmt::format("has an import directory that loops: more than {} modules", kMaxModules));
}

}  // namespace sluice::image::pe
