#include "fuzz/image/unwind_aarch64.h"

#include <array>
#include <cstring>
#include <optional>

#include "fuzz/image/formats.h"

namespace sluice::image {

namespace {

constexpr unsigned kFirstSaved = 19;
constexpr unsigned kFrame = 29;
constexpr unsigned kLink = 30;
constexpr unsigned kStack = 31;
constexpr std::uint32_t kInstruction = 4;

// --- Tables
// ------------------------------------------------------------------------------------------------------------

// False where it does not lie in the bytes of one section.
bool read_image(const ImageFile& image, std::uint64_t offset, std::span<std::uint8_t> into) {
  if (offset >= image.size) return false;
  const Section* section = section_at(image, static_cast<std::uint32_t>(offset));
  if (section == nullptr || !is_within(offset - section->offset, into.size(), section->bytes.size())) return false;
  std::memcpy(into.data(), section->bytes.data() + (offset - section->offset), into.size());
  return true;
}

std::optional<std::uint32_t> word_at(const ImageFile& image, std::uint64_t offset) {
  std::array<std::uint8_t, sizeof(std::uint32_t)> bytes{};
  if (!read_image(image, offset, bytes)) return std::nullopt;
  std::uint32_t word = 0;
  std::memcpy(&word, bytes.data(), sizeof word);
  return word;
}

constexpr std::uint32_t bits(std::uint32_t word, unsigned at, unsigned count) {
  return word >> at & ((std::uint32_t{1} << count) - 1);
}

struct Record {
  std::uint32_t begin;  // of the function
  std::uint32_t data;   // packed, or where the codes are
};

// The last record that begins at or before `offset`.
std::optional<Record> record_of(const ImageFile& image, std::uint32_t offset) {
  constexpr std::uint32_t kRecord = 8;
  std::uint32_t low = 0;
  std::uint32_t high = image.unwind.size / kRecord;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    const auto begin = word_at(image, std::uint64_t{image.unwind.offset} + middle * kRecord);
    if (!begin) return std::nullopt;
    if (*begin <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return std::nullopt;
  const std::uint64_t at = std::uint64_t{image.unwind.offset} + (low - 1) * kRecord;
  const auto begin = word_at(image, at);
  const auto data = word_at(image, at + 4);
  return begin && data ? std::optional(Record{*begin, *data}) : std::nullopt;
}

// --- Frames
// ------------------------------------------------------------------------------------------------------------

// The registers of a function, which become its caller's.
class Frame {
 public:
  Frame(const Aarch64Registers& registers, ReadWord read) : registers_(registers), read_(read) {}

  [[nodiscard]] std::uint64_t get(unsigned number) const { return registers_.general[number]; }
  void move_stack(std::uint64_t bytes) { registers_.general[kStack] += bytes; }
  void set_stack(std::uint64_t to) { registers_.general[kStack] = to; }
  bool restore(unsigned number, std::uint64_t offset) {
    std::uint64_t word = 0;
    if (number > kLink || !read_(static_cast<std::uintptr_t>(get(kStack) + offset), word)) return false;
    registers_.general[number] = word;
    return true;
  }
  bool restore_pair(unsigned first, unsigned second, std::uint64_t offset) {
    return restore(first, offset) && restore(second, offset + 8);
  }

 private:
  Aarch64Registers registers_;
  ReadWord read_;
};

// What a function of a canonical form does, in one word.
bool undo_packed(std::uint32_t data, Frame& frame) {
  const std::uint32_t num_floats = bits(data, 13, 3);
  const std::uint32_t num_saved = bits(data, 16, 4);
  const bool keeps_arguments = bits(data, 20, 1) != 0;
  const std::uint32_t kind = bits(data, 21, 2);
  const std::uint64_t size = std::uint64_t{bits(data, 23, 9)} * 16;
  constexpr std::uint32_t kSavesLink = 1;
  constexpr std::uint32_t kChained = 2;  // and 3: a pair of frame and link, at the bottom
  std::uint64_t saved = std::uint64_t{num_saved} * 8 + (kind == kSavesLink ? 8 : 0);
  saved += num_floats != 0 ? (std::uint64_t{num_floats} + 1) * 8 : 0;
  saved = (saved + (keeps_arguments ? 64 : 0) + 15) & ~std::uint64_t{15};
  if (saved > size) return false;
  const std::uint64_t at = size - saved;
  for (unsigned i = 0; i < num_saved; ++i) {
    if (!frame.restore(kFirstSaved + i, at + std::uint64_t{i} * 8)) return false;
  }
  if (kind == kSavesLink && !frame.restore(kLink, at + std::uint64_t{num_saved} * 8)) return false;
  if (kind >= kChained && !frame.restore_pair(kFrame, kLink, 0)) return false;
  frame.move_stack(size);
  return true;
}

// The codes of a function: what its prolog did, last first.
class Codes {
 public:
  static constexpr std::size_t kMost = 255 * 4;
  enum class Done : std::uint8_t { no, yes, failed };

  std::array<std::uint8_t, kMost> bytes{};
  std::size_t size = 0;

  [[nodiscard]] static std::size_t length(std::uint8_t code) {
    if (code < 0xC0) return 1;
    if (code < 0xE0) return 2;
    switch (code) {
      case 0xE0: return 4;
      case 0xE2: return 2;
      case 0xE7: return 3;
      case 0xF8: return 2;
      case 0xF9: return 3;
      case 0xFA: return 4;
      case 0xFB: return 5;
      default: return 1;
    }
  }
  [[nodiscard]] static bool is_end(std::uint8_t code) { return code == 0xE4 || code == 0xE5; }

  // Instructions that the codes from `at` on stand for.
  [[nodiscard]] std::uint32_t num_instructions(std::size_t at) const {
    std::uint32_t count = 0;
    for (; at < size && !is_end(bytes[at]); at += length(bytes[at])) ++count;
    return count;
  }

  // Undoes them from `at` on, the first `skip` of them not.
  bool undo(std::size_t at, std::uint32_t skip, Frame& frame) {
    for (; at < size; at += length(bytes[at])) {
      if (at + length(bytes[at]) > size) return false;
      if (skip != 0 && !is_end(bytes[at])) {
        --skip;
        continue;
      }
      const Done done = undo_one(at, frame);
      if (done != Done::no) return done == Done::yes;
    }
    return false;
  }

 private:
  Done undo_one(std::size_t at, Frame& frame) {
    const std::uint8_t code = bytes[at];
    const std::uint32_t next = at + 1 < size ? bytes[at + 1] : 0;
    const std::uint32_t both = std::uint32_t{code} << 8 | next;
    const std::uint64_t low = bits(both, 0, 6) * std::uint64_t{8};
    const auto told = [](bool good) { return good ? Done::no : Done::failed; };
    if (code < 0x20) return move(frame, std::uint64_t{code} * 16);
    if (code < 0x40) return pop_pair(frame, 19, 20, bits(code, 0, 5) * std::uint64_t{8});
    if (code < 0x80) return told(frame.restore_pair(kFrame, kLink, bits(code, 0, 6) * std::uint64_t{8}));
    if (code < 0xC0) return pop_pair(frame, kFrame, kLink, (bits(code, 0, 6) + 1) * std::uint64_t{8});
    if (code < 0xC8) return move(frame, std::uint64_t{bits(both, 0, 11)} * 16);
    if (code < 0xCC) return told(restore_pairs(frame, kFirstSaved + bits(both, 6, 4), low));
    if (code < 0xD0) {
      if (!restore_pairs(frame, kFirstSaved + bits(both, 6, 4), 0)) return Done::failed;
      return move(frame, low + 8);
    }
    if (code < 0xD4) return told(frame.restore(kFirstSaved + bits(both, 6, 4), low));
    if (code < 0xD6) {
      if (!frame.restore(kFirstSaved + bits(both, 5, 4), 0)) return Done::failed;
      return move(frame, (bits(both, 0, 5) + 1) * std::uint64_t{8});
    }
    if (code < 0xD8) return told(frame.restore_pair(kFirstSaved + 2 * bits(both, 6, 3), kLink, low));
    if (code < 0xDA) return Done::no;              // floats are not followed
    if (code < 0xDC) return move(frame, low + 8);  // .. but what they take of the stack
    if (code < 0xDE) return Done::no;
    if (code == 0xDE) return move(frame, (bits(both, 0, 5) + 1) * std::uint64_t{8});
    return undo_special(at, frame);
  }

  Done undo_special(std::size_t at, Frame& frame) {
    switch (bytes[at]) {
      case 0xE0:
        return move(frame,
                    (std::uint64_t{bytes[at + 1]} << 16 | std::uint64_t{bytes[at + 2]} << 8 | bytes[at + 3]) * 16);
      case 0xE1: frame.set_stack(frame.get(kFrame)); return Done::no;
      case 0xE2: frame.set_stack(frame.get(kFrame) - std::uint64_t{bytes[at + 1]} * 8); return Done::no;
      case 0xE3:                   // nothing
      case 0xFC: return Done::no;  // a signed return address
      case 0xE6: ++num_next_; return Done::no;
      case 0xE4:
      case 0xE5: return Done::yes;
      default: return Done::failed;  // frames of the kernel's own, vectors
    }
  }

  static Done move(Frame& frame, std::uint64_t bytes) {
    frame.move_stack(bytes);
    return Done::no;
  }
  static Done pop_pair(Frame& frame, unsigned first, unsigned second, std::uint64_t bytes) {
    return frame.restore_pair(first, second, 0) ? move(frame, bytes) : Done::failed;
  }
  // With the pairs that save_next says come behind it.
  bool restore_pairs(Frame& frame, unsigned first, std::uint64_t offset) {
    bool good = true;
    for (unsigned i = 0; i <= num_next_ && good; ++i) {
      good = frame.restore_pair(first + 2 * i, first + 2 * i + 1, offset + std::uint64_t{i} * 16);
    }
    num_next_ = 0;
    return good;
  }

  unsigned num_next_ = 0;
};

// Of a function whose begin is `offset` bytes back. False where the tables cannot be followed.
bool undo_described(const ImageFile& image, std::uint32_t data, std::uint32_t offset, bool is_return, Frame& frame) {
  const auto header = word_at(image, data);
  if (!header || bits(*header, 18, 2) != 0) return false;
  const bool has_one_epilog = bits(*header, 21, 1) != 0;
  std::uint32_t num_epilogs = bits(*header, 22, 5);
  std::uint32_t num_words = bits(*header, 27, 5);
  std::uint64_t at = std::uint64_t{data} + 4;
  if (num_epilogs == 0 && num_words == 0) {
    const auto more = word_at(image, at);
    if (!more) return false;
    num_epilogs = bits(*more, 0, 16);
    num_words = bits(*more, 16, 8);
    at += 4;
  }
  const std::uint64_t scopes = at;
  if (!has_one_epilog) at += std::uint64_t{num_epilogs} * 4;
  Codes codes;
  codes.size = std::size_t{num_words} * 4;
  if (!read_image(image, at, std::span(codes.bytes).first(codes.size))) return false;
  if (is_return) return codes.undo(0, 0, frame);  // in the body

  const std::uint32_t done = offset / kInstruction;
  const std::uint32_t in_prolog = codes.num_instructions(0);
  if (done < in_prolog) return codes.undo(0, in_prolog - done, frame);
  const auto in_epilog = [&](std::uint32_t begin, std::uint32_t index) {
    return index < codes.size && done >= begin && done - begin <= codes.num_instructions(index);
  };
  if (has_one_epilog) {
    const std::uint32_t length = codes.num_instructions(num_epilogs) + 1;
    const std::uint32_t all = bits(*header, 0, 18);
    const std::uint32_t begin = all >= length ? all - length : all;
    if (in_epilog(begin, num_epilogs)) return codes.undo(num_epilogs, done - begin, frame);
    return codes.undo(0, 0, frame);
  }
  for (std::uint32_t i = 0; i < num_epilogs; ++i) {
    const auto scope = word_at(image, scopes + std::uint64_t{i} * 4);
    if (!scope) return false;
    const std::uint32_t begin = bits(*scope, 0, 18);
    const std::uint32_t index = bits(*scope, 22, 10);
    if (in_epilog(begin, index)) return codes.undo(index, done - begin, frame);
  }
  return codes.undo(0, 0, frame);
}

bool leave(const ImageFile& image, std::uint32_t offset, bool is_return, Frame& frame) {
  const auto record = record_of(image, is_return ? offset - 1 : offset);
  if (!record) return !is_return;  // a leaf
  const std::uint32_t inside = offset - record->begin;
  if (bits(record->data, 0, 2) == 0) {
    const auto header = word_at(image, record->data);
    const std::uint32_t length = header ? bits(*header, 0, 18) * kInstruction : 0;
    if (inside > length || (inside == length && !is_return)) return !is_return;
    return undo_described(image, record->data, inside, is_return, frame);
  }
  const std::uint32_t length = bits(record->data, 2, 11) * kInstruction;
  if (inside > length || (inside == length && !is_return)) return !is_return;
  // In front of its first instruction nothing is to be undone.
  return inside == 0 ? true : undo_packed(record->data, frame);
}

}  // namespace

std::size_t unwind_aarch64(const ImageFile& image, std::uintptr_t image_address, const Aarch64Registers& registers,
                           std::span<std::uintptr_t> pcs, ReadWord read) {
  if (pcs.empty()) return 0;
  Frame frame(registers, read);
  std::size_t count = 0;
  std::uintptr_t pc = registers.pc;
  pcs[count++] = pc;
  while (count < pcs.size()) {
    const std::uintptr_t offset = pc - image_address;
    const bool is_first = count == 1;
    if (offset >= image.size) {
      if (!is_first) break;
    } else if (!leave(image, static_cast<std::uint32_t>(offset), !is_first, frame)) {
      break;
    }
    const std::uintptr_t caller = frame.get(kLink);
    if (caller == pc && !is_first) break;  // a frame that leads to itself
    pc = caller;
    pcs[count++] = pc;
  }
  return count;
}

}  // namespace sluice::image
