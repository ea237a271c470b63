// What a verb is done to, and with which numbers.
#include <algorithm>
#include <array>
#include <string_view>

#include "fuzz/mutate/bounds.h"
#include "fuzz/mutate/formula.h"
#include "fuzz/mutate/verbs.h"

namespace sluice::mutate {

namespace {

// From `start` on and then from the beginning: a node of the member for which `fits` holds.
template <typename Fits>
NodeId next_of(const Looking& at, SiteId site, NodeId start, const Fits& fits) {
  if (at.sites != nullptr) {
    const std::span<const NodeId> nodes = at.sites->nodes_of(site);
    const auto first = static_cast<std::size_t>(std::ranges::lower_bound(nodes, start) - nodes.begin());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const NodeId id = nodes[first + i < nodes.size() ? first + i : first + i - nodes.size()];
      if (fits(id)) return id;
    }
    return kNoNode;
  }
  const auto size = static_cast<NodeId>(at.tree.size());
  for (NodeId i = 0; i < size; ++i) {
    const NodeId id = start + i < size ? start + i : start + i - size;
    if (at.tree[id].site == site && fits(id)) return id;
  }
  return kNoNode;
}

// One of some member of the schema, each member as likely as the next: a field of the header as one of a thousand rows.
// `sites`: the members that come into question; empty: any.
template <typename Fits>
NodeId pick_by_site(const Looking& at, Random& random, std::span<const SiteId> sites, const Fits& fits) {
  const Tree& tree = at.tree;
  const auto size = static_cast<NodeId>(tree.size());
  const SiteId site =
      sites.empty() ? static_cast<SiteId>(random.below(tree.format().site_count())) : sites[random.below(sites.size())];
  const auto start = static_cast<NodeId>(random.below(size));
  return next_of(at, site, start, fits);
}

// A node for which `fits` holds; kNoNode: there is none.
template <typename Fits>
NodeId pick(const Looking& at, Random& random, std::span<const SiteId> sites, const Fits& fits) {
  const auto size = static_cast<NodeId>(at.tree.size());
  if (size == 0) return kNoNode;
  for (int tries = 0; tries < 3 && random.chance(2, 3); ++tries) {
    const NodeId id = pick_by_site(at, random, sites, fits);
    if (id != kNoNode) return id;
  }
  for (int tries = 0; tries < 12; ++tries) {
    const auto id = static_cast<NodeId>(random.below(size));
    if (fits(id)) return id;
  }
  const auto start = static_cast<NodeId>(random.below(size));
  for (NodeId i = 0; i < size; ++i) {
    const NodeId id = start + i < size ? start + i : start + i - size;
    if (fits(id)) return id;
  }
  return kNoNode;
}

template <typename Fits>
NodeId pick(const Looking& at, Random& random, const Fits& fits) {
  return pick(at, random, {}, fits);
}

// What most elements are is what nobody asked for: another of the same member whose value is a rarer one, half the
// time.
NodeId rather_rare(const Looking& at, NodeId node, Random& random) {
  const Tree& tree = at.tree;
  if (node == kNoNode || random.chance(1, 2)) return node;
  for (int tries = 0; tries < 4; ++tries) {
    const auto start = static_cast<NodeId>(random.below(tree.size()));
    const NodeId id = next_of(at, tree[node].site, start, [&](NodeId other) { return tree[other].is_number(); });
    if (id != kNoNode && tree.integer(id) != tree.integer(node)) return id;
  }
  return node;
}

std::optional<Step> on(Verb verb, NodeId node) {
  if (node == kNoNode) return std::nullopt;
  return Step{.verb = verb, .node = node};
}

bool is_element(const Tree& tree, NodeId id) { return tree[id].is(node_flag::element); }

Integer clamp_to(const Node& node, Integer value) { return std::clamp(value, least_of(node), most_of(node)); }

}  // namespace

