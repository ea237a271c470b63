#include "fuzz/mutate/features.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "fuzz/mutate/bounds.h"
#include "fuzz/mutate/meaning.h"

namespace sluice::mutate {

namespace {

using schema::DataKind;

constexpr std::size_t kLogarithms = 20;  // of counts and sizes: 0, 1, 2, 3.., 4.., 8.. and so on
constexpr std::size_t kDepths = 8;
constexpr std::size_t kFixed = 6;  // features of a number beside those by its length in bits

std::size_t bit_length(Integer value) {
  const Integer magnitude = value < 0 ? -(value + 1) : value;
  return static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(magnitude)));
}

unsigned bits_of(const schema::DataType& data) { return data.kind == DataKind::bits ? data.width : data.width * 8u; }

void set(std::span<volatile std::uint8_t> counters, std::size_t index) {
  if (index < counters.size()) counters[index] = 1;
}

}  // namespace

std::size_t log_class(std::uint64_t n) {
  if (n < 4) return n;
  return std::min<std::size_t>(kLogarithms - 1, static_cast<std::size_t>(std::bit_width(n)) + 1);
}

std::string from_logarithm(Integer logarithm) {
  if (logarithm < 4) return to_string(logarithm);
  return to_string(Integer{1} << static_cast<int>(logarithm - 2)) + " or more";
}

Features::Features(const Format& format) : format_(format) {
  depths_ = size_;
  size_ += kDepths;
  // What the gate asks for first: it must not be what a large schema loses.
  add_uses();
  for (SiteId site = 0; site < format_.site_count(); ++site) {
    site_rows_.push_back(static_cast<std::uint32_t>(rows_.size()));
    add_site(site);
  }
  site_rows_.push_back(static_cast<std::uint32_t>(rows_.size()));
  add_texts();
  optional_.resize(format_.schema().types.size());
  for (const Row& row : rows_) {
    if (row.kind == Row::Kind::presence) optional_[format_.site(row.site).owner].push_back(row.site);
  }
}

bool Features::add_row(Row::Kind kind, SiteId site, std::size_t length) {
  if (length > kMostFeatures - size_) return false;
  rows_.push_back({kind, site, size_, length});
  size_ += length;
  return true;
}

void Features::add_site(SiteId id) {
  const schema::Member& member = *format_.site(id).member;
  if (member.role == schema::Role::parameter || member.role == schema::Role::value_instance) return;
  const schema::DataType& data = member.data;
  if (member.condition) (void)add_row(Row::Kind::presence, id, 2);
  if (member.repeat != schema::RepeatKind::none) (void)add_row(Row::Kind::count, id, kLogarithms);
  switch (data.kind) {
    case DataKind::integer:
    case DataKind::bits:
      if (data.enum_id != schema::kNoEnum) {
        (void)add_row(Row::Kind::enumeration, id, format_.schema().enumeration(data.enum_id).members.size() + 1);
      } else {
        if (add_row(Row::Kind::number, id, kFixed + bits_of(data) + 1)) rows_.back().bounds = constant_bounds(member);
      }
      break;
    case DataKind::switched: (void)add_row(Row::Kind::cases, id, data.cases.size() + 1); break;
    case DataKind::string:
    case DataKind::bytes:
      if (!member.contents) (void)add_row(Row::Kind::size, id, kLogarithms);
      break;
    default: break;
  }
}

const Features::Row* Features::row_of(SiteId site, Row::Kind kind) const {
  for (std::uint32_t r = site_rows_[site]; r < site_rows_[site + 1]; ++r) {
    if (rows_[r].kind == kind) return &rows_[r];
  }
  return nullptr;
}

void Features::mark_number(const Tree& tree, NodeId node, const Row& row,
                           std::span<volatile std::uint8_t> counters) const {
  const Integer value = tree.integer(node);
  if (row.kind == Row::Kind::enumeration) {
    const auto& members = format_.schema().enumeration(tree[node].enum_id).members;
    const auto at = std::ranges::lower_bound(members, value, {}, &schema::EnumMember::value);
    const bool is_known = at != members.end() && at->value == value;
    set(counters, row.first + (is_known ? static_cast<std::size_t>(at - members.begin()) : members.size()));
    return;
  }
  const Bounds bounds = row.bounds ? *row.bounds : bounds_of(tree, node);
  if (value < bounds.min) return set(counters, row.first);
  if (value > bounds.max) return set(counters, row.first + 5);
  if (value == bounds.min) set(counters, row.first + 1);
  if (value == bounds.min + 1) set(counters, row.first + 2);
  if (value == bounds.max - 1) set(counters, row.first + 3);
  if (value == bounds.max) set(counters, row.first + 4);
  set(counters, row.first + kFixed + std::min(bit_length(value), row.length - kFixed - 1));
}

