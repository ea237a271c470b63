#include "fuzz/mutate/goals.h"

#include <fmt/format.h>

#include <algorithm>

#include "fuzz/mutate/bounds.h"
#include "fuzz/mutate/question.h"
#include "fuzz/mutate/subtree.h"
#include "fuzz/mutate/tie.h"
#include "validator/expression/check.h"

namespace sluice::mutate {

namespace {

using Kind = Feature::Kind;
using schema::DataKind;

constexpr Integer kLongest = 64;  // elements of a repeat that are enough
constexpr std::uint32_t kDeepest = 8;

// How often a repeat may repeat, as far as the schema says so by constants: by the bounds of the field that counts.
Bounds counts_of(const Format& format, const schema::Member& member) {
  Bounds counts{member.repeat == schema::RepeatKind::until ? 1 : 0, kLongest};
  if (member.repeat != schema::RepeatKind::count || !member.repeat_count) return counts;
  const expression::Expr& e = *member.repeat_count.expr;
  if (const auto constant = expression::constant_integer(e)) return {*constant, *constant};
  if (e.binding.kind != expression::Binding::Kind::member) return counts;
  const schema::Member& field = format.schema().type(e.binding.owner).members[e.binding.index];
  if (field.valid.min) counts.min = expression::constant_integer(*field.valid.min.expr).value_or(0);
  if (field.valid.max) counts.max = expression::constant_integer(*field.valid.max.expr).value_or(kLongest);
  return {counts.min, std::min(counts.max, kLongest)};
}

bool is_bounded(const schema::Member& member) {
  return member.valid.kind == schema::Validation::Kind::range || member.valid.kind == schema::Validation::Kind::any_of;
}

// Whether a `valid` of the member leaves the enum's member out.
bool is_allowed(const Format& format, const schema::Member& member, Integer value) {
  if (member.valid.kind == schema::Validation::Kind::equal &&
      member.valid.equal.expr->kind == expression::ExprKind::enum_label) {
    return member.valid.equal.expr->value == value;
  }
  if (member.valid.kind != schema::Validation::Kind::any_of) return true;
  (void)format;
  return std::ranges::any_of(member.valid.any_of, [&](const schema::Expression& e) {
    return e.expr->kind != expression::ExprKind::enum_label || e.expr->value == value;
  });
}

// Whether it is the element that a `repeat: until` stops at.
bool ends_repeat(const Tree& tree, NodeId structure) {
  if (!tree[structure].is(node_flag::element)) return false;
  const NodeId array = tree[structure].parent;
  return tree[structure].end == tree[array].end &&
         tree.format().site(tree[array].site).member->repeat == schema::RepeatKind::until;
}

bool has_type(const schema::DataType& data, schema::TypeId type) {
  if (data.kind == DataKind::structure) return data.type_id == type;
  return std::ranges::any_of(data.cases, [&](const schema::Case& c) { return has_type(c.type, type); });
}

}  // namespace

std::vector<std::size_t> goals_of(const Format& format, const Features& features) {
  std::vector<std::size_t> goals = features.expressible_uses();
  for (std::size_t i = 0; i < features.size(); ++i) {
    const Feature f = features.at(i);
    if (f.kind == Kind::use || f.kind == Kind::depth || f.site == kNoSite) continue;
    const schema::Member& member = *format.site(f.site).member;
    bool is_goal = false;
    switch (f.kind) {
      case Kind::at_min:
      case Kind::at_max: is_goal = is_bounded(member); break;
      case Kind::member: is_goal = is_allowed(format, member, f.value); break;
      case Kind::case_of:
      case Kind::absent:
      case Kind::present: is_goal = true; break;
      case Kind::count: {
        const Bounds counts = counts_of(format, member);
        const auto is_class_of = [&](Integer n) {
          return n >= 0 && f.value == static_cast<Integer>(log_class(static_cast<std::uint64_t>(n)));
        };
        is_goal = is_class_of(counts.max) || (f.value <= 1 && f.value >= counts.min && f.value <= counts.max);
        break;
      }
      default: break;
    }
    if (is_goal) goals.push_back(i);
  }
  std::ranges::sort(goals);
  return goals;
}

NodeId Approach::pick(const Tree& tree, schema::TypeId type) {
  std::vector<NodeId> found;
  for (NodeId n = 0; n < tree.size(); ++n) {
    if (tree[n].kind == NodeKind::structure && tree[n].type == type) found.push_back(n);
  }
  return found.empty() ? kNoNode : found[random_.below(found.size())];
}

NodeId Approach::pick_site(const Tree& tree, SiteId site, bool wants_array) {
  std::vector<NodeId> found;
  for (NodeId n = 0; n < tree.size(); ++n) {
    if (tree[n].site == site && (tree[n].kind == NodeKind::array) == wants_array) found.push_back(n);
  }
  return found.empty() ? kNoNode : found[random_.below(found.size())];
}

bool Approach::step(Editor& editor, std::size_t goal, bool& is_done) {
  Tree& tree = editor.tree();
  is_done = true;
  made_ = schema::kNoType;
  const Feature f = features_.at(goal);
  if (f.kind == Kind::use) return make_use(editor, f, is_done);
  if (f.site == kNoSite) return false;
  const schema::TypeId owner = tree.format().site(f.site).owner;
  const NodeId structure = pick(tree, owner);
  if (structure == kNoNode) {
    is_done = false;
    return make_structure(editor, owner, 0);
  }
  switch (f.kind) {
    case Kind::at_min:
    case Kind::at_max:
    case Kind::above_min:
    case Kind::below_max:
    case Kind::member:
      if (pick_site(tree, f.site, false) == kNoNode) {
        is_done = false;
        return make_member(editor, structure, f.site);
      }
      return set_number(editor, f);
    case Kind::count:
      if (pick_site(tree, f.site, true) == kNoNode) {
        is_done = false;
        return make_member(editor, structure, f.site);
      }
      return set_count(editor, f);
    case Kind::case_of: return choose_case(editor, structure, f);
    case Kind::absent:
    case Kind::present: return set_presence(editor, structure, f);
    default: why_ = "nothing is known to lead there"; return false;
  }
}

bool Approach::has_made(const Tree& tree) const {
  return made_ == schema::kNoType || std::ranges::any_of(tree.nodes(), [this](const Node& node) {
           return node.kind == NodeKind::structure && node.type == made_;
         });
}

// Something that holds a structure of the type comes to be, or what can hold that.
bool Approach::make_structure(Editor& editor, schema::TypeId type, std::uint32_t depth) {
  Tree& tree = editor.tree();
  const Format& format = tree.format();
  why_ = fmt::format("nothing holds a {}", format.schema().type(type).name);
  if (depth > kDeepest) return false;
  std::vector<SiteId> holders;
  for (SiteId s = 0; s < format.site_count(); ++s) {
    if (has_type(format.site(s).member->data, type)) holders.push_back(s);
  }
  for (const SiteId s : holders) {
    const NodeId structure = pick(tree, format.site(s).owner);
    if (structure == kNoNode) continue;
    const schema::DataType& data = format.site(s).member->data;
    if (data.kind == DataKind::switched) {
      for (std::size_t c = 0; c < data.cases.size(); ++c) {
        if (!has_type(data.cases[c].type, type)) continue;
        if (choose_case(editor, structure, {.kind = Kind::case_of, .site = s, .value = static_cast<Integer>(c)}))
          return true;
      }
    }
    if (!make_member(editor, structure, s)) continue;
    made_ = type;
    return true;
  }
  for (const SiteId s : holders) {
    const schema::TypeId owner = format.site(s).owner;
    if (owner != type && pick(tree, owner) == kNoNode && make_structure(editor, owner, depth + 1)) return true;
  }
  return false;
}

// A member that is not there: an element more of a repeat, or what makes its condition true.
bool Approach::make_member(Editor& editor, NodeId structure, SiteId site) {
  Tree& tree = editor.tree();
  const schema::Member& member = *tree.format().site(site).member;
  const NodeId child = tree.child_of(structure, site);
  if (child != kNoNode && tree[child].kind == NodeKind::array) return append_minimal(editor, child) != kNoNode;
  if (member.condition && child == kNoNode) {
    return set_presence(editor, structure, {.kind = Kind::present, .site = site, .value = 1});
  }
  why_ = fmt::format("nothing is known to bring {} about", member.id);
  return false;
}

bool Approach::set_number(Editor& editor, const Feature& feature) {
  Tree& tree = editor.tree();
  const NodeId node = pick_site(tree, feature.site, false);
  if (!tree[node].is_number()) return false;
  Integer value = feature.value;
  const Bounds bounds = bounds_of(tree, node);
  if (feature.kind == Kind::at_min) value = bounds.min;
  if (feature.kind == Kind::at_max) value = bounds.max;
  if (feature.kind == Kind::above_min) value = bounds.min + 1;
  if (feature.kind == Kind::below_max) value = bounds.max - 1;
  // What a count or a size says is there.
  if (tree.format().ties().is_bound(feature.site) && value > Integer{settler_.limits().max_size}) {
    why_ = fmt::format("a file of at most {} bytes has no room for {}", settler_.limits().max_size, to_string(value));
    return false;
  }
  editor.pin(node);
  return editor.set(node, value);
}

bool Approach::set_count(Editor& editor, const Feature& feature) {
  Tree& tree = editor.tree();
  const NodeId array = pick_site(tree, feature.site, true);
  Integer wanted = feature.value < 4 ? feature.value : Integer{1} << static_cast<int>(feature.value - 2);
  const Bounds counts = counts_of(tree.format(), *tree.format().site(feature.site).member);
  if (wanted > 1) wanted = std::max(wanted, counts.max);
  while (Integer{tree.count_of(array)} > wanted) {
    NodeId last = kNoNode;
    for (NodeId c = array + 1; c < tree[array].end; c = tree[c].end) last = c;
    editor.erase(last);
  }
  while (Integer{tree.count_of(array)} < wanted) {
    if (append_element(editor, array) == kNoNode) {
      why_ = "no further element can be made";
      return false;
    }
  }
  return true;
}

bool Approach::choose_case(Editor& editor, NodeId structure, const Feature& feature) {
  Tree& tree = editor.tree();
  const schema::Member& member = *tree.format().site(feature.site).member;
  const schema::Case& c = member.data.cases[static_cast<std::size_t>(feature.value)];
  const Question on{.expr = member.data.switch_on.expr.get(), .self = structure};
  const Reads reads = reads_of(tree, on);
  if (c.match) {
    const auto wanted = ask_integer(tree, on.with(*c.match.expr));
    for (const NodeId field : reads.fields) {
      if (wanted && solve(tree, field, on, *wanted)) return true;
    }
    why_ = "no field is known that chooses the case";
    return false;
  }
  // `_`: a value that no other case has, one that the schema names if there is any.
  std::vector<Integer> taken;
  for (const schema::Case& other : member.data.cases) {
    if (!other.match) continue;
    if (const auto value = ask_integer(tree, on.with(*other.match.expr))) taken.push_back(*value);
  }
  for (const NodeId field : reads.fields) {
    if (!tree[field].is_number()) continue;
    std::vector<Integer> free = named_values(tree, field);
    std::erase_if(free, [&](Integer v) { return std::ranges::find(taken, v) != taken.end(); });
    if (free.empty()) continue;
    tree.set_flag(field, node_flag::pinned);
    return tree.set_integer(field, free[random_.below(free.size())]);
  }
  why_ = "every value has a case of its own";
  return false;
}

bool Approach::set_presence(Editor& editor, NodeId structure, const Feature& feature) {
  Tree& tree = editor.tree();
  const schema::Member& member = *tree.format().site(feature.site).member;
  Question condition{.expr = member.condition.expr.get(), .self = structure};
  const bool wanted = feature.kind == Kind::present;
  if (wanted && ends_repeat(tree, structure)) {
    // It would end it no longer: one before it is to have the member.
    const NodeId before = append_element(editor, tree[structure].parent);
    if (before == kNoNode) return false;
    condition.self = before;
    if (ask_integer(tree, condition).value_or(0) != 0) return true;
  }
  const Reads reads = reads_of(tree, condition);
  for (const NodeId field : reads.fields) {
    if (!tree[field].is_number()) continue;
    const Integer before = tree.integer(field);
    std::vector<Integer> values = named_values(tree, field);
    for (const Integer n : reads.numbers) values.insert(values.end(), {n, n + 1, n - 1});
    const std::size_t first = random_.below(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Integer value = values[(first + i) % values.size()];
      if (value < least_of(tree[field]) || value > most_of(tree[field])) continue;
      (void)tree.set_integer(field, value);
      const auto now = ask_integer(tree, condition);
      if (!now || (*now != 0) != wanted) continue;
      // Where something lies is repair's to say.
      if (tree.format().ties().is_target(tree[field].site)) {
        editor.touch(tree[field].site);
      } else {
        tree.set_flag(field, node_flag::pinned);
      }
      return true;
    }
    (void)tree.set_integer(field, before);
  }
  why_ = fmt::format("no field is known that decides about {}", member.id);
  return false;
}

}  // namespace sluice::mutate
