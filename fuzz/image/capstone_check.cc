#include "fuzz/image/capstone_check.h"

#include <capstone/capstone.h>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

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

class Capstone {
 public:
  Capstone() {
    is_open_ = cs_open(CS_ARCH_X86, CS_MODE_64, &handle_) == CS_ERR_OK;
    if (is_open_) cs_option(handle_, CS_OPT_DETAIL, CS_OPT_ON);
  }
  ~Capstone() {
    if (num_ > 0) cs_free(instruction_, num_);
    if (is_open_) cs_close(&handle_);
  }
  Capstone(const Capstone&) = delete;
  Capstone& operator=(const Capstone&) = delete;

  bool decode(std::span<const std::uint8_t> bytes) {
    if (is_open_) num_ = cs_disasm(handle_, bytes.data(), bytes.size(), 0, 1, &instruction_);
    return num_ > 0;
  }
  [[nodiscard]] unsigned length() const { return instruction_->size; }
  [[nodiscard]] std::string text() const { return fmt::format("{} {}", instruction_->mnemonic, instruction_->op_str); }

  // Zydis says which of the operands is the explicit one; here it is the one that a string instruction does not imply.
  [[nodiscard]] std::optional<Place> memory() const {
    const cs_x86& detail = instruction_->detail->x86;
    const std::span operands(detail.operands, std::min<std::size_t>(detail.op_count, std::size(detail.operands)));
    const auto found = std::ranges::find(operands, X86_OP_MEM, &cs_x86_op::type);
    if (found == operands.end()) return std::nullopt;
    Place place{.segment = segment_of(cs_reg_name(handle_, found->mem.segment)),
                .base = name_of(cs_reg_name(handle_, found->mem.base)),
                .index = name_of(cs_reg_name(handle_, found->mem.index)),
                .displacement = found->mem.disp,
                .size = found->size};
    if (!place.index.empty()) place.scale = static_cast<unsigned>(found->mem.scale);
    return place;
  }

 private:
  csh handle_ = 0;
  bool is_open_ = false;
  cs_insn* instruction_ = nullptr;
  std::size_t num_ = 0;
};

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
  Capstone capstone;
  if (!capstone.decode(bytes)) return "Capstone decodes no instruction";
  if (capstone.length() != instruction.info.length) {
    return fmt::format("Capstone decodes {} bytes: {}", capstone.length(), capstone.text());
  }
  const ZydisDecodedOperand* explicit_one = instruction.explicit_memory();
  if (explicit_one == nullptr) return "";
  const Place ours = place_of(instruction, *explicit_one);
  std::optional<Place> theirs = capstone.memory();
  if (!theirs) return fmt::format("Zydis decodes {}, Capstone no memory operand", describe(ours));
  if (ours.size == 0) theirs->size = 0;
  if (is_short_absolute(instruction, *theirs)) theirs->displacement &= kLow32;
  return ours == *theirs ? "" : fmt::format("Zydis decodes {}, Capstone {}", describe(ours), describe(*theirs));
}

}  // namespace sluice::image