Verbs::Verbs(const Format& format)
    : format_(format),
      ties_(format.ties()),
      hints_(format),
      is_counter_(format.site_count()),
      is_position_(format.site_count()),
      is_elastic_(format.site_count()),
      is_text_(format.site_count()) {
  for (SiteId site = 0; site < format.site_count(); ++site) {
    is_counter_[site] = ties_.tells(site, TieKind::count) || ties_.tells(site, TieKind::size);
    is_position_[site] = ties_.tells(site, TieKind::position);
    is_elastic_[site] = is_elastic(site);
    const schema::DataType& data = format_.site(site).member->data;
    const bool is_number = data.kind == schema::DataKind::integer || data.kind == schema::DataKind::bits;
    if (is_counter_[site]) counters_.push_back(site);
    if (is_position_[site]) positions_.push_back(site);
    if (is_elastic_[site]) elastic_.push_back(site);
    is_text_[site] = is_text(site);
    if (is_text_[site]) texts_.push_back(site);
    if (is_number && !ties_.is_bound(site)) numbers_.push_back(site);
    if (is_number && (ties_.is_tag(site) || data.enum_id != schema::kNoEnum)) tags_.push_back(site);
  }
}

bool Verbs::is_elastic(SiteId site) const {
  const schema::Member& member = *format_.site(site).member;
  if (member.role != schema::Role::sequence && member.role != schema::Role::parse_instance) return false;
  if (member.repeat != schema::RepeatKind::none) return member.repeat == schema::RepeatKind::eos;
  const bool is_text = member.data.kind == schema::DataKind::string || member.data.kind == schema::DataKind::bytes;
  if (!is_text || member.contents) return false;
  return !member.sizing.size || ties_.has_target(site, TieKind::size);
}

bool Verbs::is_text(SiteId site) const {
  if (!is_elastic_[site]) return false;
  const schema::Member& member = *format_.site(site).member;
  const auto& data = member.data;
  if (member.repeat == schema::RepeatKind::none || data.kind == schema::DataKind::integer) {
    return data.kind != schema::DataKind::integer || is_character(member);
  }
  if (data.kind != schema::DataKind::structure) return false;
  const std::vector<schema::Member>& members = format_.schema().type(data.type_id).members;
  return std::ranges::any_of(
      members, [](const schema::Member& m) { return m.role == schema::Role::sequence && is_character(m); });
}

