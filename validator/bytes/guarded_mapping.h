// A file mapped for reading that survives the file being truncated.
//
// Reading a page that a mapped file no longer has raises SIGBUS. A process-wide handler, set up by the first mapping,
// puts zero pages in the place of what is gone and marks the mapping as struck; reading goes on. A SIGBUS that belongs
// to no mapping of ours goes to whoever handled it before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sluice::bytes {

class GuardedMapping {
 public:
  GuardedMapping() = default;
  ~GuardedMapping() { unmap(); }
  GuardedMapping(const GuardedMapping&) = delete;
  GuardedMapping& operator=(const GuardedMapping&) = delete;

  // Maps the first `size` (> 0) bytes of `fd`, which may be closed after. Nothing may be mapped yet. On failure returns
  // false with errno set (ENOMEM also if as many files as there are slots are mapped) and nothing is mapped.
  [[nodiscard]] bool map(int fd, std::size_t size);
  void unmap();

  [[nodiscard]] bool is_mapped() const { return slot_ != kNoSlot; }
  // Valid until unmap(). Bytes may change to zero under the reader: a value that was checked is not to be read again.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {begin_, size_}; }
  // Whether pages were missing and read as zero.
  [[nodiscard]] bool is_struck() const;

 private:
  static constexpr std::size_t kNoSlot = SIZE_MAX;

  const std::uint8_t* begin_ = nullptr;
  std::size_t size_ = 0;
  std::size_t slot_ = kNoSlot;
};

}  // namespace sluice::bytes
