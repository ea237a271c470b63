#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "validator/schema/keys.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

using namespace std::literals;

constexpr std::array kTypeKeys = {"meta"sv,  "doc"sv,       "doc-ref"sv, "to-string"sv,     "params"sv,         "seq"sv,
                                  "types"sv, "instances"sv, "enums"sv,   "-sluice-allow"sv, "-sluice-asserts"sv};

// Each expression keeps its path, so long ones multiply.
constexpr std::size_t kMaxTypePath = 1024;

void inherit(TypeSpec& type, const TypeSpec& outer) {
  type.full_name = outer.full_name + "::" + type.name;
  type.endian = outer.endian;
  type.bit_endian = outer.bit_endian;
  type.encoding = outer.encoding;
  type.debug = outer.debug;
  type.allow = outer.allow;
}

void load_types(Loader& loader, const KsyNode& types, TypeSpec& outer) {
  if (!expect_mapping(types, loader.problems)) return;
  for (const document::Entry& entry : types->entries) {
    const KsyNode node(types, entry);
    if (!expect_identifier(entry.key, "type", node.key_place(), loader.problems)) continue;
    const TypeId id = load_type(loader, node, entry.key, outer.id, outer.file_index);
    if (id == kNoType) return;
    outer.types.emplace(entry.key, id);
  }
}

// Members are large and growing moves them.
void reserve_members(const KsyNode& node, TypeSpec& type) {
  std::size_t count = 0;
  for (const std::string_view key : {"params"sv, "seq"sv, "instances"sv}) {
    const std::optional<KsyNode> part = node.find(key);
    if (part) count += (*part)->items.size() + (*part)->entries.size();
  }
  type.members.reserve(std::min(count, kMaxMembers));
}

void load_parts(Loader& loader, const KsyNode& node, TypeSpec& type) {
  const auto part = [&](std::string_view key, auto load) {
    if (const std::optional<KsyNode> found = node.find(key)) load(loader, *found, type);
  };
  part("meta", load_meta);
  part("-sluice-allow", [](Loader& l, const KsyNode& n, TypeSpec& t) { load_allow(l, n, t.allow); });
  part("doc", [](Loader& l, const KsyNode& n, TypeSpec& t) { load_doc(l, n, t.doc); });
  part("enums", load_enums);
  reserve_members(node, type);
  part("params", load_parameters);
  part("seq", load_sequence);
  part("instances", load_instances);
  part("-sluice-asserts", load_asserts);
  part("types", load_types);
  type.to_string = load_expression(loader, node, "to-string");
}

// Parameters, seq and instances share one space of names.
void check_ids(Loader& loader, const TypeSpec& type) {
  for (std::size_t i = 1; i < type.by_id.size(); ++i) {
    const Member& first = type.members[type.by_id[i - 1]];
    const Member& second = type.members[type.by_id[i]];
    if (first.id != second.id) continue;
    loader.problems.error(id_place(type, second), fmt::format("duplicate attribute ID '{}', previously defined at {}",
                                                              second.id, id_place(type, first).path));
  }
}

}  // namespace

Place id_place(const TypeSpec& type, const Member& member) {
  const bool is_listed = member.role == Role::parameter || member.role == Role::sequence;
  return {.file = type.file_index, .path = member.path + (is_listed ? "/id" : ""), .mark = member.mark};
}

TypeSpec* add_type(Loader& loader, const Place& place, std::string name, TypeId outer, std::uint32_t file) {
  Schema& schema = loader.schema;
  if (loader.types_exhausted) return nullptr;
  if (schema.types.size() >= loader.options.max_types || place.path.size() > kMaxTypePath) {
    loader.types_exhausted = true;
    loader.problems.error(place, schema.types.size() >= loader.options.max_types
                                     ? fmt::format("more than {} types", loader.options.max_types)
                                     : "types are nested too deeply"s);
    return nullptr;
  }
  auto type = std::make_unique<TypeSpec>();
  type->id = static_cast<TypeId>(schema.types.size());
  type->name = std::move(name);
  type->full_name = type->name;
  type->path = place.path == "/" ? "" : place.path;
  type->file_index = file;
  type->file = schema.files[file];
  type->outer = outer;
  if (outer != kNoType) inherit(*type, schema.type(outer));
  schema.types.push_back(std::move(type));
  return schema.types.back().get();
}

TypeId load_type(Loader& loader, const KsyNode& node, std::string name, TypeId outer, std::uint32_t file) {
  TypeSpec* type = add_type(loader, node.place(), std::move(name), outer, file);
  if (type == nullptr) return kNoType;
  if (!expect_mapping(node, loader.problems)) return type->id;
  check_keys(node, kTypeKeys, loader.problems);
  load_parts(loader, node, *type);
  type->by_id = order_by_id(type->members);
  check_ids(loader, *type);
  return type->id;
}

}  // namespace sluice::schema
