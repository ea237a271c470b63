// A content file, opened for reading: small ones are read into memory, large ones mapped.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "validator/bytes/guarded_mapping.h"

namespace sluice::bytes {

// One object serves many files in turn and keeps its buffer. Not for use by two threads at once.
class ContentFile {
 public:
  // Files up to this many bytes are read, larger ones are mapped.
  static constexpr std::size_t kMapAbove = 1u << 20;

  // Larger files than `map_above` are mapped. Whoever must be sure that the bytes stay as they are does not map.
  explicit ContentFile(std::size_t map_above = kMapAbove) : map_above_(map_above) {}
  ~ContentFile() { close(); }
  ContentFile(const ContentFile&) = delete;
  ContentFile& operator=(const ContentFile&) = delete;

  // Opens `path`; what was open before is closed. On failure returns false, bytes() is empty and reason() says why: it
  // does not exist, is no regular file, cannot be read. Never waits for the other end of a FIFO. Success does not
  // promise that the file stays as it is: ask changed() after the last byte was used.
  [[nodiscard]] bool open(const std::filesystem::path& path);
  void close();

  // Owned by this object; valid until close(), the next open() or the end of this object.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }

  // Whether the file was truncated, written to, removed or replaced since open(); then reason() says which. A write
  // within the same tick of the file system's clock that leaves the size alone is not seen.
  [[nodiscard]] bool changed();

  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  bool fail(std::string reason);
  bool read_all(std::size_t size);

  const std::size_t map_above_;
  int fd_ = -1;
  struct stat at_open_{};
  bool is_short_ = false;  // read() gave another number of bytes than the file had when it was opened
  std::unique_ptr<std::uint8_t[]> buffer_;
  std::size_t capacity_ = 0;
  GuardedMapping mapping_;
  std::span<const std::uint8_t> bytes_;
  std::string reason_;
};

}  // namespace sluice::bytes
