#include "fuzz/image/capstone_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

#include "fuzz/image/capstone.h"

namespace sluice::image {

namespace {

// An operand as both can say it.
struct Place {
  std::string segment;  // fs or gs; the others add nothing to an address
  std::string base;
  std::string index;
  unsigned scale = 0;
  std::int64_t displacement = 0;
  unsigned size = 0;  // 0: not said

  bool operator==(const Place&) const = default;
};

// Registers that are none.
std::string name_of(const char* name) {
  const std::string_view text = name != nullptr ? name : "none";
  return text == "none" || text == "riz" || text == "eiz" ? "" : std::string(text);
}

std::string segment_of(const char* name) {
  const std::string text = name_of(name);
  return text == "fs" || text == "gs" ? text : "";
}

constexpr std::int64_t kLow32 = std::numeric_limits<std::uint32_t>::max();

// Which is extended by one with the sign and by the other without.
bool is_short_absolute(const Instruction& instruction, const Place& place) {
  return instruction.info.address_width == 32 && place.base.empty() && place.index.empty();
}

Place place_of(const Instruction& instruction, const ZydisDecodedOperand& operand) {
  Place place{.segment = segment_of(ZydisRegisterGetString(operand.mem.segment)),
              .base = name_of(ZydisRegisterGetString(operand.mem.base)),
              .index = name_of(ZydisRegisterGetString(operand.mem.index)),
              .displacement = operand.mem.disp.value};
  if (!place.index.empty()) place.scale = operand.mem.scale;
  if (is_short_absolute(instruction, place)) place.displacement &= kLow32;
  if (!is_address_only(instruction, operand)) place.size = operand.size / 8u;
  return place;
}

// Zydis says which of the operands is the explicit one; here it is the one that a string instruction does not imply.
std::optional<Place> memory_of(const Capstone& capstone, const cs_insn& instruction) {
  const cs_x86& detail = instruction.detail->x86;
  const std::span operands(detail.operands, std::min<std::size_t>(detail.op_count, std::size(detail.operands)));
  const auto found = std::ranges::find(operands, X86_OP_MEM, &cs_x86_op::type);
  if (found == operands.end()) return std::nullopt;
  Place place{.segment = segment_of(cs_reg_name(capstone.handle(), found->mem.segment)),
              .base = name_of(cs_reg_name(capstone.handle(), found->mem.base)),
              .index = name_of(cs_reg_name(capstone.handle(), found->mem.index)),
              .displacement = found->mem.disp,
              .size = found->size};
  if (!place.index.empty()) place.scale = static_cast<unsigned>(found->mem.scale);
  return place;
}

std::string describe(const Place& place) {
  std::string text = place.segment.empty() ? "[" : place.segment + ":[";
  if (!place.base.empty()) text += place.base;
  if (!place.index.empty()) text += fmt::format("{}{}*{}", place.base.empty() ? "" : "+", place.index, place.scale);
  const auto displacement = static_cast<std::uint64_t>(place.displacement);
  if (place.base.empty() && place.index.empty()) {
    text += fmt::format("{:#x}", displacement);
  } else if (place.displacement != 0) {
    text += place.displacement < 0 ? fmt::format("-{:#x}", 0 - displacement) : fmt::format("+{:#x}", displacement);
  }
  return text + "]" + (place.size != 0 ? fmt::format(" of {} bytes", place.size) : "");
}

}  // namespace

std::string ask_capstone(std::span<const std::uint8_t> bytes, const Instruction& instruction) {
  Capstone capstone(CS_ARCH_X86, CS_MODE_64);
  const cs_insn* decoded = capstone.decode(bytes, 0);
  if (decoded == nullptr) return "Capstone decodes no instruction";
  if (decoded->size != instruction.info.length) {
    return fmt::format("Capstone decodes {} bytes: {} {}", decoded->size, decoded->mnemonic, decoded->op_str);
  }
  const ZydisDecodedOperand* explicit_one = instruction.explicit_memory();
  if (explicit_one == nullptr) return "";
  const Place ours = place_of(instruction, *explicit_one);
  std::optional<Place> theirs = memory_of(capstone, *decoded);
  if (!theirs) return fmt::format("Zydis decodes {}, Capstone no memory operand", describe(ours));
  if (ours.size == 0) theirs->size = 0;
  if (is_short_absolute(instruction, *theirs)) theirs->displacement &= kLow32;
  return ours == *theirs ? "" : fmt::format("Zydis decodes {}, Capstone {}", describe(ours), describe(*theirs));
}

}  // namespace sluice::image
