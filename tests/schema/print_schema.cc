#include "tests/schema/print_schema.h"

#include <fmt/core.h>

namespace sluice::schema {
namespace {

using expression::Type;
using expression::TypeKind;

std::string print(const Schema& schema, const Type& type) {
  switch (type.kind) {
    case TypeKind::unknown: return "unknown";
    case TypeKind::integer: return "integer";
    case TypeKind::floating: return "float";
    case TypeKind::boolean: return "boolean";
    case TypeKind::string: return "string";
    case TypeKind::bytes: return "bytes";
    case TypeKind::enumeration: return "enum " + schema.enumeration(type.enum_id).full_name;
    case TypeKind::structure: return type.type_id == kNoType ? "struct" : schema.type(type.type_id).full_name;
    case TypeKind::array: return print(schema, *type.element) + "[]";
    case TypeKind::stream: return "io";
    case TypeKind::any: return "any";
  }
  return {};
}

std::string_view suffix(Endian endian) {
  switch (endian) {
    case Endian::none: return "";
    case Endian::little: return "le";
    case Endian::big: return "be";
    case Endian::calculated: return "?e";
  }
  return {};
}

std::string print(const DataType& data) {
  switch (data.kind) {
    case DataKind::integer: return fmt::format("{}{}{}", data.is_signed ? 's' : 'u', data.width, suffix(data.endian));
    case DataKind::floating: return fmt::format("f{}{}", data.width, suffix(data.endian));
    case DataKind::bits: return fmt::format("b{}{}", data.width, data.bit_endian == BitEndian::little ? "le" : "be");
    case DataKind::bytes: return "bytes";
    case DataKind::string: return fmt::format("str({})", data.encoding);
    case DataKind::structure: return data.type_name;
    case DataKind::switched: return "switch";
    case DataKind::none: return "-";
  }
  return {};
}

std::string print_sizing(const Sizing& sizing) {
  std::string out;
  if (sizing.size) out += " size=" + expression::print(*sizing.size.expr);
  if (sizing.size_eos) out += " size-eos";
  if (sizing.terminator) {
    out += " terminator=";
    for (const std::uint8_t byte : *sizing.terminator) out += fmt::format("{:02x}", byte);
  }
  if (sizing.pad_right) out += fmt::format(" pad-right={:02x}", *sizing.pad_right);
  return out;
}

std::string print(const Allowances& allow) {
  std::string out;
  if (allow.trailing_bytes) out += " trailing-bytes";
  if (allow.overlap) out += " overlap";
  if (allow.unknown_enum) out += " unknown-enum";
  if (allow.unmatched_switch) out += " unmatched-switch";
  return out.empty() ? "" : " allow" + out;
}

std::string print(const Schema& schema, const TypeSpec& type, const Member& member) {
  std::string out = fmt::format("  {}: {}", member.id, print(schema, member.type));
  if (member.role == Role::sequence || member.role == Role::parse_instance) out += " <- " + print(member.data);
  out += print_sizing(member.sizing);
  if (member.contents) out += fmt::format(" contents of {} bytes", member.contents->size());
  if (member.value) out += " = " + expression::print(*member.value.expr);
  if (member.checksum.algorithm != Checksum::Algorithm::none) {
    out += fmt::format(" checksum over {}..{}", type.members[member.checksum.first].id,
                       type.members[member.checksum.last].id);
  }
  return out + print(member.allow) + "\n";
}

}  // namespace

std::string print(const Schema& schema) {
  std::string out;
  for (const auto& type : schema.types) {
    out += type->full_name + (type->opaque ? ", opaque" : "");
    if (type->fixed_bits) out += fmt::format(", {} bits", *type->fixed_bits);
    if (type->parent_type != kNoType) out += ", in " + schema.type(type->parent_type).full_name;
    out += "\n";
    for (const Member& member : type->members) out += print(schema, *type, member);
  }
  for (const auto& enumeration : schema.enums) {
    out += "enum " + enumeration->full_name;
    for (const EnumMember& member : enumeration->members)
      out += fmt::format(" {}={}", member.label, to_string(member.value));
    out += "\n";
  }
  if (!out.empty()) out.pop_back();
  return out;
}

}  // namespace sluice::schema
