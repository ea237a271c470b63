#include <fmt/format.h>

#include "validator/expression/ast.h"
#include "validator/program/program.h"

namespace sluice::program {

namespace {

struct OpRow {
  std::string_view name;
  std::string_view operands;
};

constexpr OpRow kOps[] = {
#define OPCODE(name, operands, effect) {#name, operands},
#include "validator/program/opcodes.def"
#undef OPCODE
};

std::string field_text(const ScanField& f) {
  return fmt::format("u{}{}@{}", f.width, f.width == 1 ? "" : f.big_endian ? "be" : "le", f.at);
}

void dump_plan(const ScanPlan& plan, std::string& out, std::string indent) {
  out += fmt::format("{}{} bytes\n", indent, plan.fixed);
  for (const ScanCheck& c : plan.checks) {
    out += fmt::format("{}  {} ", indent, field_text(c.field));
    switch (c.kind) {
      case ScanCheck::Kind::range: out += fmt::format("- {} <= {}", c.low, c.span); break;
      case ScanCheck::Kind::bound: out += fmt::format("<= bound {}", c.value); break;
      case ScanCheck::Kind::set: out += fmt::format("- {} in set {:#x}", c.low, c.set); break;
      case ScanCheck::Kind::any_of: out += fmt::format("one of {}", c.members.size()); break;
      case ScanCheck::Kind::ascii: out += fmt::format("{} bytes of ASCII", c.span); break;
      case ScanCheck::Kind::utf8: out += fmt::format("{} bytes of UTF-8", c.span); break;
    }
    out += c.in_lanes ? " (in lanes)\n" : "\n";
  }
  for (const ScanTail& t : plan.tails) {
    constexpr std::string_view kinds[] = {"skip", "text", "terminated", "records", "fixed"};
    out += fmt::format("{}  {} {}\n", indent, kinds[static_cast<int>(t.kind)], field_text(t.field));
    if (t.kind == ScanTail::Kind::records || t.kind == ScanTail::Kind::fixed)
      dump_plan(plan.inner[t.plan], out, indent + "    ");
  }
}

}  // namespace

std::string_view name_of(Op op) { return kOps[static_cast<std::size_t>(op)].name; }

std::string dump(const Code& code) {
  std::string out;
  std::vector<const TypeInfo*> types;
  for (const TypeInfo& t : code.types) types.push_back(&t);
  for (std::uint32_t pc = 0; pc < code.instructions.size(); ++pc) {
    for (const TypeInfo* t : types) {
      if (t->entry == pc) out += fmt::format("{}: {} slots\n", t->full_name, t->slots);
      for (const MemberInfo& m : t->members) {
        if (m.entry == pc) out += fmt::format("{}.{}:\n", t->full_name, m.id);
      }
    }
    const Instruction& i = code.instructions[pc];
    const OpRow& row = kOps[static_cast<std::size_t>(i.op)];
    out += fmt::format("{:4}  {}", pc, row.name);
    if (row.operands.find("a:") != std::string_view::npos) out += fmt::format(" a={}", i.a);
    if (row.operands.find("b:") != std::string_view::npos) out += fmt::format(" b={}", i.b);
    if (row.operands.find("c:") != std::string_view::npos) out += fmt::format(" c={}", i.c);
    out += '\n';
    if (i.op == Op::scan) dump_plan(code.plans[i.b], out, "        ");
  }
  return out;
}

}  // namespace sluice::program