std::optional<Step> Verbs::draw(Verb verb, const Tree& tree, std::span<const Donor> donors, Random& random,
                                const SiteIndex* sites) const {
  const Looking at{tree, sites};
  std::optional<Step> step;
  const auto is_number = [&](NodeId id) { return tree[id].is_number(); };
  switch (verb) {
    case Verb::set_field: {
      const bool any = random.chance(1, 4);
      const std::span<const SiteId> which = any ? std::span<const SiteId>{} : numbers_;
      step = on(verb, pick(at, random, which,
                           [&](NodeId id) { return is_number(id) && (any || !ties_.is_bound(tree[id].site)); }));
      if (step) step->value = draw_value(at, step->node, random, step->keeps);
      break;
    }
    case Verb::grow_count: {
      step =
          on(verb, pick(at, random, counters_, [&](NodeId id) { return is_number(id) && is_counter_[tree[id].site]; }));
      if (!step) break;
      const Integer now = tree.integer(step->node);
      const std::array<Integer, 6> choices{now + 1,
                                           now + 1 + static_cast<Integer>(random.below(16)),
                                           now * 2,
                                           most_of(tree[step->node]),
                                           (most_of(tree[step->node]) >> 1) + 1,
                                           now == 0 ? 1 : now - 1};
      step->value = clamp_to(tree[step->node], choices[random.below(choices.size())]);
      break;
    }
    case Verb::duplicate:
      step = on(verb, pick(at, random, [&](NodeId id) { return is_element(tree, id); }));
      if (step) draw_run(tree, *step, random);
      break;
    case Verb::erase:
      step = on(verb, pick(at, random, [&](NodeId id) { return is_element(tree, id); }));
      if (step) step->value = 1 + static_cast<Integer>(random.chance(1, 8) ? random.below(8) : 0);
      break;
    case Verb::swap_siblings:
      step = on(verb, pick(at, random, [&](NodeId id) {
                  return is_element(tree, id) && (tree[id].index != 0 || tree.next_sibling(id) != kNoNode);
                }));
      if (step) {
        const NodeId array = tree[step->node].parent;
        const std::uint32_t count = tree.count_of(array);
        const std::uint64_t by = 1 + random.below(count - 1);
        step->other = tree.element_of(array, (tree[step->node].index + by) % count);
      }
      break;
    case Verb::splice: step = draw_splice(at, donors, random); break;
    case Verb::retype:
      step = on(verb, pick(at, random, tags_, [&](NodeId id) {
                  return is_number(id) && (ties_.is_tag(tree[id].site) || tree[id].enum_id != schema::kNoEnum);
                }));
      if (step) step->node = rather_rare(at, step->node, random);
      if (step) step->value = draw_tag(tree, step->node, random);
      break;
    case Verb::point_past_end: {
      const bool any = random.chance(1, 4);
      step = on(verb, pick(at, random, positions_, [&](NodeId id) {
                  return is_number(id) && (is_position_[tree[id].site] || (any && is_counter_[tree[id].site]));
                }));
      if (step) step->value = draw_end(at, step->node, random);
      break;
    }
    case Verb::overlap: step = draw_overlap(at, random); break;
    case Verb::make_cycle: step = draw_cycle(at, random); break;
    case Verb::truncate_at_field:
      step = on(verb, pick(at, random, [&](NodeId id) { return tree[id].is_leaf() && tree[id].to != 0; }));
      if (step) {
        const Node& node = tree[step->node];
        step->value = random.chance(1, 2) ? node.from : node.from + static_cast<Integer>(random.below(node.size() + 1));
      }
      break;
    case Verb::zero_sector: {
      if (tree.bytes().empty()) break;
      step = Step{.verb = verb};
      if (random.chance(1, 2)) {
        step->value = static_cast<Integer>(random.below((tree.bytes().size() + 511) / 512) * 512);
      } else {
        step->node = static_cast<NodeId>(random.below(tree.size()));
      }
      break;
    }
    case Verb::use_unused_field: step = draw_use(at, random); break;
    case Verb::insert_new:
      step = on(verb, pick(at, random, [&](NodeId id) {
                  return tree[id].kind == NodeKind::array && !tree[id].is(node_flag::cut);
                }));
      if (step) {
        const std::uint32_t count = tree.count_of(step->node);
        step->value = static_cast<Integer>(random.chance(1, 2) ? count : random.below(std::uint64_t{count} + 1));
      }
      break;
    case Verb::lengthen:
      step = on(verb, pick(at, random, elastic_, [&](NodeId id) {
                  return tree[id].site != kNoSite && is_elastic_[tree[id].site] && !is_element(tree, id) &&
                         tree[id].kind != NodeKind::structure && tree[id].size() != 0;
                }));
      // Short most times, and long now and then.
      if (step) step->value = 1 + static_cast<Integer>(random.below(std::uint64_t{1} << random.below(7)));
      break;
    case Verb::insert_text:
      step = on(verb, pick(at, random, texts_, [&](NodeId id) {
                  return tree[id].site != kNoSite && is_text_[tree[id].site] && !is_element(tree, id) &&
                         tree[id].kind != NodeKind::structure && tree[id].size() != 0;
                }));
      if (step) {
        const Node& node = tree[step->node];
        const std::uint32_t length = node.kind == NodeKind::array ? tree.count_of(step->node) : node.size();
        step->value = static_cast<Integer>(random.below(std::uint64_t{length} + 1));
      }
      break;
    case Verb::change_bytes:
      step = on(verb, pick(at, random, [&](NodeId id) {
                  return tree[id].is_leaf() && tree[id].size() != 0 && tree[id].size() <= 4096;
                }));
      break;
  }
  if (step && verb != Verb::splice) step->seed = random.next();
  return step;
}

