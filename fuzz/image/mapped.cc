#include "fuzz/image/mapped.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

namespace sluice::image {

namespace {

// Code of another processor is not for this one to run.
int protection_of(const ImageFile& file, const Section& section) {
  const bool is_code = section.is_executable && file.machine == Machine::x86_64;
  return PROT_READ | (section.is_writable ? PROT_WRITE : 0) | (is_code ? PROT_EXEC : 0);
}

// The pages that hold `size` bytes at `begin`.
bool protect_pages(std::uint8_t* begin, std::size_t size, int protection) {
  const auto first = reinterpret_cast<std::uintptr_t>(begin) / kPage * kPage;
  const auto last = (reinterpret_cast<std::uintptr_t>(begin) + size + kPage - 1) / kPage * kPage;
  return ::mprotect(reinterpret_cast<void*>(first), last - first, protection) == 0;
}

// The width of what a fixup writes, and whether `value` fits it.
bool fits(FixupKind kind, std::uint64_t value) {
  const auto with_sign = static_cast<std::int64_t>(value);
  switch (kind) {
    case FixupKind::address64:
    case FixupKind::relative64: return true;
    case FixupKind::unsigned32: return value <= std::numeric_limits<std::uint32_t>::max();
    case FixupKind::signed32:
    case FixupKind::relative32:
      return with_sign >= std::numeric_limits<std::int32_t>::min() &&
             with_sign <= std::numeric_limits<std::int32_t>::max();
  }
  return false;
}

bool is_wide(FixupKind kind) { return kind == FixupKind::address64 || kind == FixupKind::relative64; }
bool is_relative(FixupKind kind) { return kind == FixupKind::relative32 || kind == FixupKind::relative64; }

}  // namespace

Parsed<void> Mapped::apply(const Fixup& fixup, std::span<const std::uintptr_t> imports) const {
  std::uint64_t value = static_cast<std::uint64_t>(fixup.addend);
  if (fixup.import != kNoImport) {
    value += imports[fixup.import];
  } else if (!fixup.is_absolute) {
    value += address();
  }
  std::uint8_t* at = begin_ + fixup.offset;
  if (is_relative(fixup.kind)) value -= reinterpret_cast<std::uintptr_t>(at);
  if (!fits(fixup.kind, value)) {
    return std::unexpected("has a fixup at offset " + std::to_string(fixup.offset) + " whose value does not fit: " +
                           (fixup.import != kNoImport ? file_->imports[fixup.import].name : std::to_string(value)));
  }
  std::memcpy(at, &value, is_wide(fixup.kind) ? 8 : 4);
  return {};
}

Parsed<Mapped> Mapped::map(const ImageFile& file, Arena& arena, std::span<const std::uintptr_t> imports) {
  if (imports.size() != file.imports.size()) return std::unexpected("is bound to another number of imports");
  std::uint8_t* begin = arena.take(file.size);
  if (begin == nullptr) {
    return std::unexpected("wants " + std::to_string(file.size) + " bytes, more than there is room for");
  }
  const Mapped mapped(file, begin);
  for (const Section& section : file.sections) {
    if (!section.bytes.empty()) std::memcpy(begin + section.offset, section.bytes.data(), section.bytes.size());
  }
  for (const Fixup& fixup : file.fixups) {
    if (const auto done = mapped.apply(fixup, imports); !done) return std::unexpected(done.error());
  }
  // What lies in no section, headers among it, is not the driver's to touch.
  bool good = ::mprotect(begin, file.size, PROT_NONE) == 0;
  for (const Section& section : file.sections) {
    if (section.size == 0) continue;
    good = good && protect_pages(begin + section.offset, section.size, protection_of(file, section));
  }
  if (!good) return std::unexpected(std::string("cannot be protected: ") + std::strerror(errno));
  return mapped;
}

void Mapped::patch(std::uint32_t offset, std::span<const std::uint8_t> bytes) const {
  const Section* section = section_at(*file_, offset);
  if (section == nullptr || bytes.size() > section->size - (offset - section->offset)) return;
  std::uint8_t* at = begin_ + offset;
  protect_pages(at, bytes.size(), PROT_READ | PROT_WRITE);
  std::memcpy(at, bytes.data(), bytes.size());
  protect_pages(at, bytes.size(), protection_of(*file_, *section));
}

void Mapped::unprotect(const Section& section) const {
  if (section.size != 0) protect_pages(begin_ + section.offset, section.size, PROT_READ | PROT_WRITE);
}

void Mapped::protect(const Section& section) const {
  if (section.size != 0) protect_pages(begin_ + section.offset, section.size, protection_of(*file_, section));
}

}  // namespace sluice::image
