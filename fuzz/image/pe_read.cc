// Reading what is mapped, and what looks as if it were packed.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "fuzz/image/formats.h"
#include "fuzz/image/pe.h"

namespace sluice::image::pe {

namespace {

// Compiled code has about 6 bits in each byte; what is compressed or encrypted has nearly 8.
constexpr double kMostEntropy = 7.2;
constexpr std::size_t kLeastToJudge = 4096;

double entropy(std::span<const std::uint8_t> bytes) {
  std::array<std::size_t, 256> counts{};
  for (const std::uint8_t byte : bytes) ++counts[byte];
  double bits = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(bytes.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

// Null where the bytes do not lie in one section.
const Section* section_of(const ImageFile& image, std::uint64_t offset, std::uint64_t size) {
  if (size == 0 || offset >= image.size) return nullptr;
  const Section* section = section_at(image, static_cast<std::uint32_t>(offset));
  return section != nullptr && is_within(offset - section->offset, size, section->size) ? section : nullptr;
}

}  // namespace

Parsed<void> refuse_packed(const Headers&, ImageFile& image) {
  for (const Section& section : image.sections) {
    if (!section.is_executable) continue;
    if (section.is_writable && section.bytes.empty()) {
      return std::unexpected("looks packed or encrypted: section " + section.name +
                             " is writable and executable and has no bytes in the file");
    }
    if (section.bytes.size() < kLeastToJudge) continue;
    if (const double bits = entropy(section.bytes); bits > kMostEntropy) {
      return std::unexpected(
          fmt::format("looks packed or encrypted: section {} is executable and has {:.2f} bits of entropy in each byte",
                      section.name, bits));
    }
  }
  return {};
}

bool is_in_section(const ImageFile& image, std::uint64_t offset, std::uint64_t size) {
  return section_of(image, offset, size) != nullptr;
}

bool read_bytes(const ImageFile& image, std::uint64_t offset, std::span<std::uint8_t> into) {
  const Section* section = section_of(image, offset, into.size());
  if (section == nullptr) return false;
  std::ranges::fill(into, std::uint8_t{0});
  const std::size_t from = offset - section->offset;
  if (from < section->bytes.size()) {
    const auto there = section->bytes.subspan(from, std::min(into.size(), section->bytes.size() - from));
    std::ranges::copy(there, into.begin());
  }
  return true;
}

bool read_name(const ImageFile& image, std::uint64_t offset, std::size_t& budget, std::string& name) {
  const Section* section = section_of(image, offset, 1);
  if (section == nullptr || offset - section->offset >= section->bytes.size()) return false;
  const auto rest = section->bytes.subspan(offset - section->offset);
  const auto text = rest.first(std::min({rest.size(), kMaxNameSize, budget}));
  const auto end = std::ranges::find_if(text, [](std::uint8_t c) { return c < '!' || c > '~'; });
  // Where the file's bytes end the section's zeros follow.
  const bool is_ended = end != text.end()
                            ? *end == 0
                            : text.size() == rest.size() && rest.size() < section->size - (offset - section->offset);
  if (!is_ended || end == text.begin()) return false;
  name.assign(text.begin(), end);
  budget -= name.size();
  return true;
}

}  // namespace sluice::image::pe