Integer Verbs::draw_value(const Looking& at, NodeId id, Random& random, bool& keeps) const {
  const Tree& tree = at.tree;
  const Node& node = tree[id];
  const SiteFormulas& f = ties_.formulas(node.site);
  const Integer now = tree.integer(id);
  Integer value = now;
  keeps = random.chance(1, 2);
  if (node.width == 1 && node.kind == NodeKind::integer && random.chance(1, 6)) {
    // What languages of patterns, paths and numbers give a meaning.
    constexpr std::string_view kPunctuation = "*+?.[](){}|^$\\/-%\"'<>=;,:&#@!~";
    value = kPunctuation[random.below(kPunctuation.size())];
    if (value != now) return value;
  }
  switch (random.below(11)) {
    case 0:
    case 1: {
      const Formula& bound = random.chance(1, 2) ? f.least : f.most;
      const auto edge = bound ? Evaluator(tree).integer(bound, Evaluator(tree).scope_of(id)) : std::nullopt;
      if (edge) {
        value = *edge + static_cast<Integer>(random.below(3)) - 1;
        break;
      }
      [[fallthrough]];
    }
    case 2:
      if (node.enum_id != schema::kNoEnum) {
        value = draw_tag(tree, id, random);
        break;
      }
      [[fallthrough]];
    case 3: {
      const std::array<Integer, 6> edges{0, 1, least_of(node), most_of(node), most_of(node) - 1, most_of(node) >> 1};
      value = edges[random.below(edges.size())];
      break;
    }
    case 4: value = now + (random.chance(1, 2) ? 1 : -1) * static_cast<Integer>(1 + random.below(4)); break;
    case 5:
    case 6: {
      const NodeId other =
          pick(at, random, [&](NodeId n) { return tree[n].site == node.site && tree[n].is_number() && n != id; });
      if (other != kNoNode) value = tree.integer(other);
      break;
    }
    case 7:
    case 8:
      if (!hints_.numbers.empty()) value = hints_.numbers[random.below(hints_.numbers.size())];
      break;
    case 9: value = static_cast<Integer>(random.below(64)); break;
    default: value = static_cast<Integer>(random.next() >> random.below(64)); break;
  }
  value = clamp_to(node, value);
  if (value == now) value = now < most_of(node) ? now + 1 : now - 1;
  return value;
}

Integer Verbs::draw_tag(const Tree& tree, NodeId id, Random& random) const {
  const Node& node = tree[id];
  const Integer now = tree.integer(id);
  const auto& choices = ties_.formulas(node.site).any_of;
  if (!choices.empty() && random.chance(3, 4)) {
    const auto value = choices[random.below(choices.size())].constant();
    if (value) return clamp_to(node, *value);
  }
  if (node.enum_id != schema::kNoEnum) {
    const auto& members = format_.schema().enumeration(node.enum_id).members;
    if (!members.empty()) {
      Integer value = members[random.below(members.size())].value;
      if (random.chance(1, 8)) value = random.chance(1, 2) ? members.back().value + 1 : members.front().value - 1;
      if (value != now) return clamp_to(node, value);
      return clamp_to(node, members[random.below(members.size())].value);
    }
  }
  if (!hints_.numbers.empty() && random.chance(3, 4)) {
    return clamp_to(node, hints_.numbers[random.below(hints_.numbers.size())]);
  }
  return clamp_to(node, static_cast<Integer>(random.below(16)));
}

// At the end of something, or a little beside it.
Integer Verbs::draw_end(const Looking& at, NodeId id, Random& random) const {
  const Tree& tree = at.tree;
  const Node& node = tree[id];
  if (random.chance(1, 8)) return most_of(node) - static_cast<Integer>(random.below(16));
  Integer end = static_cast<Integer>(tree.bytes().size());
  if (random.chance(1, 2)) {
    const NodeId part = pick(at, random, [&](NodeId n) { return !tree[n].is_leaf(); });
    if (part != kNoNode) end = tree[part].size();
  }
  return clamp_to(node, end + static_cast<Integer>(random.below(9)) - 4);
}

