#include "fuzz/worker/instruction.h"

#include <algorithm>

#include "fuzz/image/decode.h"

namespace sluice::worker {

namespace {

bool is_meant(const image::MemoryOperand& operand, const FaultRecord& fault) {
  if (fault.access == Access::read && !operand.is_read) return false;
  if (fault.access == Access::write && !operand.is_written) return false;
  // An access that begins before the guard faults at the guard.
  return fault.has_address == 0 || fault.address - operand.address < std::max<std::uint32_t>(operand.size, 1);
}

}  // namespace

Json instruction_json(FaultRecord& fault) {
  const InstructionRecord& record = fault.instruction;
  const std::size_t size = std::min<std::size_t>(record.size, sizeof record.bytes);
  if (size == 0) return {};
  image::Registers registers;
  std::ranges::copy(record.general, registers.general.begin());
  registers.rip = record.rip;
  const auto decoded = image::decode({record.bytes, size}, registers);
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
