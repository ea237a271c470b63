#include "fuzz/image/unwind.h"

#include <array>

#include "fuzz/image/formats.h"
#include "fuzz/image/pe.h"
#include "fuzz/image/unwind_epilog.h"
#include "fuzz/image/unwind_format.h"

namespace sluice::image {

namespace {

constexpr unsigned kStackPointer = 4;
constexpr std::uint64_t kWord = 8;

struct Code {
  std::uint8_t offset;  // of the end of its instruction
  std::uint8_t operation;
};

// Of 16 bits each, with the numbers that follow a code.
constexpr std::size_t slots_of(unsigned operation, unsigned argument) {
  constexpr std::array<std::uint8_t, 11> kSlots{1, 2, 1, 1, 2, 3, 2, 3, 2, 3, 1};
  if (operation == kAllocateLarge && argument != 0) return 3;
  return operation < kSlots.size() ? kSlots[operation] : 0;
}

class Unwinder {
 public:
  Unwinder(const ImageFile& image, std::uintptr_t address, const Registers& registers, ReadWord read)
      : image_(image), address_(address), general_(registers.general), pc_(registers.rip), read_(read) {}

  [[nodiscard]] std::uint64_t pc() const { return pc_; }
  [[nodiscard]] bool is_inside() const { return pc_ - address_ < image_.size; }

  bool return_from_leaf() { return pop(pc_); }

  // False where the stack or the tables lead no further.
  bool step() {
    const std::uint64_t before = general_[kStackPointer];
    UnwindEntry function{};
    const bool good = find_function(offset(), function) ? leave(function) : return_from_leaf();
    return good && (general_[kStackPointer] > before || is_interrupted_);
  }

 private:
  [[nodiscard]] std::uint32_t offset() const { return static_cast<std::uint32_t>(pc_ - address_); }

  bool pop(std::uint64_t& word) {
    if (!read_(general_[kStackPointer], word)) return false;
    general_[kStackPointer] += kWord;
    return true;
  }

