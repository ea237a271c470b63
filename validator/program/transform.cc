#include "validator/program/transform.h"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace sluice::program {

void xor_with(bytes::View in, bytes::View key, std::uint8_t* out) {
  for (std::size_t i = 0, k = 0; i < in.size(); ++i) {
    out[i] = in[i] ^ key[k];
    if (++k == key.size()) k = 0;
  }
}

void rotate_left(bytes::View in, unsigned bits, std::uint8_t* out) {
  for (std::size_t i = 0; i < in.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(in[i] << bits | in[i] >> ((8 - bits) & 7));
  }
}

namespace {

// zlib takes 32-bit sizes, so both sides are handed over in pieces.
class Inflater {
 public:
  explicit Inflater(bytes::View in) : in_(in) {
    if (inflateInit(&z_) != Z_OK) fail("no memory to decode it");
  }
  ~Inflater() { inflateEnd(&z_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Fills `out`; returns how much was written. `done()` once the stream has ended, `reason()` if it is corrupt.
  std::uint64_t fill(std::uint8_t* out, std::uint64_t size) {
    std::uint64_t written = 0;
    while (good_ && !done_ && written < size) {
      feed();
      const auto room = static_cast<uInt>(std::min<std::uint64_t>(size - written, 1u << 30));
      z_.next_out = out + written;
      z_.avail_out = room;
      const uInt before = z_.avail_in;
      const int r = inflate(&z_, Z_NO_FLUSH);
      written += room - z_.avail_out;
      if (r == Z_STREAM_END) {
        done_ = true;
      } else if (r != Z_OK && r != Z_BUF_ERROR) {
        fail(z_.msg != nullptr ? z_.msg : "corrupt data");
      } else if (room == z_.avail_out && before == z_.avail_in && fed_ == in_.size()) {
        fail("the compressed data ends early");
      }
    }
    return written;
  }
  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] std::uint64_t consumed() const { return fed_ - z_.avail_in; }
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  void feed() {
    if (z_.avail_in != 0 || fed_ == in_.size()) return;
    const std::uint64_t piece = std::min<std::uint64_t>(in_.size() - fed_, 1u << 30);
    z_.next_in = const_cast<Bytef*>(in_.data() + fed_);
    z_.avail_in = static_cast<uInt>(piece);
    fed_ += piece;
  }
  void fail(const char* why) {
    good_ = false;
    reason_ = why;
  }

  bytes::View in_;
  z_stream z_{};
  std::uint64_t fed_ = 0;
  bool good_ = true;
  bool done_ = false;
  std::string reason_;
};

}  // namespace

Inflated measure_inflated(bytes::View in, std::uint64_t limit) {
  Inflater inflater(in);
  std::array<std::uint8_t, 32768> scratch;
  Inflated out;
  while (!inflater.done() && inflater.reason().empty() && out.produced <= limit) {
    out.produced += inflater.fill(scratch.data(), scratch.size());
  }
  out.consumed = inflater.consumed();
  out.complete = inflater.done();
  out.reason = inflater.reason();
  return out;
}

bool inflate_into(bytes::View in, std::uint8_t* out, std::uint64_t size) {
  Inflater inflater(in);
  return inflater.fill(out, size) == size;
}

std::string_view name_of(ChecksumAlgorithm algorithm) {
  switch (algorithm) {
    case ChecksumAlgorithm::none: return "none";
    case ChecksumAlgorithm::crc32: return "crc32";
    case ChecksumAlgorithm::adler32: return "adler32";
    case ChecksumAlgorithm::sum8: return "sum8";
    case ChecksumAlgorithm::sum16: return "sum16";
    case ChecksumAlgorithm::sum32: return "sum32";
    case ChecksumAlgorithm::sha256: return "sha256";
  }
  return "";
}

std::uint64_t checksum(ChecksumAlgorithm algorithm, bytes::View bytes) {
  switch (algorithm) {
    case ChecksumAlgorithm::crc32: return crc32_z(0, bytes.data(), bytes.size());
    case ChecksumAlgorithm::adler32: return adler32_z(1, bytes.data(), bytes.size());
    default: break;
  }
  std::uint64_t sum = 0;
  for (const std::uint8_t b : bytes) sum += b;
  if (algorithm == ChecksumAlgorithm::sum8) return sum & 0xFF;
  if (algorithm == ChecksumAlgorithm::sum16) return sum & 0xFFFF;
  return sum & 0xFFFFFFFF;
}

}  // namespace sluice::program
