#include <array>

#include <fmt/core.h>

#include "validator/schema/keys.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

using namespace std::string_view_literals;

using Kind = Validation::Kind;

constexpr std::array kAllKeys = {"any-of"sv, "eq"sv, "expr"sv, "in-enum"sv, "max"sv, "min"sv};
constexpr std::array kRangeKeys = {"max"sv, "min"sv};

void load_any_of(Loader& loader, const KsyNode& node, Validation& valid) {
  if (!expect_sequence(node, loader.problems)) return;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    Expression choice = load_expression(loader, KsyNode(node, i));
    if (choice) valid.any_of.push_back(std::move(choice));
  }
}

void check_in_enum(Loader& loader, const KsyNode& node, const Member& member) {
  const std::optional<bool> value = read_boolean(node, loader.problems);
  if (value && !*value) {
    loader.problems.error(node.place(),
                          "only `true` is supported as value, got `false` (if you don't want any "
                          "validation, omit the `valid` key)");
  } else if (value && member.data.enum_name.empty() && !member.data.failed) {
    loader.problems.error(node.place(), "`valid/in-enum` requires the `enum` key");
  }
}

// The kind that a mapping is of: that of its first key that is known.
Kind kind_of(const KsyNode& node) {
  for (const document::Entry& entry : node->entries) {
    if (entry.key == "eq") return Kind::equal;
    if (entry.key == "min" || entry.key == "max") return Kind::range;
    if (entry.key == "any-of") return Kind::any_of;
    if (entry.key == "in-enum") return Kind::in_enum;
    if (entry.key == "expr") return Kind::expression;
  }
  return Kind::none;
}

void load_mapping(Loader& loader, const KsyNode& node, Member& member) {
  Validation& valid = member.valid;
  valid.kind = kind_of(node);
  const auto check = [&](std::string_view key) { check_keys(node, Keys(&key, 1), loader.problems); };
  switch (valid.kind) {
    case Kind::none:
      check_keys(node, kAllKeys, loader.problems);
      if (node->entries.empty()) loader.problems.error(node.place(), "empty `valid`: it checks nothing");
      return;
    case Kind::equal:
      check("eq");
      valid.equal = load_expression(loader, node, "eq");
      return;
    case Kind::range:
      check_keys(node, kRangeKeys, loader.problems);
      valid.min = load_expression(loader, node, "min");
      valid.max = load_expression(loader, node, "max");
      return;
    case Kind::any_of: check("any-of"); return load_any_of(loader, *node.find("any-of"), valid);
    case Kind::in_enum: check("in-enum"); return check_in_enum(loader, *node.find("in-enum"), member);
    case Kind::expression:
      check("expr");
      valid.expression = load_expression(loader, node, "expr");
      return;
  }
}

}  // namespace

void load_valid(Loader& loader, const KsyNode& attribute, Member& member) {
  const std::optional<KsyNode> node = attribute.find("valid");
  if (!node) return;
  member.valid.path = node->path();
  if (member.contents) {
    loader.problems.error(node->place(), "`contents` and `valid` cannot be used together");
    return;
  }
  if ((*node)->is_mapping()) return load_mapping(loader, *node, member);
  member.valid.kind = Kind::equal;
  member.valid.equal = load_expression(loader, *node);
}

}  // namespace sluice::schema
