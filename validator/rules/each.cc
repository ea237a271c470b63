// Paths, tables and expressions.
#include <fmt/core.h>

#include <algorithm>

#include "validator/expression/parse.h"
#include "validator/finding/finding.h"
#include "validator/rules/loader.h"

namespace sluice::rules {

namespace {

using expression::TypeKind;
using schema::Member;
using schema::Role;
using schema::TypeSpec;

// Every path and expression is short; what is not was not written by a person.
constexpr std::size_t kMaxText = 4096;

bool fits(const Type& type, Wanted wanted) {
  const bool is_number = type.is(TypeKind::integer);
  switch (wanted) {
    case Wanted::boolean: return type.is(TypeKind::boolean);
    case Wanted::integer: return is_number || type.is(TypeKind::enumeration);
    case Wanted::key:
      return is_number || type.is(TypeKind::enumeration) || type.is(TypeKind::string) || type.is(TypeKind::bytes);
    case Wanted::text: return type.is(TypeKind::string);
    case Wanted::printable:
      return !type.is(TypeKind::structure) && !type.is(TypeKind::array) && !type.is(TypeKind::stream);
    case Wanted::anything: return true;
  }
  return true;
}

std::string_view name_of(Wanted wanted) {
  switch (wanted) {
    case Wanted::boolean: return "a boolean";
    case Wanted::integer: return "an integer";
    case Wanted::key: return "an integer, text or bytes";
    case Wanted::text: return "text";
    case Wanted::printable: return "a value that can be shown";
    case Wanted::anything: break;
  }
  return "a value";
}

std::string_view name_of(const Type& type) {
  switch (type.kind) {
    case TypeKind::integer: return "an integer";
    case TypeKind::floating: return "a float";
    case TypeKind::boolean: return "a boolean";
    case TypeKind::string: return "text";
    case TypeKind::bytes: return "bytes";
    case TypeKind::enumeration: return "a value of an enum";
    case TypeKind::structure: return "a structure";
    case TypeKind::array: return "a sequence";
    case TypeKind::stream: return "a stream";
    case TypeKind::unknown:
    case TypeKind::any: break;
  }
  return "a value of any type";
}

bool asks_where_reading_stands(const expression::Expr& e) {
  return e.method == expression::Method::pos || e.method == expression::Method::eof ||
         std::ranges::any_of(e.children, [](const auto& child) { return asks_where_reading_stands(*child); });
}

// The types of a switch that have the field.
std::vector<TypeId> cases_with(const schema::Schema& schema, const schema::DataType& data, std::string_view field) {
  std::vector<TypeId> types;
  for (const schema::Case& c : data.cases) {
    if (c.type.kind != schema::DataKind::structure || c.type.type_id == expression::kNoType) continue;
    const bool is_new = std::ranges::find(types, c.type.type_id) == types.end();
    if (is_new && schema.type(c.type.type_id).find_member(field)) types.push_back(c.type.type_id);
  }
  return types;
}

}  // namespace

const Type& element_type(const schema::Schema& schema, const RulePath& path) {
  const RulePath::Step& last = path.steps.back();
  const Member& member = schema.type(last.type).members[last.member];
  return member.repeat == schema::RepeatKind::none ? member.type : member.element_type;
}

std::optional<RulePath> load_path(Loader& loader, const KsyNode& node) {
  const auto text = schema::read_text(node, loader.problems);
  if (!text) return std::nullopt;
  const auto fail = [&](std::string message) {
    loader.problems.error(node.place(), std::move(message));
    return std::nullopt;
  };
  if (text->size() > kMaxText) return fail("a path of more than 4096 bytes");
  RulePath path{.steps = {}, .text = std::string(*text)};
  TypeId type = loader.schema.root;
  const schema::DataType* cases = nullptr;  // of the field before, if it is a switch
  for (std::size_t at = 0; at <= text->size();) {
    const std::size_t dot = std::min(text->find('.', at), text->size());
    const std::string_view name = text->substr(at, dot - at);
    at = dot + 1;
    if (cases != nullptr) {
      const std::vector<TypeId> types = cases_with(loader.schema, *cases, name);
      if (types.size() > 1) return fail(fmt::format("several cases have a field '{}'", printable(name)));
      if (types.empty()) return fail(fmt::format("no case has a field '{}'", printable(name)));
      type = types.front();
    }
    if (type == expression::kNoType) return fail(fmt::format("'{}' is not a structure", path.text));
    const TypeSpec& spec = loader.schema.type(type);
    const auto member = spec.find_member(name);
    if (!member) return fail(fmt::format("'{}' has no field '{}'", spec.name, printable(name)));
    const Member& m = spec.members[*member];
    if (m.role == Role::value_instance || m.role == Role::parameter)
      return fail(fmt::format("'{}' is computed, not read: there are no elements to visit", m.id));
    path.steps.push_back({type, *member});
    type = m.data.kind == schema::DataKind::structure ? m.data.type_id : expression::kNoType;
    cases = m.data.kind == schema::DataKind::switched ? &m.data : nullptr;
  }
  return path;
}

std::optional<RulePath> load_rows(Loader& loader, const KsyNode& node) {
  auto path = load_path(loader, node);
  if (!path) return std::nullopt;
  const Type& row = element_type(loader.schema, *path);
  if (row.is(TypeKind::structure) && row.type_id != expression::kNoType) return path;
  loader.problems.error(node.place(), fmt::format("'{}' are no structures: they have no key", path->text));
  return std::nullopt;
}

Expression parse_and_bind(Loader& loader, std::string_view text, const Place& place, const RuleScope::Names& names,
                          Wanted wanted) {
  Expression out;
  const auto fail = [&](std::string message) {
    loader.problems.error(place, std::move(message));
    return Expression{};
  };
  if (text.size() > kMaxText) return fail("an expression of more than 4096 bytes");
  expression::SyntaxError syntax;
  out.expr = expression::parse(text, syntax);
  if (!out.expr) return fail(std::move(syntax.message));
  qualify(*out.expr, loader.schema, names);
  const std::size_t caps = loader.book.caps.size();
  expression::TypeError error;
  const bool is_typed = check_types(*out.expr, RuleScope(loader.schema, names, loader.book.caps), error);
  // Caps that were named before it failed have a place, too.
  loader.cap_places.resize(std::max(caps, loader.book.caps.size()), place);
  if (!is_typed) return fail(std::move(error.message));
  if (asks_where_reading_stands(*out.expr))
    return fail("`pos` and `eof` are about reading: a rule knows no more of a stream than its `size`");
  const Type& type = out.expr->type;
  if (!fits(type, wanted)) {
    return fail(fmt::format("expected {}, got {}", name_of(wanted), name_of(type)));
  }
  out.text = text;
  out.path = place.path;
  out.mark = place.mark;
  return out;
}

Expression load_expression(Loader& loader, const KsyNode& node, const RuleScope::Names& names, Wanted wanted) {
  const auto text = schema::read_text(node, loader.problems);
  return text ? parse_and_bind(loader, *text, node.place(), names, wanted) : Expression{};
}

Expression load_expression(Loader& loader, const KsyNode& map, std::string_view key, const RuleScope::Names& names,
                           Wanted wanted) {
  const auto node = map.find(key);
  if (node) return load_expression(loader, *node, names, wanted);
  loader.problems.error(map.place(), fmt::format("`{}` is missing", key));
  return {};
}

std::optional<std::uint32_t> load_table(Loader& loader, const KsyNode& node) {
  const auto in = node.find("in");
  if (!in) {
    loader.problems.error(node.place(), "`in` is missing: the sequence whose rows are looked up");
    return std::nullopt;
  }
  auto path = load_rows(loader, *in);
  if (!path) return std::nullopt;
  const Type& row = element_type(loader.schema, *path);
  Expression key = load_expression(
      loader, node, "key", {.context = row.type_id, .element = &row, .base = RuleScope::Base::element}, Wanted::key);
  if (!key) return std::nullopt;
  auto& tables = loader.book.tables;
  for (std::uint32_t k = 0; k < tables.size(); ++k) {
    if (tables[k].in.steps == path->steps && tables[k].key.text == key.text) return k;
  }
  tables.push_back({std::move(*path), std::move(key)});
  return static_cast<std::uint32_t>(tables.size() - 1);
}

}  // namespace sluice::rules
