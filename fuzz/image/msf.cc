#include "fuzz/image/msf.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "fuzz/image/formats.h"

namespace sluice::image {

namespace {

constexpr std::string_view kMagic(
    "Microsoft C/C++ MSF 7.00\r\n\x1A"
    "DS\0\0\0",
    32);
constexpr std::uint32_t kNoStream = 0xFFFFFFFF;
constexpr std::uint64_t kNumberSize = 4;

struct SuperBlock {
  char magic[32];
  std::uint32_t block_size;
  std::uint32_t free_map;
  std::uint32_t num_blocks;
  std::uint32_t directory_size;
  std::uint32_t reserved;
  std::uint32_t directory_map;  // the block where the numbers of the directory's blocks are
};
static_assert(sizeof(SuperBlock) == 56);

constexpr std::uint64_t blocks_of(std::uint64_t size, std::uint64_t block_size) {
  return size / block_size + (size % block_size != 0);
}

}  // namespace

Parsed<Msf> Msf::open(std::span<const std::uint8_t> bytes) {
  SuperBlock super{};
  if (!read_plain(bytes, 0, super) || std::string_view(super.magic, sizeof super.magic) != kMagic) {
    return std::unexpected("is no PDB: it begins otherwise");
  }
  const std::uint32_t block_size = super.block_size;
  if (block_size < 512 || block_size > 65536 || (block_size & (block_size - 1)) != 0) {
    return std::unexpected(fmt::format("has blocks of {} bytes", block_size));
  }
  const std::uint64_t map = std::uint64_t{super.directory_map} * block_size;
  const std::uint64_t map_size = blocks_of(super.directory_size, block_size) * kNumberSize;
  if (!is_within(map, map_size, bytes.size())) {
    return std::unexpected(fmt::format("is truncated: its directory's map lies at {:#x}, {:#x} bytes", map, map_size));
  }
  Msf msf(bytes, block_size);
  auto directory = msf.gather({super.directory_size, bytes.subspan(map, map_size)});
  if (!directory) return std::unexpected(directory.error());
  msf.directory_ = std::move(*directory);
  if (const auto done = msf.read_directory(); !done) return std::unexpected(done.error());
  return msf;
}

Parsed<void> Msf::read_directory() {
  std::uint32_t num_streams = 0;
  if (!read_plain(directory_, 0, num_streams) ||
      !is_within(kNumberSize, num_streams * kNumberSize, directory_.size())) {
    return std::unexpected(
        fmt::format("has a directory of {} bytes, too few for {} streams", directory_.size(), num_streams));
  }
  std::uint64_t blocks = (1 + std::uint64_t{num_streams}) * kNumberSize;
  streams_.reserve(num_streams);
  for (std::uint32_t i = 0; i < num_streams; ++i) {
    std::uint32_t size = 0;
    read_plain(directory_, (1 + std::uint64_t{i}) * kNumberSize, size);
    if (size == kNoStream) size = 0;
    const std::uint64_t length = blocks_of(size, block_size_) * kNumberSize;
    if (!is_within(blocks, length, directory_.size())) {
      return std::unexpected(
          fmt::format("has stream {} of {:#x} bytes, whose blocks are not in the directory", i, size));
    }
    streams_.push_back({size, std::span<const std::uint8_t>(directory_).subspan(blocks, length)});
    blocks += length;
  }
  return {};
}

Parsed<std::vector<std::uint8_t>> Msf::gather(const Stream& stream) {
  if (stream.size > budget_) {
    return std::unexpected("has streams that share blocks: they are larger than the file");
  }
  budget_ -= stream.size;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(stream.size);
  for (std::uint64_t at = 0; bytes.size() < stream.size; at += kNumberSize) {
    std::uint32_t number = 0;
    read_plain(stream.blocks, at, number);
    const std::uint64_t begin = std::uint64_t{number} * block_size_;
    const std::size_t length = std::min<std::size_t>(block_size_, stream.size - bytes.size());
    if (!is_within(begin, length, bytes_.size())) {
      return std::unexpected(fmt::format("is truncated: block {:#x} lies behind its end", number));
    }
    const auto piece = bytes_.subspan(begin, length);
    bytes.insert(bytes.end(), piece.begin(), piece.end());
  }
  return bytes;
}

Parsed<std::vector<std::uint8_t>> Msf::read(std::uint32_t stream) {
  if (stream >= streams_.size()) {
    return std::unexpected(fmt::format("has no stream {}, only {}", stream, streams_.size()));
  }
  return gather(streams_[stream]);
}

}  // namespace sluice::image
