#include <array>

#include "validator/schema/keys.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

using namespace std::string_view_literals;

constexpr std::array kValueKeys = {"doc"sv,   "doc-ref"sv,       "enum"sv,         "if"sv,
                                   "value"sv, "-sluice-valid"sv, "-sluice-allow"sv};
constexpr std::array kParseKeys = {"pos"sv, "io"sv};

void load_value_instance(Loader& loader, const KsyNode& node, const TypeSpec& type, Member& member) {
  member.role = Role::value_instance;
  member.allow = type.allow;
  member.data.kind = DataKind::none;
  check_keys(node, kValueKeys, loader.problems, "invalid key found in value instance, allowed");
  if (const auto doc = node.find("doc")) load_doc(loader, *doc, member.doc);
  if (const auto allow = node.find("-sluice-allow")) load_allow(loader, *allow, member.allow);
  if (const auto enumeration = node.find("enum")) {
    if (const auto name = read_text(*enumeration, loader.problems)) member.data.enum_name = *name;
    member.data.enum_mark = enumeration->place().mark;
  }
  member.value = load_expression(loader, node, "value");
  member.data.failed = !member.value;
  member.condition = load_expression(loader, node, "if");
  member.sluice_valid = load_expression(loader, node, "-sluice-valid");
}

void load_parse_instance(Loader& loader, const KsyNode& node, const TypeSpec& type, Member& member) {
  member.role = Role::parse_instance;
  load_attribute(loader, node, type, kParseKeys, member);
  member.position = load_expression(loader, node, "pos");
  member.io = load_expression(loader, node, "io");
}

}  // namespace

void load_instances(Loader& loader, const KsyNode& instances, TypeSpec& type) {
  if (!expect_mapping(instances, loader.problems)) return;
  for (const document::Entry& entry : instances->entries) {
    const KsyNode node(instances, entry);
    if (!afford_member(loader, node)) return;
    if (!expect_identifier(entry.key, "instance", node.key_place(), loader.problems)) continue;
    Member member;
    member.id = entry.key;
    const Place place = node.key_place();
    member.path = place.path;
    member.mark = place.mark;
    if (!expect_mapping(node, loader.problems)) {
      member.role = Role::value_instance;
      member.data.failed = true;
    } else if (node.find("value")) {
      load_value_instance(loader, node, type, member);
    } else {
      load_parse_instance(loader, node, type, member);
    }
    type.members.push_back(std::move(member));
  }
}

}  // namespace sluice::schema
