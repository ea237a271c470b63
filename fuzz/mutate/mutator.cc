#include "fuzz/mutate/mutator.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <vector>

#include "fuzz/mutate/cache.h"
#include "fuzz/mutate/minimal.h"
#include "fuzz/mutate/noise.h"
#include "fuzz/mutate/repair.h"
#include "fuzz/mutate/verbs.h"

namespace sluice::mutate {

namespace {

constexpr std::size_t kDonors = 16;
constexpr std::size_t kLongestPayload = 1u << 20;

// How often each verb is tried, in the order of Verb.
constexpr std::array<std::uint32_t, kVerbs> kWeights{20, 6, 8, 8, 4, 6, 20, 6, 4, 4, 2, 2, 12, 8, 6, 8, 3};

Verb draw_verb(Random& random) {
  std::uint32_t total = 0;
  for (const std::uint32_t w : kWeights) total += w;
  auto at = static_cast<std::uint32_t>(random.below(total));
  std::size_t verb = 0;
  while (at >= kWeights[verb]) at -= kWeights[verb++];
  return static_cast<Verb>(verb);
}

}  // namespace

class Mutator::Impl {
 public:
  Impl(const Format& format, ByteMutation bytes)
      : format_(format), bytes_(bytes), verbs_(format), cache_(format), work_(format), editor_(format) {}

  std::size_t mutate(std::uint8_t* data, std::size_t size, std::size_t max_size, std::uint64_t seed) {
    begin();
    Random random(seed);
    const Cache::Known& known = cache_.find({data, size});
    const Tree& tree = *known.tree;
    if (tree.size() < 2) return replace(data, size, max_size, random);
    // What repair takes back was no mutation.
    for (int tries = 0; tries < 3; ++tries) {
      if (!change(tree, *known.sites, max_size, random)) break;
      if (!std::ranges::equal(work_.bytes(), tree.bytes())) return copy_out({data, max_size});
    }
    return replace(data, size, max_size, random);
  }

  std::size_t cross_over(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b, std::span<std::uint8_t> out,
                         std::uint64_t seed) {
    begin();
    Random random(seed);
    const std::size_t size = std::min(a.size(), out.size());
    work_ = *cache_.tree_of(a);
    const std::array<Donor, 1> other{Donor{hash_of(b), cache_.tree_of(b)}};
    if (work_.size() >= 2 && other[0].tree->size() >= 2 && a.size() <= out.size()) {
      editor_.begin(work_, out.size());
      const std::size_t wanted = 1 + random.below(3);
      for (std::size_t tries = 0; recipe_.steps.size() < wanted && tries < 12; ++tries) {
        (void)try_verb(Verb::splice, other, random, nullptr);
      }
    }
    if (recipe_.steps.empty()) {
      std::ranges::copy(a.first(size), out.begin());
      return replace(out.data(), size, out.size(), random);
    }
    draw_repair(random);
    repair();
    return copy_out(out);
  }

  std::size_t replay(std::uint8_t* data, std::size_t size, std::size_t max_size, const Recipe& recipe) {
    if (recipe.is_replaced) {
      const std::size_t count = std::min(recipe.payload.size(), max_size);
      std::copy_n(recipe.payload.begin(), count, data);
      return count;
    }
    is_work_known_ = false;
    recipe_ = recipe;
    work_ = *cache_.tree_of({data, size});
    if (work_.is_empty()) return size;
    editor_.begin(work_, max_size);
    for (const Step& step : recipe_.steps) (void)verbs_.apply(step, editor_, donors_, recipe_.payload);
    repair();
    return copy_out({data, max_size});
  }

  void add_donor(std::span<const std::uint8_t> content) {
    const std::uint64_t hash = hash_of(content);
    if (std::ranges::find(donors_, hash, &Donor::hash) != donors_.end()) return;
    Donor donor{hash, cache_.tree_of(content)};
    if (donor.tree->size() < 2) return;
    if (donors_.size() == kDonors) donors_.erase(donors_.begin());
    donors_.push_back(std::move(donor));
  }

  [[nodiscard]] const Recipe& last_recipe() const { return recipe_; }
  [[nodiscard]] const Tree* last_tree() const { return is_work_known_ ? &work_ : nullptr; }

 private:
  void begin() {
    recipe_.clear();
    is_work_known_ = false;
  }

  bool change(const Tree& tree, const SiteIndex& sites, std::size_t max_size, Random& random) {
    begin();
    work_ = tree;
    editor_.begin(work_, max_size);
    std::size_t wanted = 1;
    while (wanted < 4 && random.chance(1, 3)) ++wanted;
    for (std::size_t tries = 0; recipe_.steps.size() < wanted && tries < 4 * wanted; ++tries) {
      (void)try_verb(draw_verb(random), donors_, random, &sites);
    }
    if (recipe_.steps.empty()) return false;
    draw_repair(random);
    repair();
    return true;
  }

  // `sites`: of the tree before the first step, or null.
  bool try_verb(Verb verb, std::span<const Donor> donors, Random& random, const SiteIndex* sites) {
    auto step = verbs_.draw(verb, work_, donors, random, editor_.has_changed_shape() ? nullptr : sites);
    if (!step) return false;
    if (verb == Verb::change_bytes) draw_bytes(*step, random);
    if (verb == Verb::insert_text) draw_text(*step, random);
    // What a step draws while it is applied comes from its own seed, so that it replays; also what it did half.
    const std::uint64_t before = editor_.num_edits();
    const bool is_done = verbs_.apply(*step, editor_, donors, recipe_.payload);
    if (is_done || editor_.num_edits() != before) recipe_.steps.push_back(*step);
    return is_done;
  }

