// The type of an attribute: `u2le`, `b12`, `strz`, `a::b(1, x)`, a switch, or bytes where none is given.
#include <array>

#include <fmt/core.h>

#include "validator/expression/check.h"
#include "validator/expression/parse.h"
#include "validator/finding/finding.h"
#include "validator/schema/encoding.h"
#include "validator/schema/keys.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

using namespace std::string_view_literals;

constexpr std::array kSwitchKeys = {"cases"sv, "switch-on"sv};

// `le` or `be` at the end of a type's name, taken off.
Endian take_endian(std::string_view& name) {
  const Endian endian = name.ends_with("le") ? Endian::little : name.ends_with("be") ? Endian::big : Endian::none;
  if (endian != Endian::none) name.remove_suffix(2);
  return endian;
}

// u1 s1 u2 u4 u8 s2 s4 s8 f4 f8, those wider than a byte with `le` or `be` or none.
bool parse_number(std::string_view name, DataType& out) {
  const Endian endian = take_endian(name);
  if (name.size() != 2 || "usf"sv.find(name[0]) == name.npos || "1248"sv.find(name[1]) == name.npos) return false;
  const bool is_floating = name[0] == 'f';
  out.width = static_cast<std::uint8_t>(name[1] - '0');
  if (out.width == 1 && endian != Endian::none) return false;
  if (is_floating && out.width < 4) return false;
  out.kind = is_floating ? DataKind::floating : DataKind::integer;
  out.is_signed = name[0] != 'u';
  out.endian = endian;
  return true;
}

// b1 to b64 with `le` or `be` or none. A width that is none is a bit field all the same: `width` is then 0.
bool parse_bits(std::string_view name, DataType& out, Endian& endian) {
  endian = take_endian(name);
  if (!name.starts_with('b') || name.size() < 2 || name.find_first_not_of("0123456789", 1) != name.npos) return false;
  const std::optional<Integer> width = parse_integer_literal(name.substr(1));
  out.kind = DataKind::bits;
  out.width = width && 1 <= *width && *width <= 64 ? static_cast<std::uint8_t>(*width) : std::uint8_t{0};
  return true;
}

class TypeReader {
 public:
  TypeReader(Loader& loader, const KsyNode& attribute, const TypeSpec& type)
      : loader_(loader), attribute_(attribute), type_(type) {}

  // Reads `text`, which stands at `place`.
  void read(std::string_view text, const Place& place, DataType& out) {
    out.mark = place.mark;
    Endian bit_endian = Endian::none;
    if (parse_number(text, out)) return finish_number(text, place, out);
    if (parse_bits(text, out, bit_endian)) return finish_bits(text, place, bit_endian, out);
    if (text == "str" || text == "strz") return finish_string(text == "strz", out);
    read_reference(text, place, out);
  }

  void read_switch(const KsyNode& node, DataType& out) {
    out.kind = DataKind::switched;
    out.mark = node.place().mark;
    check_keys(node, kSwitchKeys, loader_.problems);
    const std::optional<KsyNode> on = node.find("switch-on");
    const std::optional<KsyNode> cases = node.find("cases");
    if (!on || !cases) {
      fail(node.place(), fmt::format("missing mandatory argument `{}`", on ? "cases" : "switch-on"), out);
      return;
    }
    out.switch_on = load_expression(loader_, *on);
    if (!expect_mapping(*cases, loader_.problems)) {
      out.failed = true;
      return;
    }
    for (const document::Entry& entry : (*cases)->entries) read_case(*cases, entry, out);
  }

 private:
  void fail(const Place& place, std::string message, DataType& out) {
    loader_.problems.error(place, std::move(message));
    out.failed = true;
  }

  void finish_number(std::string_view text, const Place& place, DataType& out) {
    if (out.width == 1 || out.endian != Endian::none) return;
    out.endian = type_.endian;
    if (out.endian == Endian::none) {
      loader_.problems.error(place, fmt::format("unable to use type '{}' without default endianness", text));
    }
  }

  void finish_bits(std::string_view text, const Place& place, Endian endian, DataType& out) {
    if (out.width == 0) {
      return fail(place, fmt::format("invalid type '{}': a bit field has 1 to 64 bits", printable(text)), out);
    }
    out.bit_endian = endian == Endian::little ? BitEndian::little
                     : endian == Endian::big  ? BitEndian::big
                                              : type_.bit_endian;
    out.is_boolean = out.width == 1;  // until an enum is found on it
  }

  void finish_string(bool zero_terminated, DataType& out) {
    out.kind = DataKind::string;
    out.zero_terminated = zero_terminated;
    out.encoding = encoding();
    if (out.encoding.empty()) fail(attribute_.key_place(), "string type, but no encoding found", out);
  }

  // The attribute's own, read once for all cases of a switch, or the type's.
  const std::string& encoding() {
    if (encoding_) return *encoding_;
    encoding_ = type_.encoding;
    if (const auto node = attribute_.find("encoding")) {
      const std::optional<std::string_view> name = read_text(*node, loader_.problems);
      encoding_ = name ? canonical_encoding(*name, node->place(), loader_.problems) : "ASCII";
    }
    return *encoding_;
  }