  bool find_function(std::uint64_t offset, UnwindEntry& function) const {
    std::uint32_t low = 0;
    std::uint32_t high = image_.unwind.size / sizeof function;
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      const std::uint64_t at = image_.unwind.offset + std::uint64_t{middle} * sizeof function;
      if (!pe::read_at(image_, at, function)) return false;
      if (offset < function.begin) {
        high = middle;
      } else if (offset >= function.end) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  // What a record is chained to in the end: all parts of a function have the same.
  bool find_whole(UnwindEntry function, UnwindEntry& whole) const {
    for (std::size_t i = 0; i < kMaxUnwindChain; ++i) {
      UnwindInfo info{};
      const std::uint64_t at = function.unwind & ~1u;
      if ((function.unwind & 1) != 0) {
        if (!pe::read_at(image_, at, function)) return false;
        continue;
      }
      if (!pe::read_at(image_, at, info)) return false;
      if (!info.is_chained()) {
        whole = function;
        return true;
      }
      if (!pe::read_at(image_, at + info.size(), function)) return false;
    }
    return false;
  }

  // A jump to elsewhere in the function, or into a part of it that lies apart, ends no frame; one to where the function
  // begins calls it anew.
  bool leaves(const UnwindEntry& function, std::int64_t target) const {
    if (target == 0 || target == function.begin) return true;
    if (target > function.begin && target < function.end) return false;
    UnwindEntry there{};
    UnwindEntry whole{};
    UnwindEntry whole_there{};
    if (target < 0 || !find_function(static_cast<std::uint64_t>(target), there)) return true;
    return !find_whole(function, whole) || !find_whole(there, whole_there) || whole.begin != whole_there.begin ||
           target == whole.begin;
  }

  bool leave(UnwindEntry function) {
    is_interrupted_ = false;
    bool is_in_body = false;  // of what is chained to all of the prolog has run
    for (std::size_t i = 0; i < kMaxUnwindChain; ++i) {
      if ((function.unwind & 1) != 0) {  // the record is of a part of another function
        if (!pe::read_at(image_, function.unwind - 1, function)) return false;
        continue;
      }
      UnwindInfo info{};
      if (!pe::read_at(image_, function.unwind, info)) return false;
      const std::uint32_t in_function = is_in_body ? UINT32_MAX : offset() - function.begin;
      if (!is_in_body && in_function >= info.prolog_size) {
        Epilog epilog;
        const bool is_one = find_epilog(image_, offset(), info.frame & 15, epilog);
        if (is_one && leaves(function, epilog.jump_target)) return finish(epilog, info);
      }
      const std::uint64_t codes = std::uint64_t{function.unwind} + sizeof info;
      if (!undo(info, codes, in_function)) return false;
      if (!info.is_chained()) return is_interrupted_ || return_from_leaf();
      if (!pe::read_at(image_, std::uint64_t{function.unwind} + info.size(), function)) return false;
      is_in_body = true;
    }
    return false;
  }

  bool finish(const Epilog& epilog, const UnwindInfo& info) {
    std::uint64_t& rsp = general_[kStackPointer];
    if (epilog.takes_frame_register) rsp = general_[info.frame & 15];
    rsp += static_cast<std::uint64_t>(std::int64_t{epilog.adjustment});
    for (std::uint32_t i = 0; i < epilog.num_pops; ++i) {
      std::uint64_t word = 0;
      if (!pop(word)) return false;
      if (epilog.pops[i] != kStackPointer) general_[epilog.pops[i]] = word;
    }
    return return_from_leaf();
  }

  [[nodiscard]] std::uint64_t frame_of(const UnwindInfo& info) const {
    return general_[info.frame & 15] - static_cast<std::uint64_t>(info.frame >> 4) * 16;
  }

  // What saved registers are counted from: the frame register once it is set.
  [[nodiscard]] std::uint64_t base_of(const UnwindInfo& info, std::uint64_t codes, std::uint32_t in_function) const {
    const std::uint64_t rsp = general_[kStackPointer];
    if ((info.frame & 15) == 0) return rsp;
    if (in_function >= info.prolog_size) return frame_of(info);
    for (std::size_t i = 0; i < info.num_codes;) {
      Code code{};
      if (!pe::read_at(image_, codes + i * sizeof code, code)) return rsp;
      const std::size_t slots = slots_of(code.operation & 15u, code.operation >> 4u);
      if (slots == 0) return rsp;
      if ((code.operation & 15) == kSetFrame) return code.offset <= in_function ? frame_of(info) : rsp;
      i += slots;
    }
    return rsp;
  }

  // Undoes what the prolog has done up to `in_function`.
  bool undo(const UnwindInfo& info, std::uint64_t codes, std::uint32_t in_function) {
    const std::uint64_t base = base_of(info, codes, in_function);
    for (std::size_t i = 0; i < info.num_codes;) {
      Code code{};
      const std::uint64_t at = codes + i * sizeof code;
      if (!pe::read_at(image_, at, code)) return false;
      const unsigned operation = code.operation & 15;
      const unsigned argument = code.operation >> 4;
      const std::size_t slots = slots_of(operation, argument);
      std::uint32_t number = 0;
      if (slots == 0 || (slots > 1 && !read_number(at + sizeof code, slots - 1, number))) return false;
      if (code.offset <= in_function && !undo(info, base, operation, argument, number)) return false;
      i += slots;
    }
    return true;
  }

  bool read_number(std::uint64_t at, std::size_t slots, std::uint32_t& number) const {
    std::uint16_t small = 0;
    if (slots > 1) return pe::read_at(image_, at, number);
    if (!pe::read_at(image_, at, small)) return false;
    number = small;
    return true;
  }

  bool undo(const UnwindInfo& info, std::uint64_t base, unsigned operation, unsigned argument, std::uint32_t number) {
    std::uint64_t& rsp = general_[kStackPointer];
    switch (operation) {
      case kPush: return pop_register(argument);
      case kAllocateLarge: rsp += argument != 0 ? number : number * kWord; return true;
      case kAllocateSmall: rsp += argument * kWord + kWord; return true;
      case kSetFrame: rsp = frame_of(info); return true;
      case kSave: return read_(base + number * kWord, general_[argument]);
      case kSaveFar: return read_(base + number, general_[argument]);
      case kMachineFrame: return leave_machine_frame(argument);
      default: return true;  // vector registers lead nowhere
    }
  }

  bool pop_register(unsigned number) {
    std::uint64_t word = 0;
    if (!pop(word)) return false;
    if (number != kStackPointer) general_[number] = word;
    return true;
  }

  // What an interrupt pushes: [error code], rip, cs, flags, rsp, ss.
  bool leave_machine_frame(unsigned has_error_code) {
    const std::uint64_t frame = general_[kStackPointer] + (has_error_code != 0 ? kWord : 0);
    is_interrupted_ = true;
    return read_(frame, pc_) && read_(frame + 3 * kWord, general_[kStackPointer]);
  }

  const ImageFile& image_;
  std::uintptr_t address_;
  std::array<std::uint64_t, 16> general_;
  std::uint64_t pc_;
  ReadWord read_;
  bool is_interrupted_ = false;
};

}  // namespace

std::size_t unwind(const ImageFile& image, std::uintptr_t image_address, const Registers& registers,
                   std::span<std::uintptr_t> pcs, ReadWord read) {
  if (pcs.empty()) return 0;
  Unwinder unwinder(image, image_address, registers, read);
  pcs[0] = unwinder.pc();
  if (image.machine != Machine::x86_64 || image.unwind.size == 0) return 1;
  std::size_t num_pcs = 1;
  std::uint64_t word = 0;
  if (!unwinder.is_inside()) {
    // A call to nowhere left nothing on the stack but where it came from.
    const bool is_nowhere = !read(unwinder.pc(), word);
    if (!is_nowhere || num_pcs == pcs.size() || !unwinder.return_from_leaf()) return num_pcs;
    pcs[num_pcs++] = unwinder.pc();
  }
  while (num_pcs < pcs.size() && unwinder.is_inside() && unwinder.step()) pcs[num_pcs++] = unwinder.pc();
  return num_pcs;
}

}  // namespace sluice::image
