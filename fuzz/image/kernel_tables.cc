#include "fuzz/image/kernel_tables.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "fuzz/image/bug_entry.h"

namespace sluice::image {

namespace {

// Each distance counts from its own field.
struct ExceptionEntry {
  std::int32_t instruction;
  std::int32_t fixup;
  std::int32_t type;  // the low byte; what is above belongs to some types
};
static_assert(sizeof(ExceptionEntry) == 12);
// arch/x86/include/asm/extable_fixup_types.h: a fault goes on at the fixup, and nothing else happens.
constexpr std::int32_t kTypeDefault = 1;
constexpr std::int32_t kTypeUserAccess = 3;

// The place that is `distance` from the field at `field`; past the image where it lies before it.
std::uint64_t target_of(std::uint32_t field, std::int32_t distance) {
  return static_cast<std::uint64_t>(std::int64_t{field} + distance);
}

// Calls visit(entry, its offset) until that returns true.
template <typename Entry, typename Visit>
void each_entry(const Mapped& mapped, const Table& table, Visit visit) {
  for (std::uint32_t i = 0; i < table.size / sizeof(Entry); ++i) {
    const std::uint32_t at = table.offset + i * std::uint32_t{sizeof(Entry)};
    Entry entry;
    std::memcpy(&entry, mapped.begin() + at, sizeof entry);
    if (visit(entry, at)) return;
  }
}

bool is_printable(std::uint8_t character) { return character >= ' ' && character <= '~'; }

// Empty where there is no text.
void copy_name(const Mapped& mapped, std::uint64_t at, std::array<char, 128>& name) {
  name.fill('\0');
  const Section* section =
      at < mapped.file().size ? section_at(mapped.file(), static_cast<std::uint32_t>(at)) : nullptr;
  if (section == nullptr) return;
  const std::uint8_t* begin = mapped.begin() + at;
  const std::uint8_t* limit = mapped.begin() + section->offset + section->size;
  const std::uint8_t* end = std::find_if_not(begin, limit, is_printable);
  if (end == limit || *end != 0) return;
  const auto size = std::min(static_cast<std::size_t>(end - begin), name.size() - 1);
  std::memcpy(name.data(), end - size, size);
}

}  // namespace

std::optional<Bug> bug_at(const Mapped& mapped, std::uint32_t offset) {
  std::optional<Bug> bug;
  each_entry<BugEntry>(mapped, mapped.file().bugs, [&](const BugEntry& entry, std::uint32_t at) {
    if (target_of(at, entry.address) != offset) return false;
    bug = Bug{.is_warning = (entry.flags & kBugIsWarning) != 0, .line = entry.line, .file = {}};
    const auto field = at + std::uint32_t{offsetof(BugEntry, file)};
    copy_name(mapped, target_of(field, entry.file), bug->file);
    return true;
  });
  return bug;
}

std::optional<std::uint32_t> fixup_for(const Mapped& mapped, std::uint32_t offset) {
  std::optional<std::uint32_t> found;
  each_entry<ExceptionEntry>(mapped, mapped.file().exceptions, [&](const ExceptionEntry& entry, std::uint32_t at) {
    if (target_of(at, entry.instruction) != offset) return false;
    const std::int32_t type = entry.type & 0xFF;
    const std::uint64_t target = target_of(at + std::uint32_t{offsetof(ExceptionEntry, fixup)}, entry.fixup);
    if ((type == kTypeDefault || type == kTypeUserAccess) && target < mapped.file().size) {
      found = static_cast<std::uint32_t>(target);
    }
    return true;
  });
  return found;
}

}  // namespace sluice::image
