// An image in memory: sections where they belong, fixups done, protections on.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fuzz/image/arena.h"
#include "fuzz/image/image_file.h"

namespace sluice::image {

class Mapped {
 public:
  // Writes sections and fixups into memory that `arena` gives. `imports` are the addresses that the file's imports are
  // bound to, in their order. The file must outlive this. What cannot be done is returned, and the arena's pages lost.
  static Parsed<Mapped> map(const ImageFile& file, Arena& arena, std::span<const std::uintptr_t> imports);

  [[nodiscard]] const ImageFile& file() const { return *file_; }
  [[nodiscard]] std::uint8_t* begin() const { return begin_; }
  [[nodiscard]] std::uintptr_t address() const { return reinterpret_cast<std::uintptr_t>(begin_); }
  [[nodiscard]] bool is_inside(std::uintptr_t at) const { return at - address() < file_->size; }
  [[nodiscard]] std::uint32_t offset_of(std::uintptr_t at) const { return static_cast<std::uint32_t>(at - address()); }

  // Writes to what may be code: unprotects the pages and protects them again. May be called from a signal handler.
  void patch(std::uint32_t offset, std::span<const std::uint8_t> bytes) const;
  // For many patches of one section, which must not run between these: begin() may be written to directly.
  void unprotect(const Section& section) const;
  void protect(const Section& section) const;

 private:
  Mapped(const ImageFile& file, std::uint8_t* begin) : file_(&file), begin_(begin) {}
  [[nodiscard]] Parsed<void> apply(const Fixup& fixup, std::span<const std::uintptr_t> imports) const;

  const ImageFile* file_;
  std::uint8_t* begin_;
};

}  // namespace sluice::image
