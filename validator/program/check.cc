#include "validator/program/machine.h"
#include "validator/program/tree.h"
#include "validator/program/walk.h"

namespace sluice::program {

Statistics check(const Program& program, std::span<const std::uint8_t> content, const Limits& limits,
                 const std::string& name, Findings& findings) {
  {
    Findings own = findings.like();
    Machine machine(program, program.lean, content, limits, Machine::Mode::judge, own, name);
    const Machine::Ending ending = machine.read_root();
    if (ending != Machine::Ending::needs_everything) {
      if (ending != Machine::Ending::out_of_budget) machine.finish();
      findings.merge(std::move(own));
      return machine.statistics();
    }
  }
  // An instance looked ahead. Once more, with every field kept and the instances last.
  Machine machine(program, program.full, content, limits, Machine::Mode::judge, findings, name);
  if (machine.read_root() != Machine::Ending::out_of_budget && force_everything(machine) && judge_rules(machine)) {
    machine.finish();
  }
  return machine.statistics();
}

}  // namespace sluice::program
