// This file's external interface is compile() and compile_request(). The Compiler is private to compile*.cc.
#include "validator/schema/compile.h"

#include <algorithm>

#include "validator/program/transform.h"
#include "validator/schema/compiler.h"

namespace sluice::schema {

using program::kNoEntry;
using program::kNoSlot;
using program::MemberInfo;
using program::MemberRole;
using program::TypeInfo;

namespace {

MemberRole role_of(Role role) {
  switch (role) {
    case Role::parameter: return MemberRole::parameter;
    case Role::sequence: return MemberRole::sequence;
    case Role::value_instance: return MemberRole::value_instance;
    case Role::parse_instance: return MemberRole::parse_instance;
  }
  return MemberRole::sequence;
}

std::string kind_of(const Schema& schema, const Member& m) {
  const DataType& d = m.data;
  const auto endian = [&] {
    return d.width == 1 ? "" : d.endian == Endian::big ? "be" : d.endian == Endian::little ? "le" : "";
  };
  std::string kind;
  switch (d.kind) {
    case DataKind::integer: kind = (d.is_signed ? "s" : "u") + std::to_string(d.width) + endian(); break;
    case DataKind::floating: kind = "f" + std::to_string(d.width) + endian(); break;
    case DataKind::bits: kind = "b" + std::to_string(d.width); break;
    case DataKind::bytes: kind = "bytes"; break;
    case DataKind::string: kind = d.zero_terminated ? "strz" : "str"; break;
    case DataKind::structure: kind = d.type_id == kNoType ? "struct" : schema.type(d.type_id).name; break;
    case DataKind::switched: kind = "switch"; break;
    case DataKind::none: break;
  }
  return m.repeat == RepeatKind::none ? kind : kind + "[]";
}

program::EnumInfo describe(const Enum& e) {
  program::EnumInfo info{.name = e.name, .full_name = e.full_name, .labels = {}};
  for (const EnumMember& m : e.members) info.labels.push_back({m.value, m.label});
  return info;
}

}  // namespace

bool Compiler::is_kept(TypeId type, std::uint32_t member) const {
  const Member& m = schema_.type(type).members[member];
  return code_.keeps_everything || m.role == Role::parameter || uses_.members[type][member] ||
         m.checksum.algorithm != Checksum::Algorithm::none;
}

std::uint32_t Compiler::slot(std::uint32_t member) const { return code_.types[type_->id].members[member].slot; }

std::uint32_t Compiler::encoding(const std::string& name) {
  auto& all = program_.encodings;
  const auto at = std::find(all.begin(), all.end(), name);
  if (at != all.end()) return static_cast<std::uint32_t>(at - all.begin());
  all.push_back(name);
  return static_cast<std::uint32_t>(all.size() - 1);
}

void Compiler::declare_types() {
  for (const auto& type : schema_.types) {
    TypeInfo info{
        .id = type->id, .name = type->name, .full_name = type->full_name, .parameters = type->parameter_count};
    info.inherits_endian = type->endian == Endian::calculated && !type->endian_switch;
    for (std::uint32_t k = 0; k < type->members.size(); ++k) {
      const Member& m = type->members[k];
      info.members.push_back({.id = m.id,
                              .path = m.path,
                              .role = role_of(m.role),
                              .slot = is_kept(type->id, k) ? info.slots++ : kNoSlot,
                              .enum_id = m.data.enum_id == kNoEnum ? kNoSlot : m.data.enum_id,
                              .repeats = m.repeat != RepeatKind::none,
                              .kind = kind_of(schema_, m),
                              .doc = m.doc});
    }
    code_.types.push_back(std::move(info));
  }
}

void Compiler::run() {
  declare_types();
  for (const auto& type : schema_.types) compile_type(*type);
}

void Compiler::compile_type(const TypeSpec& type) {
  type_ = &type;
  hidden_.assign(type.members.size(), kNoSlot);
  TypeInfo& info = code_.types[type.id];
  for (std::uint32_t k = 0; k < type.members.size(); ++k) {
    if (type.members[k].checksum.algorithm == Checksum::Algorithm::none) continue;
    hidden_[k] = info.slots;
    info.slots += 4;  // begin and end of the region, begin and end of the field
  }

  info.entry = here();
  if (!code_.keeps_everything && type.id == schema_.root && sites_.look_ahead()) emit(Op::look_ahead);
  if (type.opaque) emit(Op::opaque, 0, text("type `" + type.name + "` is defined outside of the schema"));
  if (type.endian_switch) decide_endian(*type.endian_switch);
  for (std::uint32_t k = type.first_sequence(); k < type.first_instance(); ++k) {
    const bool after_bits = k > type.first_sequence() && type.members[k - 1].data.kind == DataKind::bits;
    if (after_bits && type.members[k].data.kind != DataKind::bits) emit(Op::align);
    compile_sequence_member(k);
  }
  emit(Op::end_sequence);
  if (!code_.keeps_everything) {
    judge_checksums(type);
    for (std::uint32_t k = type.first_instance(); k < type.members.size(); ++k) emit(Op::force, 0, k);
    judge_asserts(type);
    if (type.id == schema_.root) judge_root_rules();
  }
  emit(Op::end_type);

  for (std::uint32_t k = type.first_instance(); k < type.members.size(); ++k) {
    code_.types[type.id].members[k].entry = here();
    compile_instance(k);
  }
  if (!code_.keeps_everything) return;
  code_.types[type.id].checksums = here();
  judge_checksums(type);
  emit(Op::push_null);
  emit(Op::finish);
  code_.types[type.id].asserts = here();
  judge_asserts(type);
  emit(Op::push_null);
  emit(Op::finish);
  judge_kept(type);
}

void Compiler::decide_endian(const EndianSwitch& endian) {
  compile_value(endian.switch_on);
  std::vector<std::uint32_t> ends;
  const EndianSwitch::Case* otherwise = nullptr;
  for (const auto& c : endian.cases) {
    if (!c.match) {
      otherwise = &c;
      continue;
    }
    emit(Op::duplicate);
    compile_value(c.match);
    emit(Op::binary, static_cast<std::uint64_t>(expression::BinaryOp::equal));
    const std::uint32_t next = emit(Op::jump_if_false);
    emit(Op::pop);
    emit(Op::decide_endian, c.endian == Endian::big);
    ends.push_back(emit(Op::jump));
    land(next);
  }
  if (otherwise != nullptr) {
    emit(Op::pop);
    emit(Op::decide_endian, otherwise->endian == Endian::big);
  } else {
    emit(Op::undecided_endian);
  }
  for (const std::uint32_t end : ends) land(end);
}

// Notes where regions that checksums cover begin and end, and where the checksums themselves lie.
void Compiler::checksum_positions(const TypeSpec& type, std::uint32_t index, bool end) {
  for (std::uint32_t k = 0; k < type.members.size(); ++k) {
    if (hidden_[k] == kNoSlot) continue;
    const Checksum& c = type.members[k].checksum;
    const std::uint64_t how = end ? 1 : inside_byte(type.members[index]);
    if (index == (end ? c.last : c.first)) emit(Op::keep_position, how, hidden_[k] + (end ? 1 : 0));
    if (index == k) emit(Op::keep_position, how, hidden_[k] + (end ? 3 : 2));
  }
}

void Compiler::judge_checksums(const TypeSpec& type) {
  for (std::uint32_t k = type.first_sequence(); k < type.first_instance(); ++k) {
    if (hidden_[k] == kNoSlot) continue;
    const Checksum& c = type.members[k].checksum;
    emit(Op::revisit, 0, hidden_[k] + 2, k);
    emit(Op::push_slot, 0, slot(k));
    emit(Op::check_checksum, static_cast<std::uint64_t>(c.algorithm), hidden_[k], text(c.region));
    emit(Op::pop);
    emit(Op::leave_stream);
  }
}

void Compiler::judge_asserts(const TypeSpec& type) {
  for (const Assertion& assertion : type.asserts) {
    if (!assertion.expression) continue;
    emit(Op::field, 0, kNoSlot);
    const std::uint32_t attempt = emit(Op::try_begin, 1);
    compile_value(assertion.expression);
    emit(Op::check_assertion, 0, text(assertion.message.empty() ? assertion.expression.text : assertion.message));
    emit(Op::try_end);
    land(attempt);
  }
}

std::uint32_t Compiler::add_request(const Expression& expression) {
  const std::uint32_t entry = here();
  compile_value(expression);
  emit(Op::finish);
  return entry;
}

program::Program compile(const Schema& schema, const CompileOptions& options) {
  program::Program program;
  const TypeSpec& root = schema.type(schema.root);
  program.id = schema.id;
  program.file = schema.file;
  program.root = schema.root;
  program.allow_trailing = root.allow.trailing_bytes;
  for (const auto& e : schema.enums) program.enums.push_back(describe(*e));
  describe_rules(schema, program);
  program.builds = options.builds;
  program.build_index = program::BuildIndex(program.builds, program.caps);

  const Analysis analysis{Uses::of(schema), RuleSites::of(schema)};
  if (!options.keep_everything) {
    Compiler(schema, analysis, program, program.lean, options.use_scan, options.use_guesses).run();
  }
  // Looking ahead is the privilege of what is evaluated late.
  const bool may_look_ahead =
      analysis.sites.look_ahead() || std::any_of(schema.types.begin(), schema.types.end(), [](const auto& type) {
        return type->first_instance() < type->members.size() || !type->asserts.empty();
      });
  if (options.keep_everything || may_look_ahead) {
    program.full.keeps_everything = true;
    Compiler(schema, analysis, program, program.full, false, options.use_guesses).run();
  }
  return program;
}

std::uint32_t compile_request(const Schema& schema, program::Program& program, const Expression& expression) {
  const Analysis analysis;
  return Compiler(schema, analysis, program, program.full).add_request(expression);
}

}  // namespace sluice::schema
