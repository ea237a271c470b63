#include "fuzz/explain/refused.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "fuzz/mutate/meaning.h"
#include "fuzz/mutate/question.h"
#include "fuzz/mutate/settle.h"
#include "fuzz/mutate/tie.h"

namespace sluice::explain {

namespace {

using mutate::NodeId;
using mutate::Tree;

constexpr std::size_t kMostElements = 64;  // of a rule whose finding names none

void add_reads(const Tree& tree, const mutate::Question& question, std::vector<NodeId>& out) {
  for (const NodeId field : mutate::reads_of(tree, question).fields) out.push_back(field);
}

void of_rule(const Tree& tree, const schema::Rule& rule, NodeId at, std::vector<NodeId>& out) {
  std::vector<NodeId> elements;
  if (at != mutate::kNoNode && !rule.each.empty()) {
    elements = {at};
  } else if (!rule.each.empty()) {
    elements = mutate::elements_of(tree, rule.each, kMostElements);
  } else {
    elements = {mutate::kNoNode};
  }
  for (const NodeId element : elements) {
    const mutate::Question question{.element = element, .rule = &rule};
    for (const schema::Expression& operand : rule.operands) {
      if (operand) add_reads(tree, question.with(*operand.expr), out);
    }
  }
}

// A reference that leads nowhere or to several rows: its own fields, and the keys of the rows that it leads to.
void of_joins(const Tree& tree, const schema::Rule& rule, NodeId element, RefusedFields& out) {
  for (const schema::RuleLocal& local : rule.locals) {
    if (!local.table) continue;
    const mutate::Question wanted{.expr = local.value.expr.get(), .element = element, .rule = &rule};
    const schema::RuleTable& table = tree.format().schema().rules.tables[*local.table];
    const auto key = mutate::ask_integer(tree, wanted);
    for (const NodeId row : mutate::elements_of(tree, table.in, kMostElements)) {
      const mutate::Question of_row{.expr = table.key.expr.get(), .element = row};
      if (key && mutate::ask_integer(tree, of_row) == key) add_reads(tree, of_row, out.named);
    }
    add_reads(tree, wanted, out.read);
  }
}

void add_leaves(const Tree& tree, NodeId top, std::vector<NodeId>& out) {
  for (NodeId id = top; id < tree[top].end; ++id) {
    if (tree[id].is_leaf()) out.push_back(id);
  }
}

void of_assertions(const Tree& tree, NodeId structure, std::vector<NodeId>& out) {
  for (const mutate::Formula& formula : tree.format().ties().asserts(tree[structure].type)) {
    for (const mutate::SiteId site : formula.reads()) {
      const NodeId child = tree.child_of(structure, site);
      if (child != mutate::kNoNode) add_leaves(tree, child, out);
    }
  }
}

// What says where a part lies or ends, of a file in which it cannot. A number that says so alone is named: no other can
// be meant.
void of_layout(const Tree& tree, const Finding& finding, RefusedFields& out) {
  std::string_view rest;
  NodeId at = mutate::find_path(tree, finding.path, rest);
  if (at == mutate::kNoNode) return;
  mutate::SiteId site = tree[at].site;
  NodeId structure = tree.container_of(at);
  if (!rest.empty() && tree[at].kind == mutate::NodeKind::structure) {  // it is not there at all
    if (rest.front() == '.') rest.remove_prefix(1);
    const auto member =
        tree.format().schema().type(tree[at].type).find_member(rest.substr(0, rest.find_first_of(".[")));
    if (!member) return;
    site = tree.format().site_of(tree[at].type, *member);
    structure = at;
  }
  bool is_around = false;
  if (finding.id == FindingId::end_of_stream) {
    const auto has_size = [&] { return site != mutate::kNoSite && tree.format().site(site).member->sizing.size; };
    while (!has_size()) {  // the part that it is in is too short for it
      is_around = true;
      at = structure;
      if (at == mutate::kNoNode || at == 0) return;
      site = tree[at].site;
      structure = tree.container_of(at);
    }
  }
  if (site == mutate::kNoSite || structure == mutate::kNoNode) return;
  const schema::Member& member = *tree.format().site(site).member;
  std::vector<NodeId> fields;
  const auto read = [&](const schema::Expression& value) {
    if (value) add_reads(tree, {.expr = value.expr.get(), .self = structure}, fields);
  };
  if (!is_around) read(member.position);
  if (finding.id == FindingId::end_of_stream) read(member.sizing.size);
  std::vector<NodeId>& to = fields.size() == 1 && tree[fields.front()].is_number() ? out.named : out.read;
  to.insert(to.end(), fields.begin(), fields.end());
}

}  // namespace

RefusedFields refused_fields(const Tree& tree) {
  std::map<std::string, NodeId, std::less<>> by_path;
  for (NodeId id = 0; id < tree.size(); ++id) by_path.emplace(mutate::path_of(tree, id), id);
  RefusedFields out;
  for (const Finding& finding : mutate::judge(tree).findings) {
    if (finding.severity != Severity::error) continue;
    const auto found = by_path.find(finding.path);
    const NodeId at = found == by_path.end() ? mutate::kNoNode : found->second;
    if (at != mutate::kNoNode && tree[at].is_leaf()) out.named.push_back(at);
    if (finding.id == FindingId::bad_position || finding.id == FindingId::end_of_stream) of_layout(tree, finding, out);
    const auto& rules = tree.format().schema().rules.rules;
    const auto rule = std::ranges::find(rules, finding.rule, &schema::Rule::id);
    const bool is_join = finding.id == FindingId::join_missing || finding.id == FindingId::join_double;
    if (rule != rules.end() && is_join && at != mutate::kNoNode) {
      of_joins(tree, *rule, at, out);
    } else if (rule != rules.end()) {
      of_rule(tree, *rule, at == 0 ? mutate::kNoNode : at, out.read);
    } else if (at != mutate::kNoNode && tree[at].kind == mutate::NodeKind::structure &&
               finding.id == FindingId::assertion_false) {
      of_assertions(tree, at, out.read);
    }
  }
  return out;
}

}  // namespace sluice::explain
