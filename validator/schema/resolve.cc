// Names of types and enums -> their numbers.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "validator/finding/finding.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

// The names of `a::b::c`; of `::a::b` those behind the first colons.
std::vector<std::string> split(std::string_view text) {
  if (text.starts_with("::")) text.remove_prefix(2);
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t colons = text.find("::");
    parts.emplace_back(text.substr(0, colons));
    if (colons == text.npos) return parts;
    text.remove_prefix(colons + 2);
  }
}

// From `type` down by `names`.
std::optional<TypeId> descend(const Schema& schema, TypeId type, std::span<const std::string> names) {
  for (const std::string& name : names) {
    const auto found = schema.type(type).types.find(name);
    if (found == schema.type(type).types.end()) return std::nullopt;
    type = found->second;
  }
  return type;
}

TypeId top_of(const Schema& schema, TypeId type) {
  while (schema.type(type).outer != kNoType) type = schema.type(type).outer;
  return type;
}

std::optional<TypeId> find_from_top(const Schema& schema, TypeId top, std::span<const std::string> names) {
  if (schema.type(top).name == names[0]) return descend(schema, top, names.subspan(1));
  const auto other = schema.top_types.find(names[0]);
  if (other == schema.top_types.end()) return std::nullopt;
  return descend(schema, other->second, names.subspan(1));
}

class Resolver {
 public:
  explicit Resolver(Loader& loader) : loader_(loader), schema_(loader.schema) {}

  // Reading a file adds types behind the ones at hand, and they are resolved in turn.
  void run() {
    for (TypeId id = 0; id < schema_.types.size(); ++id) {
      TypeSpec& type = *schema_.types[id];
      for (Member& member : type.members) resolve(type, member);
    }
  }

 private:
  void resolve(const TypeSpec& type, Member& member) {
    resolve(type, member, member.data, nullptr);
    for (Case& item : member.data.cases) resolve(type, member, item.type, &item);
    resolve_checksum(type, member);
  }

  void resolve(const TypeSpec& type, const Member& member, DataType& data, const Case* item) {
    if (data.failed) return;
    if (!data.enum_name.empty()) resolve_enum(type, member, data);
    if (data.type_name.empty()) return;
    const std::optional<TypeId> found = resolve_type(type, data.type_name);
    if (found) {
      data.type_id = *found;
      return;
    }
    data.failed = true;
    std::string path = member.path + "/type";
    if (item != nullptr) path += "/cases/" + (item->match ? expression::print_as_path(*item->match.expr) : "_");
    loader_.problems.error({.file = type.file_index, .path = std::move(path), .mark = data.mark},
                           fmt::format("unable to find type '{}', searching from {}", data.type_name, type.full_name));
  }

  std::optional<TypeId> resolve_type(const TypeSpec& type, const std::string& name) {
    const bool absolute = name.starts_with("::");
    const std::vector<std::string> parts = split(name);
    if (const auto found = find_type(schema_, type.id, parts, absolute)) return found;
    const Source& source = loader_.source_of(type);
    if (!source.opaque_types) return std::nullopt;
    if (read_beside_.insert(parts[0]).second) load_beside(loader_, source, parts[0]);
    if (const auto found = find_type(schema_, type.id, parts, absolute)) return found;
    return opaque_type(type, name);
  }

  // A type that is written nowhere: it is named by its users and known to the host program.
  std::optional<TypeId> opaque_type(const TypeSpec& user, const std::string& name) {
    const auto [entry, is_new] = opaque_types_.try_emplace(name, kNoType);
    if (is_new) {
      const Place place{.file = user.file_index, .path = user.path, .mark = {}};
      if (TypeSpec* type = add_type(loader_, place, name, kNoType, user.file_index)) {
        type->opaque = true;
        entry->second = type->id;
      }
    }
    if (entry->second == kNoType) return std::nullopt;
    return entry->second;
  }

  void resolve_enum(const TypeSpec& type, const Member& member, DataType& data) {
    const std::optional<EnumId> found =
        find_enum(schema_, type.id, split(data.enum_name), data.enum_name.starts_with("::"));
    if (found) {
      data.enum_id = *found;
      return;
    }
    data.failed = true;
    loader_.problems.error({.file = type.file_index, .path = member.path + "/enum", .mark = data.enum_mark},
                           fmt::format("unable to find enum '{}', searching from {}", data.enum_name, type.full_name));
  }

  void resolve_checksum(const TypeSpec& type, Member& member) {
    Checksum& checksum = member.checksum;
    if (checksum.algorithm == Checksum::Algorithm::none) return;
    const auto index_of = [&](const std::string& id) -> std::optional<std::uint32_t> {
      const std::optional<std::uint32_t> index = type.find_member(id);
      if (index && type.members[*index].role == Role::sequence) return index;
      loader_.problems.error({.file = type.file_index, .path = checksum.path, .mark = checksum.mark},
                             fmt::format("unable to find seq attribute '{}' in {}", printable(id), type.full_name));
      return std::nullopt;
    };
    const std::optional<std::uint32_t> first = index_of(checksum.first_id);
    const std::optional<std::uint32_t> last =
        checksum.last_id == checksum.first_id ? first : index_of(checksum.last_id);
    if (!first || !last) {
      checksum.algorithm = Checksum::Algorithm::none;
      return;
    }
    if (*last < *first) {
      loader_.problems.error({.file = type.file_index, .path = checksum.path, .mark = checksum.mark},
                             fmt::format("'{}' comes before '{}'", checksum.last_id, checksum.first_id));
    }
    checksum.first = *first;
    checksum.last = *last;
  }

  Loader& loader_;
  Schema& schema_;
  std::set<std::string> read_beside_;
  std::map<std::string, TypeId> opaque_types_;
};

}  // namespace

std::optional<TypeId> find_type(const Schema& schema, TypeId from, const std::vector<std::string>& path,
                                bool absolute) {
  const TypeId top = top_of(schema, from);
  if (!absolute) {
    for (TypeId scope = from; scope != kNoType; scope = schema.type(scope).outer) {
      if (const auto found = descend(schema, scope, path)) return found;
    }
  } else if (const auto found = descend(schema, top, path)) {
    return found;
  }
  return find_from_top(schema, top, path);
}

std::optional<EnumId> find_enum(const Schema& schema, TypeId from, const std::vector<std::string>& path,
                                bool absolute) {
  const auto in = [&](TypeId type) -> std::optional<EnumId> {
    const auto found = schema.type(type).enums.find(path.back());
    if (found == schema.type(type).enums.end()) return std::nullopt;
    return found->second;
  };
  if (path.size() > 1) {
    const std::optional<TypeId> owner = find_type(schema, from, {path.begin(), path.end() - 1}, absolute);
    return owner ? in(*owner) : std::nullopt;
  }
  if (absolute) return in(top_of(schema, from));
  for (TypeId scope = from; scope != kNoType; scope = schema.type(scope).outer) {
    if (const auto found = in(scope)) return found;
  }
  return std::nullopt;
}

void resolve_names(Loader& loader) { Resolver(loader).run(); }

}  // namespace sluice::schema
