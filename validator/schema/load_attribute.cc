#include <array>
#include <vector>

#include <fmt/core.h>

#include "validator/schema/keys.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

using namespace std::string_view_literals;

constexpr std::array kCommonKeys = {"doc"sv,        "doc-ref"sv, "type"sv,          "if"sv,
                                    "terminator"sv, "consume"sv, "include"sv,       "eos-error"sv,
                                    "repeat"sv,     "valid"sv,   "-sluice-allow"sv, "-sluice-checksum"sv};
constexpr std::array kBytesKeys = {"contents"sv, "size"sv, "size-eos"sv, "pad-right"sv, "parent"sv, "process"sv};
constexpr std::array kStringKeys = {"size"sv, "size-eos"sv, "pad-right"sv, "encoding"sv};
constexpr std::array kParameterKeys = {"id"sv, "type"sv, "enum"sv, "doc"sv, "doc-ref"sv};
constexpr std::array kSequenceKeys = {"id"sv};

void add_keys(std::vector<std::string_view>& keys, std::span<const std::string_view> more) {
  keys.insert(keys.end(), more.begin(), more.end());
}

// Which keys an attribute may have depends on its type and its repetition.
std::vector<std::string_view> keys_of(const Member& member, bool repeat_is_known) {
  std::vector<std::string_view> keys(kCommonKeys.begin(), kCommonKeys.end());
  switch (member.data.kind) {
    case DataKind::integer:
    case DataKind::bits: keys.push_back("enum"); break;
    case DataKind::bytes:
    case DataKind::structure: add_keys(keys, kBytesKeys); break;
    case DataKind::switched:
      add_keys(keys, kBytesKeys);
      keys.push_back("encoding");
      break;
    case DataKind::string: add_keys(keys, kStringKeys); break;
    case DataKind::floating:
    case DataKind::none: break;
  }
  if (!repeat_is_known || member.repeat == RepeatKind::count) keys.push_back("repeat-expr");
  if (!repeat_is_known || member.repeat == RepeatKind::until) keys.push_back("repeat-until");
  // A key of another type is not what is wrong if the type itself could not be read, or the enum on it is.
  if (member.data.failed) {
    add_keys(keys, kBytesKeys);
    add_keys(keys, kStringKeys);
    keys.push_back("enum");
  }
  return keys;
}

struct Repeat {
  std::string_view name;
  RepeatKind kind;
  std::string_view argument;  // the key that goes with it
};
constexpr std::array<Repeat, 3> kRepeats = {{{"eos", RepeatKind::eos, {}},
                                             {"expr", RepeatKind::count, "repeat-expr"},
                                             {"until", RepeatKind::until, "repeat-until"}}};

// Returns false if what is wrong with `repeat` explains keys that would otherwise be out of place.
bool load_repeat(Loader& loader, const KsyNode& node, Member& member) {
  const std::optional<KsyNode> repeat = node.find("repeat");
  if (!repeat) return true;
  const std::optional<std::string_view> name = read_text(*repeat, loader.problems);
  if (!name) return false;
  for (const Repeat& row : kRepeats) {
    if (row.name != *name) continue;
    member.repeat = row.kind;
    if (row.argument.empty() || node.find(row.argument)) return true;
    loader.problems.error(repeat->place(),
                          fmt::format("`repeat: {}` requires a `{}` expression", row.name, row.argument));
    return false;
  }
  loader.problems.error(repeat->place(), fmt::format("expected eos / expr / until, got '{}'", describe(**repeat)));
  return false;
}

void load_parent(Loader& loader, const KsyNode& node, Member& member) {
  const std::optional<KsyNode> parent = node.find("parent");
  if (!parent) return;
  member.parent_is_false = (*parent)->is_scalar() && (*parent)->text == "false";
  if (!member.parent_is_false) member.parent = load_expression(loader, *parent);
}

