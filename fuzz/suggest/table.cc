#include "fuzz/suggest/table.h"

#include <algorithm>

#include "fuzz/mutate/meaning.h"

namespace sluice::suggest {

namespace {

using mutate::kNoNode;
using mutate::Node;
using mutate::NodeId;
using mutate::Tree;

constexpr std::size_t kMostTerms = 120;
constexpr std::size_t kMostRows = 4096;     // of one file
constexpr std::size_t kMostOfAll = 20'000;  // rows, neighbours beyond which are left out

bool is_number(const schema::Member& member) {
  return !member.is_array && member.repeat == schema::RepeatKind::none &&
         (member.data.kind == schema::DataKind::integer || member.data.kind == schema::DataKind::bits);
}

bool is_rows(const schema::Member& member) {
  return member.role == schema::Role::sequence && member.repeat != schema::RepeatKind::none &&
         member.data.kind == schema::DataKind::structure;
}

// The element that a field is of: its structure or, in an array of numbers, itself.
NodeId element_of(const Tree& tree, NodeId field) {
  return tree[field].is(mutate::node_flag::element) ? field : tree.container_of(field);
}

}  // namespace

Table::Table(const mutate::Format& format, const std::vector<Example>& examples, const std::string& path,
             const program::BuildFacts* build, std::uint64_t elements)
    : format_(format), build_(build), elements_(elements) {
  Tree tree(format);
  std::size_t num_rows = 0;
  for (const Example& example : examples) {
    if (!example.is_known() && num_rows > kMostOfAll) continue;
    tree.parse(example.content);
    if (site_ == mutate::kNoSite) {
      std::string_view rest;
      const NodeId field = mutate::find_path(tree, path, rest);
      if (field == kNoNode || !rest.empty() || !tree[field].is_leaf() || tree[field].site == mutate::kNoSite) return;
      site_ = tree[field].site;
      is_text_ = !tree[field].is_number();
      is_value_ = tree[field].is(mutate::node_flag::element);
      find_path(tree, element_of(tree, field));
      find_terms(tree, element_of(tree, field));
      culprit_ = row_of(tree, field, example);
    }
    Sheet sheet{.example = &example, .rows = {}};
    for (NodeId id = 0; id < tree.size() && sheet.rows.size() < kMostRows; ++id) {
      const Node& node = tree[id];
      if (node.site != site_ || !node.is_leaf() || node.is(mutate::node_flag::cut)) continue;
      sheet.rows.push_back(row_of(tree, id, example));
    }
    num_rows += sheet.rows.size();
    sheets_.push_back(std::move(sheet));
  }
}

// `instances.criteria`, if what is read leads there.
void Table::find_path(const Tree& tree, NodeId element) {
  std::vector<std::string> steps;
  std::size_t arrays = 0;
  bool is_in_sequence = true;
  has_rule_path_ = true;
  for (NodeId id = element; id != kNoNode && id != 0; id = tree[id].parent) {
    const Node& node = tree[id];
    if (node.kind == mutate::NodeKind::array) {
      ++arrays;
      continue;
    }
    if (node.site == mutate::kNoSite) continue;
    const schema::Member& member = *format_.site(node.site).member;
    // A path goes through the cases of a switch, and does not end there.
    const bool is_switched = member.data.kind == schema::DataKind::switched;
    if (is_switched && steps.empty()) has_rule_path_ = false;
    is_in_sequence = is_in_sequence && !is_switched && member.role == schema::Role::sequence;
    steps.insert(steps.begin(), member.id);
  }
  is_of_one_array_ = arrays == 1 && steps.size() == 1;
  std::string path;
  for (const std::string& step : steps) path += (path.empty() ? "" : ".") + step;
  each_ = path;
  if (arrays != 0) return;
  each_.clear();
  has_rule_path_ = has_rule_path_ && is_in_sequence;
}

void Table::add_members(schema::TypeId type, Term base, const std::string& rule, const std::string& schema, bool deep) {
  const schema::TypeSpec& spec = format_.schema().type(type);
  for (std::uint32_t i = 0; i < spec.members.size() && terms_.size() < kMostTerms; ++i) {
    const schema::Member& member = spec.members[i];
    if (member.role != schema::Role::sequence) continue;
    Term term = base;
    term.site = format_.site_of(type, i);
    term.way.push_back(term.site);
    term.rule = rule + member.id;
    term.schema = schema + member.id;
    term.enum_id = member.data.enum_id;
    if (is_number(member)) {
      if (term.site != site_ || base.kind != Term::Kind::own) terms_.push_back(std::move(term));
    } else if (deep && member.data.kind == schema::DataKind::structure && member.repeat == schema::RepeatKind::none) {
      add_members(member.data.type_id, term, term.rule + ".", term.schema + ".", false);
    }
  }
}

// Elements of arrays that the field may count to, from 0 or from 1.
void Table::add_rows() {
  const schema::TypeSpec& root = format_.schema().type(format_.schema().root);
  for (std::uint32_t i = 0; i < root.members.size(); ++i) {
    if (!is_rows(root.members[i])) continue;
    const schema::TypeSpec& type = format_.schema().type(root.members[i].data.type_id);
    for (const Integer first : {0, 1}) {
      for (std::uint32_t m = 0; m < type.members.size() && terms_.size() < kMostTerms; ++m) {
        if (type.members[m].role != schema::Role::sequence || !is_number(type.members[m])) continue;
        terms_.push_back(
            {.kind = Term::Kind::row,
             .rule = root.members[i].id + "[" + terms_[0].rule + (first == 0 ? "]." : " - 1].") + type.members[m].id,
             .schema = {},
             .enum_id = type.members[m].data.enum_id,
             .site = format_.site_of(type.id, m),
             .way = {},
             .rows = format_.site_of(root.id, i),
             .first = first});
      }
    }
  }
}

void Table::find_terms(const Tree& tree, NodeId element) {
  const std::string own = is_value_ ? "_" : each_.empty() ? "" : "_.";
  std::string prefix = own;
  if (each_.empty()) {  // `header.`: named from the root
    for (NodeId id = element; id != 0 && id != kNoNode; id = tree[id].parent) {
      prefix = format_.site(tree[id].site).member->id + "." + prefix;
    }
  }
  Term self{.kind = Term::Kind::own, .rule = is_value_ ? "_" : prefix + member().id, .schema = "_", .way = {}};
  self.site = site_;
  self.enum_id = member().data.enum_id;
  terms_.push_back(std::move(self));
  if (is_value_) return;
  add_members(tree[element].type, {.kind = Term::Kind::own, .rule = {}, .schema = {}, .way = {}}, prefix, "", false);
  std::uint32_t up = 0;
  std::string rule = own;
  std::string schema;
  for (NodeId id = element; id != 0;) {
    id = tree.container_of(id);
    if (id == kNoNode || id == 0) break;
    ++up;
    rule += "_parent.";
    schema += "_parent.";
    if (each_.empty()) break;  // they are among the root's
    add_members(tree[id].type, {.kind = Term::Kind::outer, .rule = {}, .schema = {}, .up = up, .way = {}}, rule, schema,
                false);
  }
  if (element == 0) return;
  const schema::TypeSpec& root = format_.schema().type(format_.schema().root);
  const std::size_t first = terms_.size();
  add_members(root.id, {.kind = Term::Kind::root, .rule = {}, .schema = {}, .way = {}}, "", "_root.", true);
  // One that is beside the field is its own.
  terms_.erase(std::remove_if(terms_.begin() + static_cast<std::ptrdiff_t>(first), terms_.end(),
                              [&](const Term& term) {
                                return std::ranges::any_of(std::span(terms_).first(first),
                                                           [&](const Term& t) { return t.rule == term.rule; });
                              }),
               terms_.end());
  for (std::uint32_t i = 0; i < root.members.size() && !each_.empty(); ++i) {
    if (!is_rows(root.members[i])) continue;
    terms_.push_back({.kind = Term::Kind::count,
                      .rule = root.members[i].id + ".size",
                      .schema = {},
                      .way = {},
                      .rows = format_.site_of(root.id, i)});
  }
  terms_.push_back({.kind = Term::Kind::size, .rule = "_root._io.size", .schema = "_root._io.size", .way = {}});
  if (!is_text_ && !each_.empty()) add_rows();
  if (build_ != nullptr && !is_text_) add_supplies(tree, element);
}

// Of the template type that a field beside it is.
void Table::add_supplies(const Tree& tree, NodeId element) {
  const std::size_t count = terms_.size();
  for (std::size_t i = 1; i < count; ++i) {
    if (terms_[i].kind != Term::Kind::own && terms_[i].kind != Term::Kind::outer) continue;
    const auto type = value_of(tree, element, terms_[i]);
    const auto found = type ? build_->supplies.find(*type) : build_->supplies.end();
    if (found == build_->supplies.end() || found->second != Integer{elements_}) continue;
    terms_.push_back({.kind = Term::Kind::supply,
                      .rule = "build.supplies[" + terms_[i].rule + "]",
                      .schema = {},
                      .way = {},
                      .of = i});
  }
}

std::optional<Integer> Table::value_of(const Tree& tree, NodeId element, const Term& term) const {
  NodeId at = element;
  switch (term.kind) {
    case Term::Kind::own: break;
    case Term::Kind::outer:
      for (std::uint32_t i = 0; i < term.up && at != kNoNode; ++i) at = tree.container_of(at);
      break;
    case Term::Kind::root: at = 0; break;
    case Term::Kind::count: {
      const NodeId array = tree.child_of(0, term.rows);
      return array == kNoNode ? Integer{0} : Integer{tree.count_of(array)};
    }
    case Term::Kind::size: return Integer{tree.bytes().size()};
    case Term::Kind::row:
    case Term::Kind::supply: return std::nullopt;
  }
  for (const mutate::SiteId step : term.way) {
    if (at == kNoNode || tree[at].kind != mutate::NodeKind::structure) return std::nullopt;
    at = tree.child_of(at, step);
  }
  if (at == kNoNode || !tree[at].is_number() || tree[at].is(mutate::node_flag::cut)) return std::nullopt;
  return tree.integer(at);
}

Row Table::row_of(const Tree& tree, NodeId field, const Example& example) const {
  const NodeId element = element_of(tree, field);
  Row row;
  row.index = tree[element].index;
  row.sequence = tree[element].parent;
  row.values.resize(terms_.size());
  if (is_text_) {
    const auto known = mutate::Meaning(tree).value_of(field);
    // The bytes outlive the tree.
    const std::string_view whole(reinterpret_cast<const char*>(example.content.data()), example.content.size());
    const std::size_t size = known.kind == mutate::Known::Kind::text ? known.text.size() : tree[field].size();
    row.text = whole.substr(tree[field].from, std::min<std::size_t>(size, tree[field].size()));
    row.values[0] = Integer{size};
  } else {
    row.values[0] = tree.integer(field);
  }
  for (std::size_t i = 1; i < terms_.size(); ++i) {
    const Term& term = terms_[i];
    if (term.kind == Term::Kind::row) {
      const NodeId array = tree.child_of(0, term.rows);
      const Integer n = *row.values[0] - term.first;
      if (array == kNoNode || n < 0 || n >= tree.count_of(array)) continue;
      const NodeId other = tree.element_of(array, static_cast<std::uint64_t>(n));
      const NodeId leaf = other == kNoNode ? kNoNode : tree.child_of(other, term.site);
      if (leaf != kNoNode && tree[leaf].is_number()) row.values[i] = tree.integer(leaf);
    } else if (term.kind == Term::Kind::supply) {
      if (!row.values[term.of]) continue;
      const auto found = build_->supplies.find(*row.values[term.of]);
      if (found != build_->supplies.end()) row.values[i] = found->second;
    } else {
      row.values[i] = value_of(tree, element, term);
    }
  }
  return row;
}

}  // namespace sluice::suggest