void Features::mark(const Tree& tree, std::span<volatile std::uint8_t> counters) const {
  if (tree.is_empty()) return;
  Tally tally;
  std::size_t depth = 0;
  NodeId open[kDepths + 64] = {};  // the structures around a node; trees are no deeper than that
  for (NodeId id = 0; id < tree.size(); ++id) {
    const Node& node = tree[id];
    while (depth > 0 && tree[open[depth - 1]].end <= id) --depth;
    if (node.kind == NodeKind::structure) {
      set(counters, depths_ + std::min(kDepths - 1, depth));
      if (depth < std::size(open)) open[depth++] = id;
      // What the schema makes optional and is not there has no node.
      for (const SiteId site : optional_[node.type]) {
        set(counters, row_of(site, Row::Kind::presence)->first + (tree.child_of(id, site) != kNoNode ? 1 : 0));
      }
    }
    if (node.site == kNoSite) continue;
    if (first_texts_[node.site] != 0 && node.is_leaf()) mark_text(tree, id, tally, counters);
    for (std::uint32_t r = site_rows_[node.site]; r < site_rows_[node.site + 1]; ++r) {
      const Row& row = rows_[r];
      switch (row.kind) {
        case Row::Kind::number:
        case Row::Kind::enumeration:
          if (node.is_number()) mark_number(tree, id, row, counters);
          break;
        case Row::Kind::cases:
          if (node.kind != NodeKind::array) {
            const auto which = case_of(tree, id);
            set(counters, row.first + (which ? *which : row.length - 1));
          }
          break;
        case Row::Kind::count:
          if (node.kind == NodeKind::array) set(counters, row.first + log_class(tree.count_of(id)));
          break;
        case Row::Kind::size:
          if (node.is_leaf()) set(counters, row.first + log_class(node.size()));
          break;
        case Row::Kind::presence: break;
      }
    }
    if (uses_ && node.kind != NodeKind::array &&
        node.site == format_.site_of(uses_->steps.back().type, uses_->steps.back().member)) {
      if (const auto use = use_of(tree, id)) set(counters, *use);
    }
  }
}

Feature Features::at(std::size_t index) const {
  using Kind = Feature::Kind;
  if (index < depths_ + kDepths) return {.kind = Kind::depth, .value = static_cast<Integer>(index - depths_)};
  if (uses_ && index - uses_->first < uses_->count) return use_at(index);
  if (index >= texts_) return text_at(index);
  const auto after = std::ranges::upper_bound(rows_, index, {}, &Row::first);
  if (after == rows_.begin()) return {};
  const Row& row = *(after - 1);
  const auto k = static_cast<Integer>(index - row.first);
  Feature feature{.site = row.site, .value = k};
  switch (row.kind) {
    case Row::Kind::number: {
      constexpr Kind kFixedKinds[kFixed] = {Kind::below,     Kind::at_min, Kind::above_min,
                                            Kind::below_max, Kind::at_max, Kind::above};
      feature.kind = index - row.first < kFixed ? kFixedKinds[index - row.first] : Kind::bits;
      feature.value = k - static_cast<Integer>(kFixed);
      break;
    }
    case Row::Kind::enumeration: {
      const auto& members = format_.schema().enumeration(format_.site(row.site).member->data.enum_id).members;
      const bool is_known = index - row.first < members.size();
      feature.kind = is_known ? Kind::member : Kind::unknown;
      if (is_known) feature.value = members[index - row.first].value;
      break;
    }
    case Row::Kind::cases: feature.kind = index - row.first + 1 < row.length ? Kind::case_of : Kind::no_case; break;
    case Row::Kind::presence: feature.kind = k == 0 ? Kind::absent : Kind::present; break;
    case Row::Kind::count: feature.kind = Kind::count; break;
    case Row::Kind::size: feature.kind = Kind::size; break;
  }
  return feature;
}

std::string Features::name(std::size_t index) const {
  using Kind = Feature::Kind;
  if (index >= size_) return "none";
  const Feature f = at(index);
  if (f.kind == Kind::depth)
    return fmt::format("depth {}{}", to_string(f.value), f.value + 1 == kDepths ? " or more" : "");
  if (f.kind == Kind::use) return use_name(f);
  if (f.kind == Kind::character) return text_name(f);
  const Site& site = format_.site(f.site);
  const schema::Member& member = *site.member;
  const std::string field = fmt::format("{}.{}", format_.schema().type(site.owner).name, member.id);
  const auto least = [&] { return from_logarithm(f.value); };
  switch (f.kind) {
    case Kind::below: return field + " below its minimum";
    case Kind::at_min: return field + " at its minimum";
    case Kind::above_min: return field + " one above its minimum";
    case Kind::below_max: return field + " one below its maximum";
    case Kind::at_max: return field + " at its maximum";
    case Kind::above: return field + " above its maximum";
    case Kind::bits: return fmt::format("{} of {} bits", field, to_string(f.value));
    case Kind::member: {
      const auto* m = format_.schema().enumeration(member.data.enum_id).find(f.value);
      return fmt::format("{} is {}", field, m != nullptr ? m->label : to_string(f.value));
    }
    case Kind::unknown: return field + " is unknown to its enum";
    case Kind::case_of: {
      const schema::Case& c = member.data.cases[static_cast<std::size_t>(f.value)];
      return fmt::format("{} case {}", field, c.match ? c.match.text : "_");
    }
    case Kind::no_case: return field + " without a case";
    case Kind::absent: return field + " is not there";
    case Kind::present: return field + " is there";
    case Kind::count: return fmt::format("{} elements of {}", least(), field);
    case Kind::size: return fmt::format("{} bytes of {}", least(), field);
    default: return field;
  }
}

}  // namespace sluice::mutate