// Gives the member its id, or `fallback` where none can be had, so that no second member is called the same.
void load_id(Loader& loader, const KsyNode& node, std::string_view kind, std::string fallback, Member& member) {
  member.id = std::move(fallback);
  const std::optional<KsyNode> id = node.find("id");
  if (!id) return;
  const std::optional<std::string_view> text = read_text(*id, loader.problems);
  if (text && expect_identifier(*text, kind, id->place(), loader.problems)) member.id = *text;
}

Member new_member(const KsyNode& node, Role role) {
  Member member;
  member.role = role;
  const Place place = node.key_place();
  member.path = place.path;
  member.mark = place.mark;
  return member;
}

void load_parameter(Loader& loader, const KsyNode& node, std::size_t index, TypeSpec& type) {
  Member member = new_member(node, Role::parameter);
  member.data.kind = DataKind::none;
  if (!expect_mapping(node, loader.problems)) return;
  check_keys(node, kParameterKeys, loader.problems);
  load_id(loader, node, "parameter", fmt::format("_parameter{}", index), member);
  if (!node.find("id")) loader.problems.error(node.place(), "missing mandatory argument `id`");
  load_parameter_type(loader, node, member);
  if (const auto doc = node.find("doc")) load_doc(loader, *doc, member.doc);
  type.members.push_back(std::move(member));
  ++type.parameter_count;
}

void load_sequence_attribute(Loader& loader, const KsyNode& node, std::size_t index, TypeSpec& type) {
  Member member = new_member(node, Role::sequence);
  if (expect_mapping(node, loader.problems)) {
    load_id(loader, node, "attribute", fmt::format("_unnamed{}", index), member);
    load_attribute(loader, node, type, kSequenceKeys, member);
  } else {
    member.id = fmt::format("_unnamed{}", index);
    member.data.failed = true;
  }
  type.members.push_back(std::move(member));
  ++type.sequence_count;
}

}  // namespace

void load_doc(Loader& loader, const KsyNode& node, std::string& doc) {
  if (const std::optional<std::string_view> text = read_text(node, loader.problems)) doc = *text;
}

void load_attribute(Loader& loader, const KsyNode& node, const TypeSpec& type,
                    std::span<const std::string_view> extra_keys, Member& member) {
  member.allow = type.allow;
  load_data_type(loader, node, type, member);
  const bool repeat_is_known = load_repeat(loader, node, member);
  std::vector<std::string_view> keys = keys_of(member, repeat_is_known);
  add_keys(keys, extra_keys);
  check_keys(node, keys, loader.problems);

  if (const auto doc = node.find("doc")) load_doc(loader, *doc, member.doc);
  if (const auto allow = node.find("-sluice-allow")) load_allow(loader, *allow, member.allow);
  member.condition = load_expression(loader, node, "if");
  if (member.repeat == RepeatKind::count) member.repeat_count = load_expression(loader, node, "repeat-expr");
  if (member.repeat == RepeatKind::until) member.repeat_until = load_expression(loader, node, "repeat-until");
  load_sizing(loader, node, member);
  load_parent(loader, node, member);
  load_valid(loader, node, member);
  load_checksum(loader, node, member);
}

bool afford_member(Loader& loader, const KsyNode& node) {
  if (loader.members_left > 0) {
    --loader.members_left;
    return true;
  }
  if (!loader.members_exhausted) {
    loader.members_exhausted = true;
    loader.problems.error(node.key_place(), fmt::format("more than {} attributes and instances", kMaxMembers));
  }
  return false;
}

void load_parameters(Loader& loader, const KsyNode& params, TypeSpec& type) {
  if (!expect_sequence(params, loader.problems)) return;
  for (std::size_t i = 0; i < params->items.size(); ++i) {
    const KsyNode node(params, i);
    if (!afford_member(loader, node)) return;
    load_parameter(loader, node, i, type);
  }
}

void load_sequence(Loader& loader, const KsyNode& seq, TypeSpec& type) {
  if (!expect_sequence(seq, loader.problems)) return;
  for (std::size_t i = 0; i < seq->items.size(); ++i) {
    const KsyNode node(seq, i);
    if (!afford_member(loader, node)) return;
    load_sequence_attribute(loader, node, i, type);
  }
}

}  // namespace sluice::schema
