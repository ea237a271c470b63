// The container of a PDB ("MSF 7.00"): a file of blocks, in which streams lie in pieces.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/image/image_file.h"

namespace sluice::image {

class Msf {
 public:
  Msf(Msf&&) = default;  // and no copies: streams view the directory
  Msf& operator=(Msf&&) = default;

  // Reads the directory. `bytes` must outlive this.
  static Parsed<Msf> open(std::span<const std::uint8_t> bytes);

  // The stream as one piece; empty where it is empty. Streams that share blocks are refused once all that was read is
  // larger than the file: in a file that is well-formed no block is of two streams.
  Parsed<std::vector<std::uint8_t>> read(std::uint32_t stream);

  [[nodiscard]] bool has(std::uint32_t stream) const { return stream < streams_.size() && streams_[stream].size != 0; }

 private:
  struct Stream {
    std::uint32_t size;
    std::span<const std::uint8_t> blocks;  // numbers of blocks, 32 bits each, in the directory
  };

  Msf(std::span<const std::uint8_t> bytes, std::uint32_t block_size)
      : bytes_(bytes), block_size_(block_size), budget_(bytes.size()) {}
  Parsed<std::vector<std::uint8_t>> gather(const Stream& stream);
  Parsed<void> read_directory();

  std::span<const std::uint8_t> bytes_;
  std::uint32_t block_size_;
  std::uint64_t budget_;
  std::vector<std::uint8_t> directory_;
  std::vector<Stream> streams_;
};

}  // namespace sluice::image
