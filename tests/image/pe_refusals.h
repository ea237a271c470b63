// Changes to a driver, and what it is then refused for.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/image/pe_file.h"

namespace sluice::image {

struct Case {
  const char* name;
  std::function<void(Patched&)> change;
  std::string refusal;  // all of it, or what comes before "..."
};

template <typename Plain, typename Change>
std::function<void(Patched&)> changed(std::size_t (Patched::*where)() const, Change change) {
  return [=](Patched& file) { file.change<Plain>((file.*where)(), change); };
}

template <typename Change>
std::function<void(Patched&)> file_header(Change change) {
  return changed<pe::FileHeader>(&Patched::file_header, change);
}

template <typename Change>
std::function<void(Patched&)> optional(Change change) {
  return changed<pe::OptionalHeader>(&Patched::optional, change);
}

template <typename Change>
std::function<void(Patched&)> section(std::size_t index, Change change) {
  return [=](Patched& file) { file.change<pe::SectionHeader>(file.section(index), change); };
}

// Changes what a directory leads to.
template <typename Plain, typename Change>
std::function<void(Patched&)> table(pe::DirectoryIndex index, Change change) {
  return [=](Patched& file) { file.change<Plain>(file.table(index), change); };
}

inline std::function<void(Patched&)> directory(pe::DirectoryIndex index, pe::Directory value) {
  return [=](Patched& file) { file.set(file.directory(index), value); };
}

inline void check(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    INFO(one.name);
    Patched file(small_sys());
    one.change(file);
    const auto image = parse_image(file.bytes(), "small.sys");
    std::string got = image ? "is an image" : image.error();
    if (one.refusal.ends_with("...")) got = got.substr(0, one.refusal.size() - 3) + "...";
    CHECK(got == one.refusal);
  }
}

inline constexpr std::uint32_t kFar = 0x00F00000;

// Sections of small.sys, in their order.
enum { kText, kReadOnly, kData };

// Puts `data` where the relocations were, which the image can do without.
inline std::uint32_t add_data(Patched& file, const Bytes& data) {
  const std::size_t last = file.section(file.get<pe::FileHeader>(file.file_header()).num_sections - 1u);
  const auto size = static_cast<std::uint32_t>(data.size());
  file.change<pe::SectionHeader>(last, [&](auto& s) {
    s.data = static_cast<std::uint32_t>(file.bytes().size());
    s.size_of_data = s.virtual_size = size;
  });
  const std::uint32_t offset = file.get<pe::SectionHeader>(last).offset;
  optional([&](auto& h) { h.size_of_image = offset + size; })(file);
  directory(pe::kRelocations, {0, 0})(file);
  file.bytes().insert(file.bytes().end(), data.begin(), data.end());
  return offset;
}

template <typename Plain>
Bytes repeated(const Plain& plain, std::size_t count) {
  Bytes bytes(count * sizeof plain);
  for (std::size_t i = 0; i < count; ++i) std::memcpy(&bytes[i * sizeof plain], &plain, sizeof plain);
  return bytes;
}

}  // namespace sluice::image
