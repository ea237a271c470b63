#include "fuzz/image/unwind_frame.h"

#include <algorithm>

#include "fuzz/image/formats.h"

namespace sluice::image {

namespace {

// Reads the codes of one info.
class Codes {
 public:
  Codes(std::span<const std::uint8_t> bytes, std::uint64_t at, unsigned count) : bytes_(bytes), at_(at), left_(count) {}

  std::optional<std::uint32_t> sum() {
    std::uint64_t size = 0;
    while (left_ > 0) {
      const std::uint16_t code = next();
      const unsigned operation = code >> 8 & 15;
      const unsigned info = code >> 12;
      switch (operation) {
        case kPush: size += 8; break;
        case kAllocateLarge: size += info == 0 ? next() * std::uint64_t{8} : next_two(); break;
        case kAllocateSmall: size += info * 8 + 8; break;
        case kSetFrame: break;
        case kMachineFrame: size += info == 0 ? 40 : 48; break;
        case kSave:
        case kEpilog:
        case kSaveVector: next(); break;
        case kSaveFar:
        case kSaveVectorFar: next_two(); break;
        default: return std::nullopt;
      }
    }
    return is_good_ && size < kMaxImage ? std::optional(static_cast<std::uint32_t>(size)) : std::nullopt;
  }

 private:
  std::uint16_t next() {
    std::uint16_t code = 0;
    is_good_ = is_good_ && left_ > 0 && read_plain(bytes_, at_, code);
    at_ += sizeof code;
    if (left_ > 0) --left_;
    return code;
  }
  std::uint64_t next_two() {
    const std::uint64_t low = next();
    return low | std::uint64_t{next()} << 16;
  }

  std::span<const std::uint8_t> bytes_;
  std::uint64_t at_;
  unsigned left_;
  bool is_good_ = true;
};

}  // namespace

std::vector<UnwindEntry> read_unwind_entries(const ImageFile& image, std::span<const std::uint8_t> bytes) {
  std::vector<UnwindEntry> entries;
  if (image.machine != Machine::x86_64) return entries;
  UnwindEntry entry{};
  for (std::uint64_t at = 0; at + sizeof entry <= image.unwind.size; at += sizeof entry) {
    if (read_plain(bytes, image.unwind.offset + at, entry) && entry.begin < entry.end) entries.push_back(entry);
  }
  std::ranges::sort(entries, {}, &UnwindEntry::begin);
  return entries;
}

bool is_chained(std::span<const std::uint8_t> bytes, const UnwindEntry& entry) {
  UnwindInfo info{};
  return read_plain(bytes, entry.unwind, info) && info.is_chained();
}

std::optional<std::uint32_t> frame_size(std::span<const std::uint8_t> bytes, const UnwindEntry& entry) {
  std::uint64_t size = 0;
  UnwindEntry part = entry;
  for (std::size_t i = 0; i < kMaxUnwindChain; ++i) {
    UnwindInfo info{};
    if (!read_plain(bytes, part.unwind, info)) return std::nullopt;
    const std::uint64_t codes = std::uint64_t{part.unwind} + sizeof info;
    const auto sum = Codes(bytes, codes, info.num_codes).sum();
    if (!sum) return std::nullopt;
    size += *sum;
    if (!info.is_chained()) {
      return size < kMaxImage ? std::optional(static_cast<std::uint32_t>(size)) : std::nullopt;
    }
    if (!read_plain(bytes, part.unwind + info.size(), part)) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace sluice::image