  void read_reference(std::string_view text, const Place& place, DataType& out) {
    out.kind = DataKind::structure;
    if (!afford_expression(loader_, text, place)) {
      out.failed = true;
      return;
    }
    expression::TypeReference reference;
    expression::SyntaxError error;
    if (!expression::parse_type_reference(text, reference, error)) {
      return fail(place, std::move(error.message), out);
    }
    if (reference.is_absolute) out.type_name = "::";
    for (const std::string& part : reference.path) {
      if (out.type_name.size() > 2 || (!out.type_name.empty() && out.type_name != "::")) out.type_name += "::";
      out.type_name += part;
    }
    for (expression::ExprPtr& argument : reference.arguments) {
      out.arguments.push_back({.expr = std::move(argument), .text = {}, .path = place.path, .mark = place.mark});
      out.arguments.back().text = expression::print(*out.arguments.back().expr);
    }
  }

  // A case goes by its expression as the compiler of record prints it; one that cannot be parsed by its text.
  void read_case(const KsyNode& cases, const document::Entry& entry, DataType& out) {
    Case made;
    std::string name = entry.key;
    if (entry.key != "_") {
      made.match = parse_expression(loader_, entry.key, KsyNode(cases, entry).key_place());
      if (made.match) {
        name = expression::print_as_path(*made.match.expr);
        made.match.path = KsyNode(cases, entry, name).path();
      }
    }
    const KsyNode node(cases, entry, name);
    if (const std::optional<std::string_view> text = read_text(node, loader_.problems)) {
      read(*text, node.place(), made.type);
    } else {
      made.type.failed = true;
    }
    out.cases.push_back(std::move(made));
  }

  Loader& loader_;
  const KsyNode& attribute_;
  const TypeSpec& type_;
  std::optional<std::string> encoding_;
};

// What the message calls a type that is no integer.
std::string spelling_of(const Member& member, const KsyNode& attribute) {
  const DataType& data = member.data;
  switch (data.kind) {
    case DataKind::floating:
      return fmt::format("FloatMultiType(Width{},{})", data.width,
                         data.endian == Endian::big ? "Some(BigEndian)" : "Some(LittleEndian)");
    case DataKind::string: return "StrFromBytesType";
    case DataKind::structure: return fmt::format("UserTypeInstream(List({}),None,List())", data.type_name);
    case DataKind::switched: return "SwitchType";
    default: return attribute.find("size") ? "BytesLimitType" : "BytesType";
  }
}

void load_enum_name(Loader& loader, const KsyNode& attribute, Member& member) {
  const std::optional<KsyNode> node = attribute.find("enum");
  if (!node) return;
  DataType& data = member.data;
  const std::optional<std::string_view> name = read_text(*node, loader.problems);
  if (data.failed) return;
  if (data.kind != DataKind::integer && data.kind != DataKind::bits) {
    loader.problems.error(node->place(), fmt::format("tried to resolve non-integer {} to enum",
                                                     printable(spelling_of(member, attribute))));
    data.failed = true;
    return;
  }
  data.is_boolean = false;
  data.enum_mark = node->place().mark;
  if (name) data.enum_name = *name;
  data.failed = !name;
}

// A path of names without arguments.
bool read_parameter_reference(Loader& loader, std::string_view text, const Place& place, DataType& out) {
  expression::TypeReference reference;
  expression::SyntaxError error;
  if (!afford_expression(loader, text, place)) return false;
  if (!expression::parse_type_reference(text, reference, error)) {
    loader.problems.error(place, std::move(error.message));
    return false;
  }
  if (reference.has_arguments) {
    loader.problems.error(place, "the type of a parameter takes no arguments");
    return false;
  }
  out.type_name = text;
  return true;
}

}  // namespace

void load_parameter_type(Loader& loader, const KsyNode& parameter, Member& member) {
  member.element_type = expression::Type::bytes();
  if (const std::optional<KsyNode> node = parameter.find("type")) {
    const std::optional<std::string_view> text = read_text(*node, loader.problems);
    if (!text) {
      member.data.failed = true;
      return;
    }
    member.is_array = text->ends_with("[]");
    const std::string_view name = text->substr(0, text->size() - (member.is_array ? 2 : 0));
    member.data.mark = node->place().mark;
    if (const auto builtin = expression::builtin_type(name)) {
      member.element_type = builtin->type;
    } else {
      member.element_type = expression::Type::structure(kNoType);
      member.data.failed = !read_parameter_reference(loader, name, node->place(), member.data);
    }
  }
  const std::optional<KsyNode> node = parameter.find("enum");
  if (!node) return;
  const std::optional<std::string_view> name = read_text(*node, loader.problems);
  member.data.enum_mark = node->place().mark;
  if (name) member.data.enum_name = *name;
  if (!name || member.data.failed) {
    member.data.failed = true;
  } else if (!member.element_type.is(expression::TypeKind::integer) &&
             !member.element_type.is(expression::TypeKind::boolean)) {
    loader.problems.error(node->place(), "tried to resolve non-integer parameter type to enum");
    member.data.failed = true;
  }
}

void load_data_type(Loader& loader, const KsyNode& attribute, const TypeSpec& type, Member& member) {
  DataType& data = member.data;
  TypeReader reader(loader, attribute, type);
  if (const std::optional<KsyNode> node = attribute.find("type")) {
    if ((*node)->is_scalar()) {
      reader.read((*node)->text, node->place(), data);
    } else if ((*node)->is_mapping()) {
      reader.read_switch(*node, data);
    } else {
      loader.problems.error(node->place(), fmt::format("expected map or string, found {}", describe(**node)));
      data.failed = true;
    }
  }
  load_enum_name(loader, attribute, member);
}

}  // namespace sluice::schema
