// The features of texts: which characters they have, and how often.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "fuzz/mutate/features.h"

namespace sluice::mutate {

namespace {

using schema::DataKind;

// Characters that languages of patterns, paths and numbers give a meaning are classes of their own.
constexpr std::string_view kPunctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
constexpr std::array<std::string_view, 6> kOthers{"a digit", "a capital letter",    "a small letter",
                                                  "a blank", "a control character", "a byte beyond ASCII"};
constexpr std::size_t kMostCharacters = 4096;  // of a text

std::size_t class_of(std::uint8_t c) {
  constexpr auto kTable = [] {
    std::array<std::uint8_t, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
      const std::size_t other = i >= '0' && i <= '9'   ? 0
                                : i >= 'A' && i <= 'Z' ? 1
                                : i >= 'a' && i <= 'z' ? 2
                                : i == ' '             ? 3
                                : i < 0x80             ? 4
                                                       : 5;
      const std::size_t at = kPunctuation.find(static_cast<char>(i));
      table[i] = static_cast<std::uint8_t>(at != std::string_view::npos ? at : kPunctuation.size() + other);
    }
    return table;
  }();
  return kTable[c];
}

}  // namespace

// Last, as what a large schema can do without.
void Features::add_texts() {
  texts_ = size_;
  first_texts_.assign(format_.site_count(), 0);
  for (SiteId site = 0; site < format_.site_count(); ++site) {
    const schema::Member& member = *format_.site(site).member;
    if (member.role == schema::Role::parameter || member.role == schema::Role::value_instance) continue;
    const schema::DataType& data = member.data;
    const bool is_text = (data.kind == DataKind::string || data.kind == DataKind::bytes) && !member.contents;
    if ((!is_text && !is_character(member)) || kTextFeatures > kMostFeatures - size_) continue;
    first_texts_[site] = size_;
    size_ += kTextFeatures;
  }
}

void Features::mark_text(const Tree& tree, NodeId id, Tally& tally, std::span<volatile std::uint8_t> counters) const {
  const Node& node = tree[id];
  NodeId of = id;
  if (node.is_number()) {
    of = node.parent;
    if (tree[of].kind == NodeKind::structure && tree[of].is(node_flag::element)) of = tree[of].parent;
  }
  if (tally.of != of || tally.site != node.site) tally = {.of = of, .site = node.site};
  for (const std::uint8_t c : tree.bytes().subspan(node.from, std::min<std::size_t>(node.size(), kMostCharacters))) {
    const std::size_t which = class_of(c);
    const std::size_t times = std::min(kTimes, log_class(++tally.times[which])) - 1;
    const std::size_t index = first_texts_[node.site] + which * kTimes + times;
    if (index < counters.size()) counters[index] = 1;
  }
}

Feature Features::text_at(std::size_t index) const {
  for (SiteId site = 0; site < first_texts_.size(); ++site) {
    const std::size_t first = first_texts_[site];
    if (first == 0 || index - first >= kTextFeatures) continue;
    const auto k = static_cast<Integer>(index - first);
    const Integer times{kTimes};
    return {.kind = Feature::Kind::character, .site = site, .value = k / times, .times = 1 + k % times};
  }
  return {};
}

std::string Features::text_name(const Feature& f) const {
  static_assert(kClasses == kPunctuation.size() + kOthers.size());
  const auto which = static_cast<std::size_t>(f.value);
  const std::string name = which < kPunctuation.size() ? fmt::format("'{}'", kPunctuation[which])
                                                       : std::string(kOthers[which - kPunctuation.size()]);
  const Site& site = format_.site(f.site);
  return fmt::format("{}.{} has {}, {} times", format_.schema().type(site.owner).name, site.member->id, name,
                     from_logarithm(f.times));
}

}  // namespace sluice::mutate
