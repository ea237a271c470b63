#include "validator/rules/load.h"

#include <fmt/core.h>

#include <array>

#include "validator/finding/finding.h"
#include "validator/rules/loader.h"
#include "validator/schema/keys.h"

namespace sluice::rules {

namespace {

using namespace std::string_view_literals;

constexpr document::Limits kLimits = {.bytes = 1u << 20, .depth = 32, .nodes = 1u << 16};
constexpr std::size_t kMaxRules = 1000;

// `format`: the schema that the names are those of.
bool check_format(Loader& loader, const KsyNode& root) {
  const auto node = root.find("format");
  if (!node) {
    loader.problems.error(root.place(), "`format` is missing: the meta/id of the schema");
    return false;
  }
  const auto text = schema::read_text(*node, loader.problems);
  if (!text) return false;
  if (*text == loader.schema.id) return true;
  loader.problems.error(
      node->place(), fmt::format("these rules are for '{}', the schema is '{}'", printable(*text), loader.schema.id));
  return false;
}

void load_uses(Loader& loader, const KsyNode& node) {
  static constexpr std::array kKeys = {"each"sv, "where"sv, "type"sv, "input"sv, "active"sv, "defined"sv};
  static constexpr std::array kDefinedKeys = {"in"sv, "key"sv, "count"sv, "name"sv};
  if (!schema::expect_mapping(node, loader.problems)) return;
  schema::check_keys(node, kKeys, loader.problems);
  const auto each = node.find("each");
  if (!each) {
    loader.problems.error(node.place(), "`each` is missing: what may dereference an input");
    return;
  }
  schema::ContractUse use;
  auto path = load_path(loader, *each);
  if (!path) return;
  use.each = std::move(*path);
  const Type element = element_type(loader.schema, use.each);
  const RuleScope::Names names{
      .context = element.is(expression::TypeKind::structure) ? element.type_id : use.each.steps.back().type,
      .element = &element,
      .has_index = true};
  if (const auto where = node.find("where")) use.where = load_expression(loader, *where, names, Wanted::boolean);
  use.type = load_expression(loader, node, "type", names, Wanted::integer);
  use.input = load_expression(loader, node, "input", names, Wanted::integer);
  if (const auto active = node.find("active")) use.active = load_expression(loader, *active, names, Wanted::boolean);
  if (const auto defined = node.find("defined"); defined && schema::expect_mapping(*defined, loader.problems)) {
    schema::check_keys(*defined, kDefinedKeys, loader.problems);
    use.table = load_table(loader, *defined);
    if (!use.table) return;
    const Type& row = element_type(loader.schema, loader.book.tables[*use.table].in);
    const RuleScope::Names of_row{.context = row.type_id, .element = &row, .base = RuleScope::Base::element};
    use.count = load_expression(loader, *defined, "count", of_row, Wanted::integer);
    if (const auto name = defined->find("name")) use.name = load_expression(loader, *name, of_row, Wanted::text);
  }
  if (use.type && use.input) loader.book.uses = std::move(use);
}

void load_range(Loader& loader, const KsyNode& node) {
  static constexpr std::array kKeys = {"from"sv, "to"sv};
  if (!schema::expect_mapping(node, loader.problems)) return;
  schema::check_keys(node, kKeys, loader.problems);
  const RuleScope::Names names{.context = loader.schema.root};
  loader.book.from = load_expression(loader, node, "from", names, Wanted::text);
  loader.book.to = load_expression(loader, node, "to", names, Wanted::text);
}

void check_caps(Loader& loader, const std::vector<program::BuildFacts>& builds) {
  for (std::size_t k = 0; k < loader.book.caps.size(); ++k) {
    for (const program::BuildFacts& build : builds) {
      if (build.caps.contains(loader.book.caps[k])) continue;
      loader.problems.error(loader.cap_places[k],
                            fmt::format("build '{}' has no cap '{}'", build.name, loader.book.caps[k]));
    }
  }
}

void load_book(Loader& loader, const KsyNode& root, const std::vector<program::BuildFacts>& builds) {
  static constexpr std::array kKeys = {"format"sv, "title"sv, "uses"sv, "builds"sv, "rules"sv};
  if (!schema::expect_mapping(root, loader.problems)) return;
  schema::check_keys(root, kKeys, loader.problems);
  if (!check_format(loader, root)) return;  // every name would be wrong
  if (const auto title = root.find("title")) (void)schema::read_text(*title, loader.problems);
  if (const auto uses = root.find("uses")) load_uses(loader, *uses);
  if (const auto range = root.find("builds")) load_range(loader, *range);
  if (const auto rules = root.find("rules"); rules && schema::expect_sequence(*rules, loader.problems)) {
    if ((*rules)->items.size() > kMaxRules) {
      loader.problems.error(rules->place(), fmt::format("more than {} rules", kMaxRules));
      return;
    }
    for (std::size_t k = 0; k < (*rules)->items.size(); ++k) load_rule(loader, KsyNode(*rules, k), loader.schema.id);
  }
  check_caps(loader, builds);
}

bool load(const document::Document& document, schema::Schema& schema, const std::vector<program::BuildFacts>& builds,
          std::vector<schema::Problem>& problems) {
  schema::RuleBook book;
  book.file = document.name;
  Loader loader{schema, book, schema::Problems(problems)};
  const std::uint32_t file = loader.problems.add_file(document.name, document.text);
  load_book(loader, KsyNode(document.root, file), builds);
  loader.problems.sort();
  if (loader.problems.has_errors()) return false;
  schema.rules = std::move(book);
  return true;
}

bool refuse(std::string name, std::string_view text, const document::Problem& problem,
            std::vector<schema::Problem>& problems) {
  schema::Problems out(problems);
  const std::uint32_t file = out.add_file(std::move(name), text);
  out.error({.file = file, .path = fmt::format("{}:{}", problem.mark.line, problem.mark.column), .mark = problem.mark},
            problem.message);
  return false;
}

}  // namespace

bool load_rules(const std::filesystem::path& path, schema::Schema& schema,
                const std::vector<program::BuildFacts>& builds, std::vector<schema::Problem>& problems) {
  document::Problem problem;
  auto text = document::read_file(path, problem, kLimits);
  if (!text) return refuse(path.string(), "", problem, problems);
  return load_rules_text(path.string(), std::move(*text), schema, builds, problems);
}

bool load_rules_text(std::string name, std::string text, schema::Schema& schema,
                     const std::vector<program::BuildFacts>& builds, std::vector<schema::Problem>& problems) {
  document::Problem problem;
  const auto document = document::parse(name, text, problem, kLimits);
  if (!document) return refuse(std::move(name), text, problem, problems);
  return load(*document, schema, builds, problems);
}

}  // namespace sluice::rules
