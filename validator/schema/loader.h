// What the files that read .ksy into a Schema share. Reading makes the types and their members; names stay text and
// expressions stay unchecked until every file is in.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "validator/schema/ksy_node.h"
#include "validator/schema/load.h"
#include "validator/schema/problems.h"

namespace sluice::schema {

// One .ksy file, read.
struct Source {
  document::Document document;
  std::filesystem::path path;    // canonical; empty for text from memory
  std::filesystem::path folder;  // as given: where its imports are looked for
  TypeId top = kNoType;
  bool opaque_types = false;
  struct Import {
    std::string name;
    Place place;
  };
  std::vector<Import> imports;
};

// A member takes some two thousand bytes, and a schema that imports a hundred others has some ten thousand.
inline constexpr std::size_t kMaxMembers = 20000;

struct Loader {
  Loader(Schema& into, const LoadOptions& how, std::vector<Problem>& out) : schema(into), options(how), problems(out) {}

  Schema& schema;
  const LoadOptions& options;
  Problems problems;
  std::vector<std::unique_ptr<Source>> sources;  // by file number
  std::size_t expression_bytes = 0;              // parsed so far
  std::size_t members_left = kMaxMembers;
  bool members_exhausted = false;
  bool expressions_exhausted = false;
  bool types_exhausted = false;

  [[nodiscard]] Source& source_of(const TypeSpec& type) { return *sources[type.file_index]; }
};

// --- load_type.cc
// Makes the type that `node` describes and those written inside it. kNoType if there are too many.
TypeId load_type(Loader& loader, const KsyNode& node, std::string name, TypeId outer, std::uint32_t file);
// A new type without anything, inheriting from `outer`; null if there are too many.
TypeSpec* add_type(Loader& loader, const Place& place, std::string name, TypeId outer, std::uint32_t file);

// Where the member's id is written.
[[nodiscard]] Place id_place(const TypeSpec& type, const Member& member);

// --- load_meta.cc
void load_meta(Loader& loader, const KsyNode& meta, TypeSpec& type);

// --- load_enum.cc
void load_enums(Loader& loader, const KsyNode& enums, TypeSpec& type);

// --- load_attribute.cc, load_instance.cc
// A member that could not be read in full is still added, so that other expressions may name it; its type then says
// nothing.
// Whether one more member may be read; a problem if not.
[[nodiscard]] bool afford_member(Loader& loader, const KsyNode& node);
void load_parameters(Loader& loader, const KsyNode& params, TypeSpec& type);
void load_sequence(Loader& loader, const KsyNode& seq, TypeSpec& type);
void load_instances(Loader& loader, const KsyNode& instances, TypeSpec& type);
// All that a seq attribute and a parse instance have in common; `extra_keys` are allowed beside.
void load_attribute(Loader& loader, const KsyNode& node, const TypeSpec& type,
                    std::span<const std::string_view> extra_keys, Member& member);
void load_doc(Loader& loader, const KsyNode& node, std::string& doc);

// --- load_data_type.cc
void load_data_type(Loader& loader, const KsyNode& attribute, const TypeSpec& type, Member& member);
void load_parameter_type(Loader& loader, const KsyNode& parameter, Member& member);

// --- load_sizing.cc: `size`, `terminator`, ..., `contents`, `process`
void load_sizing(Loader& loader, const KsyNode& attribute, Member& member);

// --- load_valid.cc
void load_valid(Loader& loader, const KsyNode& attribute, Member& member);

// --- load_sluice.cc: the keys that are ours
void load_allow(Loader& loader, const KsyNode& map, Allowances& allow);
void load_asserts(Loader& loader, const KsyNode& map, TypeSpec& type);
void load_checksum(Loader& loader, const KsyNode& attribute, Member& member);

// --- load_expression.cc
// The expression in a scalar; absent, with a problem, if it is none. `path` replaces the node's own.
[[nodiscard]] Expression load_expression(Loader& loader, const KsyNode& node);
// The expression in the scalar under `key`, absent if there is no such key.
[[nodiscard]] Expression load_expression(Loader& loader, const KsyNode& map, std::string_view key);
[[nodiscard]] Expression parse_expression(Loader& loader, std::string_view text, const Place& place);
// Whether so much more text may be parsed; a problem if not.
[[nodiscard]] bool afford_expression(Loader& loader, std::string_view text, const Place& place);

// --- resolve.cc
// Gives every name of a type and an enum its number, reading further files where opaque types allow it.
void resolve_names(Loader& loader);
[[nodiscard]] std::optional<TypeId> find_type(const Schema& schema, TypeId from, const std::vector<std::string>& path,
                                              bool absolute);
[[nodiscard]] std::optional<EnumId> find_enum(const Schema& schema, TypeId from, const std::vector<std::string>& path,
                                              bool absolute);

// --- load.cc
// Reads `<name>.ksy` from the folder of `source`, if it is there: what an opaque type may be.
void load_beside(Loader& loader, const Source& source, const std::string& name);

// --- fixed_size.cc
void find_fixed_sizes(Schema& schema);
// Bits of a member with its repetition; empty where they depend on the data.
[[nodiscard]] std::optional<std::uint64_t> fixed_bits(const Schema& schema, const Member& member);

// --- typing.cc
// Gives every member its type and every structure its parent's. Value instances have their expressions checked.
void infer_types(Loader& loader);

// --- bit_order.cc
void check_bit_orders(Loader& loader);

// --- check.cc
void check_expressions(Loader& loader);

// --- style.cc
void advise(Loader& loader);

}  // namespace sluice::schema
