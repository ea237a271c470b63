// What the files that read a rules document share.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/rules/scope.h"
#include "validator/schema/ksy_node.h"
#include "validator/schema/problems.h"
#include "validator/schema/schema.h"

namespace sluice::rules {

using schema::Expression;
using schema::KsyNode;
using schema::Place;
using schema::RulePath;

struct Loader {
  const schema::Schema& schema;
  schema::RuleBook& book;
  schema::Problems problems;
  std::vector<Place> cap_places = {};  // where each of `book.caps` was named first
};

// each.cc: `instances.criteria`. What it leads to is the last step's field.
[[nodiscard]] std::optional<RulePath> load_path(Loader& loader, const KsyNode& node);
// The type of one element of it.
[[nodiscard]] const Type& element_type(const schema::Schema& schema, const RulePath& path);
// The same for rows that a join looks up: structures.
[[nodiscard]] std::optional<RulePath> load_rows(Loader& loader, const KsyNode& node);

// What an expression must be.
enum class Wanted : std::uint8_t { boolean, integer, key, text, printable, anything };

// Parses, resolves and checks `text`. Empty if there was a problem.
[[nodiscard]] Expression parse_and_bind(Loader& loader, std::string_view text, const Place& place,
                                        const RuleScope::Names& names, Wanted wanted);
[[nodiscard]] Expression load_expression(Loader& loader, const KsyNode& node, const RuleScope::Names& names,
                                         Wanted wanted);
// The expression under `key`, which must be there.
[[nodiscard]] Expression load_expression(Loader& loader, const KsyNode& map, std::string_view key,
                                         const RuleScope::Names& names, Wanted wanted);

// The number of the table of `in` by `key`, two keys of `node`. Equal tables are one.
[[nodiscard]] std::optional<std::uint32_t> load_table(Loader& loader, const KsyNode& node);

// message.cc
[[nodiscard]] std::vector<schema::MessagePart> load_message(Loader& loader, const KsyNode& node,
                                                            const RuleScope::Names& names);

// load_rule.cc
void load_rule(Loader& loader, const KsyNode& node, std::string_view format);

}  // namespace sluice::rules
