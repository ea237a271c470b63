#include "fuzz/mutate/repair.h"

#include <algorithm>
#include <array>

#include "fuzz/mutate/sum.h"
#include "validator/bytes/sha256.h"

namespace sluice::mutate {

using schema::DataKind;
using schema::DataType;

namespace {

constexpr int kMostPasses = 10;
constexpr int kPaddingPass = 2;
constexpr Integer kMostAlignment = 16;
constexpr std::uint32_t kMostNewElements = 4096;

}  // namespace

bool Repairer::run() {
  stuck_ = false;
  int passes = 0;
  for (; editor_.begin_pass() && passes < kMostPasses; ++passes) {
    stuck_ = false;
    pass_ = passes;
    for (auto due = editor_.next_due(); due.node != kNoNode; due = editor_.next_due()) {
      const Node& node = editor_.tree()[due.node];
      const SiteId site = node.site;
      if (node.kind == NodeKind::structure) of_structure(due.node, due.ties >> 16);
      if (site != kNoSite) of_node(due.node, site, due.ties & Editor::kSiteTies);
    }
  }
  sum();
  editor_.take_pins_away();
  return passes < kMostPasses && !stuck_;
}

// The other ties of the node's member.
std::uint32_t Repairer::others_than(const Tie& tie, NodeId id) const {
  const std::size_t count = editor_.ties().of_site(editor_.tree()[id].site).size();
  return ((1u << std::min<std::size_t>(count, 16)) - 1) & ~(1u << tie.bit);
}

void Repairer::of_structure(NodeId id, std::uint32_t ties) {
  const Tree& tree = editor_.tree();
  if (tree[id].is(node_flag::cut)) return;
  for (const TieId number : editor_.ties().of_type(tree[id].type)) {
    const Tie& tie = editor_.ties().all()[number];
    if ((ties >> tie.bit & 1) == 0 || editor_.is_left(number)) continue;
    switch (tie.kind) {
      case TieKind::presence: presence(tie, id); break;
      case TieKind::variant: variant(tie, id); break;
      default: holds(tie, {.self = id}); break;
    }
  }
}

void Repairer::of_node(NodeId id, SiteId site, std::uint32_t ties) {
  const Tree& tree = editor_.tree();
  // What its own ties made of the structure may have moved or taken it away; whatever is there now is looked at.
  if (id >= tree.size() || tree[id].site != site) return;
  const bool is_array = tree[id].kind == NodeKind::array;
  for (const TieId number : editor_.ties().of_site(site)) {
    const Tie& tie = editor_.ties().all()[number];
    if ((ties >> tie.bit & 1) == 0 || editor_.is_left(number)) continue;
    if (id >= tree.size() || tree[id].site != site) return;
    if (tie.kind == TieKind::count) {
      if (is_array) count(tie, id);
      continue;
    }
    if (tie.kind == TieKind::position) {
      if (tree[id].is(node_flag::placed)) position(tie, id);
      continue;
    }
    if (is_array) continue;
    // A field that says something of the structure is judged when it has been set by it.
    if (pass_ == 0 && tie.kind >= TieKind::range && editor_.ties().is_target(tie.site)) {
      editor_.put_off(id, tie);
      continue;
    }
    switch (tie.kind) {
      case TieKind::size: size(tie, id); break;
      case TieKind::equal: equal(tie, id); break;
      case TieKind::contents: contents(id); break;
      case TieKind::range: range(tie, id); break;
      case TieKind::any_of: any_of(id); break;
      case TieKind::in_enum: in_enum(id); break;
      case TieKind::holds: holds(tie, Evaluator(tree).scope_of(id)); break;
      default: break;
    }
  }
}

std::optional<Integer> Repairer::value(const Formula& formula, const Scope& scope) const {
  return Evaluator(editor_.tree()).integer(formula, scope);
}

void Repairer::count(const Tie& tie, NodeId array) {
  const Tree& tree = editor_.tree();
  const Scope scope = Evaluator(tree).scope_of(array);
  const std::uint32_t have = tree.count_of(array);
  const auto want = value(*tie.formula, scope);
  if (want && *want == have) return;
  if (solver_.make(*tie.formula, scope, have, tie.target, array)) return;
  // Fields before it that are to be looked at may bring it back to what is there.
  if (pass_ < kPaddingPass && editor_.is_due_behind()) {
    editor_.put_off(array, tie);
    return;
  }
  if (!want || *want < 0 || *want > Integer{have} + kMostNewElements) {
    stuck_ = true;
    return;
  }
  add_elements(array, have, static_cast<std::uint32_t>(*want));
}

void Repairer::size(const Tie& tie, NodeId id) {
  const Tree& tree = editor_.tree();
  const Scope scope = Evaluator(tree).scope_of(id);
  const auto want = value(*tie.formula, scope);
  const std::uint32_t have = tree[id].size();
  if (want && *want == have) return;
  if (solver_.make(*tie.formula, scope, have, tie.target, id)) return;
  if (!want || *want < 0 || *want > Integer{have} + static_cast<Integer>(editor_.room())) {
    stuck_ = true;
    return;
  }
  resize(id, static_cast<std::uint32_t>(*want));
  // It comes in pieces of another size.
  const std::uint32_t now = tree[id].size();
  if (now != *want) stuck_ |= !solver_.make(*tie.formula, scope, now, tie.target, id, true);
}

void Repairer::position(const Tie& tie, NodeId id) {
  const Tree& tree = editor_.tree();
  const Scope scope = Evaluator(tree).scope_of(id);
  const NodeId region = tree.region_of(id);
  const Integer have = Integer{tree[id].from} - tree[region].from;
  const auto want = value(*tie.formula, scope);
  if (want && *want == have) return;
  if (have >= 0 && solver_.make(*tie.formula, scope, have, tie.target, id)) return;
  // A count that is repaired first, and then the padding that goes by it, may bring it to where it can be pointed at.
  if (pass_ < kPaddingPass) {
    editor_.put_off(id, tie);
    return;
  }
  // As alignment wants it, it is pushed a little further on.
  for (Integer by = 1; have >= 0 && by < kMostAlignment; ++by) {
    if (!solver_.make(*tie.formula, scope, have + by, tie.target, id)) continue;
    stuck_ |= !editor_.fill(region, tree[id].from, static_cast<std::uint64_t>(by), 0);
    return;
  }
  if (!want || *want < 0 || *want > tree[region].size()) {
    stuck_ = true;
    return;
  }
  if (*want > have && *want - have < kMostAlignment) {
    if (editor_.fill(region, tree[id].from, static_cast<std::uint64_t>(*want - have), 0)) return;
  }
  editor_.move(id, static_cast<std::uint32_t>(tree[region].from + *want));
}

void Repairer::put(NodeId id, Integer value) {
  const Tree& tree = editor_.tree();
  if (!tree[id].is_number() || tree.integer(id) == value) return;
  if (tree[id].is(node_flag::pinned) || !editor_.set(id, value)) {
    stuck_ = true;
    return;
  }
  editor_.pin(id);
}

void Repairer::equal(const Tie& tie, NodeId id) {
  const Tree& tree = editor_.tree();
  const Scope scope = Evaluator(tree).scope_of(id);
  if (const auto number = value(*tie.formula, scope)) {
    // Not pinned: it follows each time.
    if (tree[id].is_number() && !tree[id].is(node_flag::pinned))
      stuck_ |= !editor_.set(id, *number, others_than(tie, id));
    return;
  }
  const Computed want = Evaluator(tree).compute(*tie.formula, tie.formula->whole(), scope);
  if (want.kind == Computed::Kind::bytes && tree[id].is_leaf()) {
    if (want.bytes.size() != tree[id].size()) return;
    if (std::ranges::equal(want.bytes, tree.bytes().subspan(tree[id].from, tree[id].size()))) return;
    const std::vector<std::uint8_t> copy(want.bytes.begin(), want.bytes.end());
    editor_.overwrite(id, tree[id].from, copy);
  }
}

void Repairer::contents(NodeId id) {
  const Tree& tree = editor_.tree();
  const auto& want = *editor_.format().site(tree[id].site).member->contents;
  if (tree[id].is(node_flag::pinned)) return;
  if (std::ranges::equal(want, tree.bytes().subspan(tree[id].from, tree[id].size()))) return;
  if (tree[id].size() != want.size()) resize(id, static_cast<std::uint32_t>(want.size()));
  if (tree[id].size() == want.size()) editor_.overwrite(id, tree[id].from, want);
}

void Repairer::range(const Tie& tie, NodeId id) {
  const Tree& tree = editor_.tree();
  if (!tree[id].is_number()) return;
  const Scope scope = Evaluator(tree).scope_of(id);
  const Integer now = tree.integer(id);
  const auto least = tie.formula != nullptr ? value(*tie.formula, scope) : std::nullopt;
  const auto most = tie.second != nullptr ? value(*tie.second, scope) : std::nullopt;
  if (least && now < *least) put(id, *least);
  if (most && now > *most) put(id, *most);
}

void Repairer::any_of(NodeId id) {
  const Tree& tree = editor_.tree();
  const auto& choices = editor_.ties().formulas(tree[id].site).any_of;
  if (!tree[id].is_number() || choices.empty()) return;
  const Scope scope = Evaluator(tree).scope_of(id);
  const Integer now = tree.integer(id);
  for (const Formula& f : choices) {
    if (value(f, scope) == std::optional(now)) return;
  }
  if (const auto choice = value(choices[random_.below(choices.size())], scope)) put(id, *choice);
}

void Repairer::in_enum(NodeId id) {
  const Tree& tree = editor_.tree();
  if (!tree[id].is_number() || tree[id].enum_id == schema::kNoEnum) return;
  const schema::Enum& labels = editor_.format().schema().enumeration(tree[id].enum_id);
  if (labels.members.empty() || labels.find(tree.integer(id)) != nullptr) return;
  put(id, labels.members[random_.below(labels.members.size())].value);
}

void Repairer::holds(const Tie& tie, const Scope& scope) {
  const auto now = value(*tie.formula, scope);
  if (now && *now != 0) return;
  stuck_ |= !solver_.settle(*tie.formula, scope) && !solver_.search(*tie.formula, scope);
}

void Repairer::add_sum(NodeId id) {
  const Tree& tree = editor_.tree();
  const Node& node = tree[id];
  if (node.kind == NodeKind::array || node.is(node_flag::pinned)) return;
  const Site& site = editor_.format().site(node.site);
  const schema::Checksum& c = site.member->checksum;
  if (std::ranges::any_of(editor_.ties().of_site(node.site), [&](TieId t) {
        return editor_.ties().all()[t].kind == TieKind::checksum && editor_.is_left(t);
      })) {
    return;
  }
  const NodeId container = tree.container_of(id);
  const NodeId first = tree.child_of(container, editor_.format().site_of(site.owner, c.first));
  const NodeId last = tree.child_of(container, editor_.format().site_of(site.owner, c.last));
  if (first == kNoNode || last == kNoNode || tree[first].from > tree[last].to) return;
  sums_.push_back({id, tree[first].from, tree[last].to});
}

void Repairer::sum() {
  if (!editor_.has_changed_bytes()) return;
  const Tree& tree = editor_.tree();
  sums_.clear();
  bool are_single = true;
  for (const SiteId site : editor_.ties().sums()) are_single &= !editor_.ties().way_to(site).empty();
  if (are_single) {
    for (const SiteId site : editor_.ties().sums()) {
      NodeId id = 0;
      for (const SiteId step : editor_.ties().way_to(site)) {
        if (id != kNoNode) id = tree.child_of(id, step);
      }
      if (id != kNoNode) add_sum(id);
    }
  } else {
    for (NodeId id = 0; id < tree.size(); ++id) {
      if (tree[id].site != kNoSite && editor_.ties().is_sum(tree[id].site)) add_sum(id);
    }
  }
  if (sums_.size() > 1) std::ranges::stable_sort(sums_, {}, [](const Sum& s) { return s.to - s.from; });
  for (const Sum& s : sums_) {
    const schema::Checksum& c = editor_.format().site(tree[s.id].site).member->checksum;
    const auto bytes = tree.bytes().subspan(s.from, s.to - s.from);
    const auto algorithm = static_cast<program::ChecksumAlgorithm>(c.algorithm);
    if (algorithm == program::ChecksumAlgorithm::sha256) {
      const std::string digest = bytes::sha256(bytes);
      if (tree[s.id].size() == digest.size()) {
        editor_.tree().overwrite(tree[s.id].from,
                                 {reinterpret_cast<const std::uint8_t*>(digest.data()), digest.size()});
      }
    } else if (tree[s.id].is_number()) {
      const auto sum = static_cast<Integer>(sum_of(algorithm, bytes));
      editor_.tree().set_integer(s.id, sum);
    }
  }
}

bool repair_everything(Tree& tree, std::uint64_t seed) {
  Editor editor(tree.format());
  editor.begin(tree, kLongestFile);
  editor.touch_everything();
  Repairer repairer(editor);
  repairer.begin(Random(seed));
  return repairer.run();
}

}  // namespace sluice::mutate
