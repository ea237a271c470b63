#include "fuzz/worker/instruction.h"

#include <algorithm>
#include <optional>
#include <span>

#include "fuzz/image/decode.h"
#include "fuzz/image/decode_aarch64.h"

namespace sluice::worker {

namespace {

bool is_meant(const image::MemoryOperand& operand, const FaultRecord& fault) {
  if (fault.access == Access::read && !operand.is_read) return false;
  if (fault.access == Access::write && !operand.is_written) return false;
  // An access that begins before the guard faults at the guard.
  return fault.has_address == 0 || fault.address - operand.address < std::max<std::uint32_t>(operand.size, 1);
}

std::optional<image::Decoded> decode(const InstructionRecord& record, std::span<const std::uint8_t> bytes) {
  if (record.is_aarch64 != 0) {
    image::Aarch64Registers registers{.pc = record.pc};
    std::ranges::copy(record.general, registers.general.begin());
    return image::decode_aarch64(bytes, registers);
  }
  image::Registers registers;
  std::copy_n(record.general, registers.general.size(), registers.general.begin());
  registers.rip = record.pc;
  return image::decode(bytes, registers);
}

}  // namespace

Json instruction_json(FaultRecord& fault) {
  const InstructionRecord& record = fault.instruction;
  const std::size_t size = std::min<std::size_t>(record.size, sizeof record.bytes);
  if (size == 0) return {};
  const auto decoded = decode(record, {record.bytes, size});
  if (!decoded) return {};
  Json out = {{"text", decoded->text}};
  const std::size_t count = std::min<std::size_t>(decoded->num_operands, decoded->operands.size());
  for (std::size_t i = 0; i < count; ++i) {
    const image::MemoryOperand& operand = decoded->operands[i];
    if (!is_meant(operand, fault)) continue;
    if (fault.size == 0 && fault.access != Access::execute) fault.size = operand.size;
    out["operand"] = operand.expression;
    break;
  }
  if (!decoded->disagreement.empty()) out["disagreement"] = decoded->disagreement;
  return out;
}

}  // namespace sluice::worker
