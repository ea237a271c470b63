#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include <fmt/core.h>

#include "validator/finding/finding.h"
#include "validator/schema/keys.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

using namespace std::string_view_literals;

constexpr std::array kMemberKeys = {"id"sv, "doc"sv, "doc-ref"sv};

// A member and which entry of the map it came from.
struct Written {
  EnumMember member;
  std::size_t entry = 0;
};

std::optional<Integer> parse_key(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::optional<Integer> magnitude = parse_integer_literal(text.substr(negative ? 1 : 0));
  if (!magnitude) return std::nullopt;
  const Integer value = negative ? -*magnitude : *magnitude;
  return in_range(value) ? std::optional(value) : std::nullopt;
}

bool load_member(Loader& loader, const KsyNode& node, EnumMember& member) {
  if (node->is_scalar()) {
    member.label = node->text;
    return expect_identifier(member.label, "enum member", node.place(), loader.problems);
  }
  if (!node->is_mapping()) {
    loader.problems.error(node.place(), fmt::format("expected string or map, got {}", describe(*node)));
    return false;
  }
  check_keys(node, kMemberKeys, loader.problems);
  const std::optional<KsyNode> id = node.find("id");
  if (!id) {
    loader.problems.error(node.place(), "missing mandatory argument `id`");
    return false;
  }
  const std::optional<std::string_view> label = read_text(*id, loader.problems);
  if (!label || !expect_identifier(*label, "enum member", id->place(), loader.problems)) return false;
  member.label = *label;
  if (const std::optional<KsyNode> doc = node.find("doc")) load_doc(loader, *doc, member.doc);
  return true;
}

std::vector<Written> load_members(Loader& loader, const KsyNode& node) {
  std::vector<Written> out;
  for (std::size_t i = 0; i < node->entries.size(); ++i) {
    const document::Entry& entry = node->entries[i];
    const KsyNode child(node, entry);
    const std::optional<Integer> value = entry.key_quoted ? std::nullopt : parse_key(entry.key);
    if (!value) {
      loader.problems.error(child.key_place(), fmt::format("unable to parse `{}` as int", printable(entry.key)));
      continue;
    }
    Written written{.member = {.value = *value, .label = {}, .doc = {}}, .entry = i};
    if (load_member(loader, child, written.member)) out.push_back(std::move(written));
  }
  return out;
}

// Reports what `projection` finds equal in two members.
template <typename Projection, typename Message>
void report_duplicates(Loader& loader, const KsyNode& node, const std::vector<Written>& members, Projection projection,
                       Message message) {
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(projection(members[i]), i); });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Written& first = members[order[i - 1]];
    const Written& second = members[order[i]];
    if (projection(first) != projection(second)) continue;
    const KsyNode previous(node, node->entries[first.entry]);
    loader.problems.error(KsyNode(node, node->entries[second.entry]).place(),
                          fmt::format("{}, previously defined at {}", message(second), previous.path()));
  }
}

void load_enum(Loader& loader, const KsyNode& node, Enum& target) {
  if (!expect_mapping(node, loader.problems)) return;
  std::vector<Written> members = load_members(loader, node);
  report_duplicates(
      loader, node, members, [](const Written& w) -> std::string_view { return w.member.label; },
      [](const Written& w) { return fmt::format("duplicate enum member ID: '{}'", w.member.label); });
  report_duplicates(
      loader, node, members, [](const Written& w) { return w.member.value; },
      [](const Written& w) { return fmt::format("duplicate enum value: {}", to_string(w.member.value)); });

  std::ranges::sort(members, {}, [](const Written& w) { return w.member.value; });
  for (Written& written : members) target.members.push_back(std::move(written.member));
  target.by_label.resize(target.members.size());
  std::iota(target.by_label.begin(), target.by_label.end(), 0u);
  std::ranges::sort(target.by_label, {},
                    [&](std::uint32_t i) -> const std::string& { return target.members[i].label; });
}

// The top type of the root's file has no part in the names of its enums: others say `animal`, not `zoo::animal`.
std::string full_name(const Schema& schema, const TypeSpec& owner, std::string_view name) {
  std::string_view prefix = owner.full_name;
  if (owner.file_index == 0) {
    const std::size_t top = schema.type(schema.root).name.size();
    prefix.remove_prefix(std::min(prefix.size(), top));
    if (prefix.starts_with("::")) prefix.remove_prefix(2);
  }
  return prefix.empty() ? std::string(name) : fmt::format("{}::{}", prefix, name);
}

}  // namespace

void load_enums(Loader& loader, const KsyNode& enums, TypeSpec& type) {
  if (!expect_mapping(enums, loader.problems)) return;
  for (const document::Entry& entry : enums->entries) {
    const KsyNode node(enums, entry);
    if (!expect_identifier(entry.key, "enum", node.key_place(), loader.problems)) continue;
    auto made = std::make_unique<Enum>();
    made->id = static_cast<EnumId>(loader.schema.enums.size());
    made->name = entry.key;
    made->full_name = full_name(loader.schema, type, entry.key);
    made->path = node.path();
    made->owner = type.id;
    load_enum(loader, node, *made);
    type.enums.emplace(entry.key, made->id);
    loader.schema.enums.push_back(std::move(made));
  }
}

}  // namespace sluice::schema
