// What AArch64 functions of a PE image do to their frames, in the codes of .xdata.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "fuzz/image/decode_aarch64.h"
#include "fuzz/image/unwind.h"

namespace sluice::image {

constexpr std::uint32_t bits_of(std::uint32_t word, unsigned at, unsigned count) {
  return word >> at & ((std::uint32_t{1} << count) - 1);
}

// The registers of a function, which become its caller's.
class Aarch64Frame {
 public:
  static constexpr unsigned kFramePointer = 29;
  static constexpr unsigned kLink = 30;
  static constexpr unsigned kStack = 31;

  Aarch64Frame(const Aarch64Registers& registers, ReadWord read) : registers_(registers), read_(read) {}

  [[nodiscard]] std::uint64_t get(unsigned number) const { return registers_.general[number]; }
  void move_stack(std::uint64_t bytes) { registers_.general[kStack] += bytes; }
  void set_stack(std::uint64_t to) { registers_.general[kStack] = to; }
  // False where the stack cannot be read.
  bool restore(unsigned number, std::uint64_t offset);
  bool restore_pair(unsigned first, unsigned second, std::uint64_t offset) {
    return restore(first, offset) && restore(second, offset + 8);
  }

 private:
  Aarch64Registers registers_;
  ReadWord read_;
};

// The codes of a function: what its prolog did, last first; or what an epilog does, first first. Each stands for an
// instruction.
class Aarch64Codes {
 public:
  static constexpr std::size_t kMost = 255 * 4;

  std::array<std::uint8_t, kMost> bytes{};
  std::size_t size = 0;

  // Those of a function of the usual form, which .pdata describes in one word.
  static Aarch64Codes prolog_of(std::uint32_t packed) { return unpacked(packed, false); }
  static Aarch64Codes epilog_of(std::uint32_t packed) { return unpacked(packed, true); }

  // Instructions that the codes from `at` on stand for.
  [[nodiscard]] std::uint32_t num_instructions(std::size_t at) const;
  // Undoes them from `at` on, the first `skip` of them not. False where that cannot be done.
  bool undo(std::size_t at, std::uint32_t skip, Aarch64Frame& frame);

 private:
  enum class Done : std::uint8_t { no, yes, failed };

  static Aarch64Codes unpacked(std::uint32_t packed, bool is_epilog);
  void add(std::initializer_list<std::uint32_t> codes);
  void add_word(std::uint32_t code) { add({code >> 8, code}); }
  void add_allocation(std::uint64_t bytes);
  void add_saves(std::uint32_t packed, std::uint64_t saved);

  Done undo_one(std::size_t at, Aarch64Frame& frame);
  Done undo_special(std::size_t at, Aarch64Frame& frame);
  static Done move(Aarch64Frame& frame, std::uint64_t bytes);
  Done pop_pairs(Aarch64Frame& frame, unsigned first, std::uint64_t bytes);
  bool restore_pairs(Aarch64Frame& frame, unsigned first, std::uint64_t offset);

  unsigned num_next_ = 0;  // pairs behind the next one
};

}  // namespace sluice::image
