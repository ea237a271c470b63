#include "validator/bytes/fuzz_input.h"

#include <array>
#include <cstring>

namespace sluice::bytes {

namespace {

// Three sizes, the version, the magic: little-endian.
constexpr std::size_t kTrailer = 24;
constexpr std::uint32_t kVersion = 1;
constexpr std::array<std::uint8_t, 8> kMagic = {'S', 'L', 'F', 'U', 'Z', 'Z', 0x0D, 0x0A};

std::uint32_t read_u32(std::span<const std::uint8_t> from) {
  return from[0] | std::uint32_t{from[1]} << 8 | std::uint32_t{from[2]} << 16 | std::uint32_t{from[3]} << 24;
}

void write_u32(std::vector<std::uint8_t>& to, std::uint32_t number) {
  for (unsigned shift = 0; shift < 32; shift += 8) to.push_back(static_cast<std::uint8_t>(number >> shift));
}

}  // namespace

std::optional<FuzzInput> read_fuzz_input(std::span<const std::uint8_t> file) {
  if (file.size() < kTrailer) return std::nullopt;
  const auto trailer = file.last(kTrailer);
  if (std::memcmp(&trailer[16], kMagic.data(), kMagic.size()) != 0) return std::nullopt;
  if (read_u32(trailer.subspan(12)) != kVersion) return std::nullopt;
  std::span<const std::uint8_t> rest = file.first(file.size() - kTrailer);
  FuzzInput input;
  std::size_t at = 0;
  for (std::span<const std::uint8_t>* part : {&input.content, &input.second, &input.operations}) {
    const std::uint32_t size = read_u32(trailer.subspan(at));
    if (size > rest.size()) return std::nullopt;
    *part = rest.first(size);
    rest = rest.subspan(size);
    at += 4;
  }
  if (!rest.empty()) return std::nullopt;
  return input;
}

std::span<const std::uint8_t> content_part(std::span<const std::uint8_t> file) {
  const auto input = read_fuzz_input(file);
  return input ? input->content : file;
}

std::vector<std::uint8_t> write_fuzz_input(const FuzzInput& input) {
  std::vector<std::uint8_t> file;
  for (const auto& part : {input.content, input.second, input.operations}) {
    file.insert(file.end(), part.begin(), part.end());
  }
  for (const auto& part : {input.content, input.second, input.operations}) {
    write_u32(file, static_cast<std::uint32_t>(part.size()));
  }
  write_u32(file, kVersion);
  file.insert(file.end(), kMagic.begin(), kMagic.end());
  return file;
}

std::vector<std::uint8_t> with_content(std::span<const std::uint8_t> file, std::span<const std::uint8_t> content) {
  auto input = read_fuzz_input(file);
  if (!input) return {content.begin(), content.end()};
  input->content = content;
  return write_fuzz_input(*input);
}

}  // namespace sluice::bytes