  void draw_bytes(Step& step, Random& random) {
    const Node& node = work_[step.node];
    const auto old = work_.bytes().subspan(node.from, node.size());
    const bool has_fixed_size = node.is_number() || random.chance(1, 2);
    const std::size_t room = has_fixed_size ? old.size() : old.size() + std::min<std::size_t>(editor_.room(), 64);
    scratch_.assign(old.begin(), old.end());
    scratch_.resize(room);
    std::size_t size = bytes_ != nullptr && random.chance(1, 2) ? bytes_(scratch_.data(), old.size(), room)
                                                                : make_noise(scratch_.data(), old.size(), room, random);
    if (has_fixed_size) size = old.size();
    step.from = static_cast<std::uint32_t>(recipe_.payload.size());
    step.size = static_cast<std::uint32_t>(size);
    recipe_.payload.insert(recipe_.payload.end(), scratch_.begin(),
                           scratch_.begin() + static_cast<std::ptrdiff_t>(size));
  }

  // What languages of patterns, paths and formats mean something by, once or again and again.
  void draw_text(Step& step, Random& random) {
    constexpr std::array<std::string_view, 16> kWords{".*", "a*", "a+",   "a?",  "[a",    "[^a-z]", "(a", "(a|b)",
                                                      "\\", "^",  "a{9}", "../", "\\.\\", "%s",     "%n", "9"};
    const std::string_view word = kWords[random.below(kWords.size())];
    const std::uint64_t times = random.chance(1, 2) ? 1 : 1 + random.below(32);
    step.from = static_cast<std::uint32_t>(recipe_.payload.size());
    for (std::uint64_t i = 0; i < times; ++i) recipe_.payload.insert(recipe_.payload.end(), word.begin(), word.end());
    step.size = static_cast<std::uint32_t>(recipe_.payload.size()) - step.from;
  }

  void draw_repair(Random& random) {
    recipe_.seed = random.next();
    const std::uint64_t way = random.below(32);
    if (way == 0) {
      recipe_.repair = RepairMode::none;
    } else if (way <= 4 || (way < 16 && recipe_.steps.back().verb == Verb::retype)) {
      recipe_.repair = RepairMode::sums;
    } else if (way <= 6 && !format_.ties().all().empty()) {
      recipe_.repair = RepairMode::but_one;
      recipe_.left_wrong = static_cast<TieId>(random.below(format_.ties().all().size()));
    }
  }

  void repair() {
    repairer_.begin(Random(recipe_.seed), true);
    if (recipe_.repair == RepairMode::but_one && recipe_.left_wrong < format_.ties().all().size()) {
      editor_.leave(recipe_.left_wrong);
    }
    const bool is_whole = recipe_.repair == RepairMode::all || recipe_.repair == RepairMode::but_one;
    const bool holds = is_whole && repairer_.run();
    if (recipe_.repair == RepairMode::sums) repairer_.sum();
    is_work_known_ = holds && work_.is_whole() && recipe_.repair == RepairMode::all && !editor_.is_spoiled();
  }

  std::size_t copy_out(std::span<std::uint8_t> out) const {
    const auto bytes = work_.bytes();
    const std::size_t size = std::min(bytes.size(), out.size());
    if (size != 0) std::memcpy(out.data(), bytes.data(), size);
    return size;
  }

  // What has no tree is changed as bytes; now and then a file that has one takes its place.
  std::size_t replace(std::uint8_t* data, std::size_t size, std::size_t max_size, Random& random) {
    begin();
    recipe_.is_replaced = true;
    if (size == 0 || random.chance(1, 8)) {
      if (!minimal_) minimal_ = minimal(format_);
      if (!minimal_->empty() && minimal_->size() <= max_size) {
        std::ranges::copy(*minimal_, data);
        size = minimal_->size();
        recipe_.payload.assign(data, data + size);
        return size;
      }
    }
    size = bytes_ != nullptr && random.chance(3, 4) ? bytes_(data, size, max_size)
                                                    : make_noise(data, size, max_size, random);
    if (size <= kLongestPayload) recipe_.payload.assign(data, data + size);
    return size;
  }

  const Format& format_;
  ByteMutation bytes_;
  Verbs verbs_;
  Cache cache_;
  Tree work_;
  bool is_work_known_ = false;  // it is what its bytes would be read as, as far as repair knows
  Editor editor_;
  Repairer repairer_{editor_};
  std::vector<Donor> donors_;
  Recipe recipe_;
  std::vector<std::uint8_t> scratch_;
  std::optional<std::vector<std::uint8_t>> minimal_;
};

Mutator::Mutator(const Format& format, ByteMutation bytes) : impl_(std::make_unique<Impl>(format, bytes)) {}
Mutator::~Mutator() = default;

std::size_t Mutator::mutate(std::uint8_t* data, std::size_t size, std::size_t max_size, std::uint64_t seed) {
  return impl_->mutate(data, size, max_size, seed);
}

std::size_t Mutator::cross_over(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
                                std::span<std::uint8_t> out, std::uint64_t seed) {
  return impl_->cross_over(a, b, out, seed);
}

void Mutator::add_donor(std::span<const std::uint8_t> content) { impl_->add_donor(content); }

const Recipe& Mutator::last_recipe() const { return impl_->last_recipe(); }

const Tree* Mutator::last_tree() const { return impl_->last_tree(); }

std::size_t Mutator::replay(std::uint8_t* data, std::size_t size, std::size_t max_size, const Recipe& recipe) {
  return impl_->replay(data, size, max_size, recipe);
}

}  // namespace sluice::mutate