std::optional<Step> Verbs::draw_splice(const Looking& at, std::span<const Donor> donors, Random& random) const {
  const Tree& tree = at.tree;
  if (donors.empty()) return std::nullopt;
  const Donor& donor = donors[random.below(donors.size())];
  for (int tries = 0; tries < 8; ++tries) {
    const NodeId source = pick(Looking{*donor.tree}, random, [&](NodeId id) {
      const Node& n = (*donor.tree)[id];
      return n.site != kNoSite && !n.is(node_flag::placed) && n.kind != NodeKind::array;
    });
    if (source == kNoNode) return std::nullopt;
    const Node& of = (*donor.tree)[source];
    const NodeId node = pick(at, random, [&](NodeId id) {
      return tree[id].site == of.site && tree[id].kind == of.kind && tree[id].type == of.type;
    });
    if (node == kNoNode) continue;
    return Step{.verb = Verb::splice,
                .node = node,
                .other = source,
                .seed = donor.hash,
                .value = static_cast<Integer>(random.below(2))};
  }
  return std::nullopt;
}

std::optional<Step> Verbs::draw_overlap(const Looking& at, Random& random) const {
  const Tree& tree = at.tree;
  const auto is_placed = [&](NodeId id) { return tree[id].is(node_flag::placed) && tree[id].size() != 0; };
  if (!hints_.ranges.empty() && random.chance(1, 2)) {
    const auto which = random.below(hints_.ranges.size());
    const auto is_range = [&](NodeId id) { return hints_.is_at(tree[id], *hints_.ranges[which].each); };
    const NodeId node = pick(at, random, is_range);
    const NodeId other =
        node == kNoNode ? kNoNode : pick(at, random, [&](NodeId id) { return id != node && is_range(id); });
    if (other != kNoNode) {
      return Step{.verb = Verb::overlap, .node = node, .other = other, .value = static_cast<Integer>(which)};
    }
  }
  const NodeId node = pick(at, random, is_placed);
  if (node == kNoNode) return std::nullopt;
  const NodeId other = pick(at, random, [&](NodeId id) { return id != node && is_placed(id); });
  if (other == kNoNode) return std::nullopt;
  return Step{.verb = Verb::overlap,
              .node = node,
              .other = other,
              .value = static_cast<Integer>(random.below(std::uint64_t{tree[other].size()} + 1)),
              .keeps = true};
}

std::optional<Step> Verbs::draw_cycle(const Looking& at, Random& random) const {
  const Tree& tree = at.tree;
  if (!hints_.references.empty()) {
    const auto which = random.below(hints_.references.size());
    const auto refers = [&](NodeId id) { return hints_.is_at(tree[id], *hints_.references[which].each); };
    const NodeId node = pick(at, random, refers);
    if (node != kNoNode) {
      const NodeId other = random.chance(1, 3) ? node : pick(at, random, refers);
      return Step{.verb = Verb::make_cycle,
                  .node = node,
                  .other = other,
                  .value = static_cast<Integer>(which),
                  .keeps = random.chance(1, 4)};
    }
  }
  // A number in an element that could be the index of an element.
  auto step =
      on(Verb::make_cycle, pick(at, random, [&](NodeId id) {
           if (!tree[id].is_number() || ties_.is_bound(tree[id].site) || id == 0) return false;
           const NodeId up = tree[id].parent;
           return tree[up].is(node_flag::element) && tree.integer(id) <= Integer{tree.count_of(tree[up].parent)};
         }));
  if (step) {
    const Integer own = tree[tree[step->node].parent].index;
    step->value = clamp_to(tree[step->node], std::max<Integer>(0, own + static_cast<Integer>(random.below(3)) - 1));
  }
  return step;
}

std::optional<Step> Verbs::draw_use(const Looking& at, Random& random) const {
  const Tree& tree = at.tree;
  if (hints_.uses.empty()) return std::nullopt;
  const auto is_unused = [&](NodeId id) { return hints_.is_unused(tree, id); };
  NodeId node = pick(at, random, is_unused);
  if (node == kNoNode) return std::nullopt;
  // The highest of its siblings reaches furthest.
  if (random.chance(1, 2)) {
    for (NodeId next = tree.next_sibling(node); next != kNoNode; next = tree.next_sibling(next)) {
      if (is_unused(next)) node = next;
    }
  }
  return Step{.verb = Verb::use_unused_field, .node = node};
}

}  // namespace sluice::mutate
