#include "fuzz/image/unwind_aarch64_codes.h"

#include <algorithm>

namespace sluice::image {

namespace {

constexpr unsigned kFirstSaved = 19;
constexpr unsigned kFrame = Aarch64Frame::kFramePointer;
constexpr unsigned kLink = Aarch64Frame::kLink;

constexpr std::uint8_t kSetFrame = 0xE1;
constexpr std::uint8_t kNothing = 0xE3;
constexpr std::uint8_t kEnd = 0xE4;
constexpr std::uint8_t kEndOfChain = 0xE5;

constexpr bool is_end(std::uint8_t code) { return code == kEnd || code == kEndOfChain; }

constexpr std::size_t length_of(std::uint8_t code) {
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

// Codes of two bytes, with what they count in words.
constexpr std::uint32_t save_pair(std::uint32_t first, std::uint64_t offset) {
  return 0xC800 | (first - kFirstSaved) << 6 | static_cast<std::uint32_t>(offset / 8);
}
constexpr std::uint32_t save_one(std::uint32_t number, std::uint64_t offset) {
  return 0xD000 | (number - kFirstSaved) << 6 | static_cast<std::uint32_t>(offset / 8);
}
constexpr std::uint32_t save_with_link(std::uint32_t number, std::uint64_t offset) {
  return 0xD600 | (number - kFirstSaved) / 2 << 6 | static_cast<std::uint32_t>(offset / 8);
}
constexpr std::uint32_t push_pair(std::uint32_t first, std::uint64_t size) {
  return 0xCC00 | (first - kFirstSaved) << 6 | static_cast<std::uint32_t>(size / 8 - 1);
}
constexpr std::uint32_t push_one(std::uint32_t number, std::uint64_t size) {
  return 0xD400 | (number - kFirstSaved) << 5 | static_cast<std::uint32_t>(size / 8 - 1);
}
constexpr std::uint32_t kSaveFloats = 0xD800;
constexpr std::uint32_t push_floats(std::uint64_t size) { return 0xDA00 | static_cast<std::uint32_t>(size / 8 - 1); }

}  // namespace

bool Aarch64Frame::restore(unsigned number, std::uint64_t offset) {
  std::uint64_t word = 0;
  if (number > kLink || !read_(static_cast<std::uintptr_t>(get(kStack) + offset), word)) return false;
  registers_.general[number] = word;
  return true;
}

// --- Functions of the usual form
// ---------------------------------------------------------------------------------------

void Aarch64Codes::add(std::initializer_list<std::uint32_t> codes) {
  for (const std::uint32_t code : codes) {
    if (size < kMost) bytes[size++] = static_cast<std::uint8_t>(code);
  }
}

void Aarch64Codes::add_allocation(std::uint64_t count) {
  constexpr std::uint64_t kMostInOne = 4080;
  // What is subtracted last is undone first.
  if (count > kMostInOne) add_allocation(count - kMostInOne);
  const auto units = static_cast<std::uint32_t>(std::min(count, kMostInOne) / 16);
  if (units != 0) add_word(0xC000 | units);
}

// The first instruction makes room for all of them.
void Aarch64Codes::add_saves(std::uint32_t packed, std::uint64_t saved) {
  const std::uint32_t num_saved = bits_of(packed, 16, 4);
  const bool saves_link = bits_of(packed, 21, 2) == 1;
  if (const std::uint32_t more = bits_of(packed, 13, 3); more != 0) {
    for (std::uint32_t pairs = (more + 2) / 2; pairs > 1; --pairs) add_word(kSaveFloats);
    add_word(num_saved == 0 && !saves_link ? push_floats(saved) : kSaveFloats);
  }
  const std::uint32_t last = kFirstSaved + num_saved - 1;
  if (num_saved % 2 == 1 && saves_link) {
    add_word(save_with_link(last, std::uint64_t{num_saved - 1} * 8));
    if (num_saved == 1) add_allocation(saved);
  } else {
    if (saves_link) {
      add_word(num_saved == 0 ? push_one(kLink, saved) : save_one(kLink, std::uint64_t{num_saved} * 8));
    }
    if (num_saved % 2 == 1) {
      add_word(num_saved == 1 ? push_one(last, saved) : save_one(last, std::uint64_t{num_saved - 1} * 8));
    }
  }
  for (std::uint32_t pair = num_saved / 2; pair > 1; --pair) {
    add_word(save_pair(kFirstSaved + 2 * (pair - 1), std::uint64_t{pair - 1} * 16));
  }
  if (num_saved >= 2) add_word(push_pair(kFirstSaved, saved));
}

Aarch64Codes Aarch64Codes::unpacked(std::uint32_t packed, bool is_epilog) {
  constexpr std::uint32_t kChainedAndSigned = 2;
  constexpr std::uint64_t kMostPushed = 512;
  Aarch64Codes codes;
  const std::uint32_t num_floats = bits_of(packed, 13, 3) == 0 ? 0 : bits_of(packed, 13, 3) + 1;
  const bool keeps_arguments = bits_of(packed, 20, 1) != 0;
  const std::uint32_t kind = bits_of(packed, 21, 2);
  const std::uint64_t size = std::uint64_t{bits_of(packed, 23, 9)} * 16;
  const std::uint32_t words = bits_of(packed, 16, 4) + (kind == 1 ? 1 : 0) + num_floats + (keeps_arguments ? 8 : 0);
  const std::uint64_t saved = (std::uint64_t{words} * 8 + 15) & ~std::uint64_t{15};
  if (saved > size) return codes;  // without an end: not to be undone
  const std::uint64_t rest = size - saved;
  if (kind >= kChainedAndSigned) {
    if (!is_epilog) codes.add({kSetFrame});
    if (rest != 0 && rest <= kMostPushed) {
      codes.add({0x80 | static_cast<std::uint32_t>(rest / 8 - 1)});
    } else {
      codes.add({0x40});
      codes.add_allocation(rest);
    }
  } else {
    codes.add_allocation(rest);
  }
  if (keeps_arguments && !is_epilog) codes.add({kNothing, kNothing, kNothing, kNothing});
  codes.add_saves(packed, saved);
  if (kind == kChainedAndSigned) codes.add({kNothing});
  codes.add({kEnd});
  return codes;
}

// --- Undoing
// -----------------------------------------------------------------------------------------------------------

std::uint32_t Aarch64Codes::num_instructions(std::size_t at) const {
  std::uint32_t count = 0;
  for (; at < size && !is_end(bytes[at]); at += length_of(bytes[at])) ++count;
  return count;
}

bool Aarch64Codes::undo(std::size_t at, std::uint32_t skip, Aarch64Frame& frame) {
  for (; at < size; at += length_of(bytes[at])) {
    if (length_of(bytes[at]) > size - at) return false;
    if (skip != 0 && !is_end(bytes[at])) {
      --skip;
      continue;
    }
    const Done done = undo_one(at, frame);
    if (done != Done::no) return done == Done::yes;
  }
  return false;
}

Aarch64Codes::Done Aarch64Codes::undo_one(std::size_t at, Aarch64Frame& frame) {
  const std::uint8_t code = bytes[at];
  const std::uint32_t next = at + 1 < size ? bytes[at + 1] : 0;
  const std::uint32_t both = std::uint32_t{code} << 8 | next;
  const std::uint64_t low = bits_of(both, 0, 6) * std::uint64_t{8};
  const auto told = [](bool good) { return good ? Done::no : Done::failed; };
  if (code < 0x20) return move(frame, std::uint64_t{code} * 16);
  if (code < 0x40) return pop_pairs(frame, kFirstSaved, bits_of(code, 0, 5) * std::uint64_t{8});
  if (code < 0x80) return told(restore_pairs(frame, kFrame, bits_of(code, 0, 6) * std::uint64_t{8}));
  if (code < 0xC0) return pop_pairs(frame, kFrame, (bits_of(code, 0, 6) + 1) * std::uint64_t{8});
  if (code < 0xC8) return move(frame, std::uint64_t{bits_of(both, 0, 11)} * 16);
  if (code < 0xCC) return told(restore_pairs(frame, kFirstSaved + bits_of(both, 6, 4), low));
  if (code < 0xD0) {
    return pop_pairs(frame, kFirstSaved + bits_of(both, 6, 4), low + 8);
  }
  if (code < 0xD4) return told(frame.restore(kFirstSaved + bits_of(both, 6, 4), low));
  if (code < 0xD6) {
    if (!frame.restore(kFirstSaved + bits_of(both, 5, 4), 0)) return Done::failed;
    return move(frame, (bits_of(both, 0, 5) + 1) * std::uint64_t{8});
  }
  if (code < 0xD8) return told(frame.restore_pair(kFirstSaved + 2 * bits_of(both, 6, 3), kLink, low));
  if (code < 0xDA) return Done::no;              // floats are not followed
  if (code < 0xDC) return move(frame, low + 8);  // .. but what they take of the stack
  if (code < 0xDE) return Done::no;
  if (code == 0xDE) return move(frame, (bits_of(both, 0, 5) + 1) * std::uint64_t{8});
  return undo_special(at, frame);
}

Aarch64Codes::Done Aarch64Codes::undo_special(std::size_t at, Aarch64Frame& frame) {
  switch (bytes[at]) {
    case 0xE0:
      return move(frame, (std::uint64_t{bytes[at + 1]} << 16 | std::uint64_t{bytes[at + 2]} << 8 | bytes[at + 3]) * 16);
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

Aarch64Codes::Done Aarch64Codes::move(Aarch64Frame& frame, std::uint64_t count) {
  frame.move_stack(count);
  return Done::no;
}

Aarch64Codes::Done Aarch64Codes::pop_pairs(Aarch64Frame& frame, unsigned first, std::uint64_t count) {
  return restore_pairs(frame, first, 0) ? move(frame, count) : Done::failed;
}

bool Aarch64Codes::restore_pairs(Aarch64Frame& frame, unsigned first, std::uint64_t offset) {
  bool good = true;
  for (unsigned i = 0; i <= num_next_ && good; ++i) {
    good = frame.restore_pair(first + 2 * i, first + 2 * i + 1, offset + std::uint64_t{i} * 16);
  }
  num_next_ = 0;
  return good;
}

}  // namespace sluice::image
