// An instruction as the audit sees it, the same for both processors: where it goes on, what becomes of registers, what
// it compares. What matters to no audit is left out.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "fuzz/image/image_file.h"

namespace sluice::image {

// x86-64: as the processor numbers them, rsp is 4. AArch64: x0 .. x30, and sp is 31.
using Register = std::uint8_t;
inline constexpr std::size_t kNumRegisters = 32;
inline constexpr Register kNoRegister = 0xFF;
inline constexpr std::uint64_t kNowhere = UINT64_MAX;

enum class Flow : std::uint8_t {
  next,
  jump,    // to `target`, or kNowhere: not known
  branch,  // the same, or on
  call,    // the same, and on
  stop,    // returns or ends
};

// What holds where a branch is taken, of left and right as they were compared.
enum class Condition : std::uint8_t {
  none,  // or not one of these
  equal,
  not_equal,
  below,  // without a sign
  not_above,
  above,
  not_below,
  less,  // with one
  not_greater,
  greater,
  not_less,
};
Condition opposite(Condition condition);
Condition swapped(Condition condition);  // of right and left

// Memory: base + index * scale + displacement.
struct Place {
  Register base = kNoRegister;
  Register index = kNoRegister;
  std::uint8_t scale = 1;
  std::uint8_t size = 0;  // 0: there is no such place
  std::int64_t displacement = 0;
};

// One side of a comparison.
struct Term {
  enum class Kind : std::uint8_t { number, reg, place };
  Kind kind = Kind::number;
  Register reg = kNoRegister;
  std::int64_t number = 0;
  Place place{};
};

struct Comparison {
  bool is_there = false;
  bool is_test = false;   // of bits, which says nothing of a size
  std::uint8_t size = 0;  // in bytes
  Term left{};
  Term right{};
};

// In the order in which an operation has them.
struct Effect {
  enum class Kind : std::uint8_t {
    define,    // destination is something new
    copy,      // destination = source + number, perhaps extended
    derive,    // destination = what follows from source alone and grows with it: shifted, multiplied
    constant,  // destination = number
    subtract,  // destination = source - (number_of << number)
    mask,      // destination = source & number
    select,    // destination = one of two, by what was compared last
    load,      // destination = place
    store,     // place = source; kNoRegister: something new
  };
  Kind kind = Kind::define;
  Register destination = kNoRegister;
  Register source = kNoRegister;
  Register number_of = kNoRegister;
  std::int64_t number = 0;
  Place place{};
};

struct Operation {
  std::uint32_t offset = 0;
  std::uint8_t length = 0;
  Flow flow = Flow::next;
  Condition condition = Condition::none;  // of a branch
  bool changes_flags = false;
  bool is_indirect = false;  // jumps or calls by a register or by memory
  std::uint8_t num_effects = 0;
  std::uint64_t target = kNowhere;
  std::uint64_t mentioned = kNowhere;   // an address that becomes a register's value
  bool is_mentioned_as_number = false;  // which is an address only where a fixup makes it one
  std::uint32_t defines = 0;            // a bit for each register that is something new afterwards, before the effects
  std::array<Effect, 3> effects{};
  Comparison comparison{};  // of an indirect jump or call only its left side, where it leads to
  Place read{};             // memory that is read by an index with a scale

  void add(const Effect& effect) {
    if (num_effects < effects.size()) effects[num_effects++] = effect;
  }
};

// Reads the code of one image. Not for several threads.
class Processor {
 public:
  virtual ~Processor() = default;
  // Nothing where there is no instruction. `bytes` go on behind it, or end with the section.
  virtual bool read(std::span<const std::uint8_t> bytes, std::uint32_t offset, Operation& operation) = 0;
  virtual std::string text(std::span<const std::uint8_t> bytes, std::uint32_t offset) = 0;
  [[nodiscard]] virtual Register stack_pointer() const = 0;
  // What a call leaves on the stack.
  [[nodiscard]] virtual std::uint32_t return_size() const = 0;
};

std::unique_ptr<Processor> make_processor(const ImageFile& image);
std::unique_ptr<Processor> make_x86_processor(Format format);
std::unique_ptr<Processor> make_aarch64_processor();

}  // namespace sluice::image
