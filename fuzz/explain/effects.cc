#include "fuzz/explain/effects.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "fuzz/cause/signature.h"
#include "fuzz/explain/refused.h"
#include "fuzz/mutate/flip.h"
#include "fuzz/mutate/tie.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::explain {

namespace {

using Clock = std::chrono::steady_clock;
using engine::Fault;
using engine::Observation;
using mutate::NodeId;

// Where the fault is, seen from the begin of its object; of none: in memory.
Integer position_of(const Fault& fault) {
  const worker::ObjectRecord& object = fault.object;
  switch (object.side) {
    case worker::Side::start: return -Integer{object.distance};
    case worker::Side::inside: return object.distance;
    case worker::Side::end: return Integer{object.bytes} + object.distance;
    case worker::Side::none: break;
  }
  return fault.address;
}

// How much something changes with each step; nothing: not at all, or not in proportion.
std::optional<std::int64_t> per_step(Integer change, Integer steps) {
  if (change == 0 || steps == 0 || change % steps != 0) return std::nullopt;
  const Integer each = change / steps;
  constexpr Integer kFarthest = 1 << 20;
  if (each < -kFarthest || each > kFarthest) return std::nullopt;
  return static_cast<std::int64_t>(each);
}

// Smaller is guiltier.
struct Rank {
  bool is_incurable = false;
  int refused = 2;               // 0: `check` names it, 1: what it names reads it
  bool is_lasting = false;       // no other value takes the fault away, not even with the driver's refusal
  bool is_only_refused = false;  // and every other value brings that: it says nothing of this fault
  bool is_still = true;          // the fault does not move with it
  bool is_name = false;      // of an enum's member, of a row: with another the driver does something else, and not the
                             // same right
  bool is_reshaped = false;  // parts came or went with it
  bool is_text = false;      // whose other values are cruder
  bool is_target = false;    // a count, size or position follows what it is of
  std::size_t changed = 0;   // bytes
  friend auto operator<=>(const Rank&, const Rank&) = default;
};

// Fewest changes first.
struct Cure {
  bool is_reshaped = false;
  std::size_t changed = 0;
  friend auto operator<=>(const Cure&, const Cure&) = default;
};

bool is_in(const std::vector<mutate::SiteId>& sites, mutate::SiteId site) {
  return std::ranges::find(sites, site) != sites.end();
}

class Search {
 public:
  Search(const mutate::Format& format, std::span<const std::uint8_t> input, std::uint64_t place, engine::Oracle& oracle,
         const EffectLimits& limits);

  Effects run();

 private:
  struct Suspect {
    NodeId field = mutate::kNoNode;
    Effect effect;
    int refused = 2;
    std::optional<Cure> cure;
    bool keeps = false;      // some other value keeps the fault
    bool is_paired = false;  // the cure is one only together with another field
  };
  static constexpr std::chrono::milliseconds kSlow{100};
  [[nodiscard]] bool is_over();
  [[nodiscard]] bool is_slow();
  [[nodiscard]] Observation ask(std::span<const std::uint8_t> content);
  void look_at(Suspect& suspect, const mutate::FlipValue& value, bool repairs);
  void take_flip(Suspect& suspect, const mutate::FlipValue& value);
  void note_move(Suspect& suspect, const mutate::FlipValue& value, const Fault& fault);
  [[nodiscard]] Suspect suspect_of(NodeId field, const RefusedFields& refused) const;
  [[nodiscard]] std::vector<Suspect> suspects() const;
  [[nodiscard]] bool is_given(NodeId field) const;
  [[nodiscard]] bool is_name(NodeId field) const;
  [[nodiscard]] bool is_target(NodeId field) const;
  [[nodiscard]] bool is_of_parts(const Suspect& suspect) const {
    return is_target(suspect.field) && suspect.cure && suspect.cure->is_reshaped;
  }
  [[nodiscard]] Rank rank_of(const Suspect& suspect) const;
  void try_all(std::span<Suspect> suspects);
  [[nodiscard]] bool may_be_one(const Suspect& one, const Suspect& other) const;
  void try_pairs(std::span<Suspect> suspects, bool are_refused);
  void add_torn();

  std::span<const std::uint8_t> input_;
  std::uint64_t place_;
  engine::Oracle& oracle_;
  EffectLimits limits_;
  mutate::Flipper flipper_;
  Effects out_;
  std::uint32_t tries_ = 0;
  bool is_slow_ = false;  // each time that the fault comes costs as much as a thousand questions
  Clock::time_point until_;
  std::set<std::vector<std::uint8_t>> asked_;
  std::vector<mutate::SiteId> keys_;        // names of rows, ..
  std::vector<mutate::SiteId> references_;  // .. and what names them
};

Search::Search(const mutate::Format& format, std::span<const std::uint8_t> input, std::uint64_t place,
               engine::Oracle& oracle, const EffectLimits& limits)
    : input_(input), place_(place), oracle_(oracle), limits_(limits), flipper_(format) {
  const auto add_to = [&](std::vector<mutate::SiteId>& sites, const schema::Expression& value) {
    if (!value) return;
    const mutate::Formula formula(format, value);
    sites.insert(sites.end(), formula.reads().begin(), formula.reads().end());
  };
  const schema::RuleBook& book = format.schema().rules;
  for (const schema::RuleTable& table : book.tables) add_to(keys_, table.key);
  for (const schema::Rule& rule : book.rules) {
    for (const schema::RuleLocal& local : rule.locals) {
      if (local.table) add_to(references_, local.value);
    }
  }
  if (book.uses) add_to(references_, book.uses->type);
}

bool Search::is_over() {
  if (tries_ < limits_.tries && Clock::now() < until_) return false;
  out_.is_done = false;
  return true;
}

Observation Search::ask(std::span<const std::uint8_t> content) {
  ++tries_;
  return oracle_.run(bytes::with_content(input_, content), out_.needs_events);
}

Search::Suspect Search::suspect_of(NodeId field, const RefusedFields& refused) const {
  const mutate::Tree& tree = flipper_.tree();
  const mutate::Node& node = tree[field];
  Suspect out{.field = field, .effect = {}, .cure = {}};
  const auto is_in = [&](const std::vector<NodeId>& list) { return std::ranges::find(list, field) != list.end(); };
  out.refused = is_in(refused.named) ? 0 : is_in(refused.read) ? 1 : 2;
  out.effect.path = mutate::path_of(tree, field);
  out.effect.bytes = {node.from, node.to};
  out.effect.is_refused = out.refused < 2;
  if (node.is_number()) {
    out.effect.number = tree.integer(field);
    out.effect.value = to_string(*out.effect.number);
  } else {
    const auto bytes = tree.bytes().subspan(node.from, node.size());
    out.effect.value = mutate::shown({.bytes = {bytes.begin(), bytes.end()}});
  }
  return out;
}

void Search::note_move(Suspect& suspect, const mutate::FlipValue& value, const Fault& fault) {
  // Of another kind of memory nothing can be compared.
  if (!suspect.effect.number || engine::hash_of(fault) != engine::hash_of(out_.fault)) return;
  const Integer steps = value.number - *suspect.effect.number;
  // What is far off may be another object.
  if (steps < -2 || steps > 2) return;
  // Content lies against a guard: a longer one begins elsewhere, and an address alone moves with it.
  const bool is_as_long = flipper_.bytes().size() == flipper_.tree().bytes().size();
  if (fault.object.side == worker::Side::none && !is_as_long) return;
  const Integer larger = Integer{fault.object.bytes} - out_.fault.object.bytes;
  if (!suspect.effect.moves && larger == 0) {
    suspect.effect.moves = per_step(position_of(fault) - position_of(out_.fault), steps);
  }
  if (!suspect.effect.grows) suspect.effect.grows = per_step(larger, steps);
}

void Search::look_at(Suspect& suspect, const mutate::FlipValue& value, bool repairs) {
  if (flipper_.flip(suspect.field, value, repairs)) take_flip(suspect, value);
}

// `suspect` has the value now, and others may have it with it.
void Search::take_flip(Suspect& suspect, const mutate::FlipValue& value) {
  const Cure cure{.is_reshaped = flipper_.is_reshaped(), .changed = flipper_.num_changed()};
  const auto bytes = flipper_.bytes();
  if (!asked_.emplace(bytes.begin(), bytes.end()).second) return;
  const Observation seen = ask(bytes);
  if (const Fault* fault = cause::find_place(seen, place_)) {
    suspect.keeps = true;
    return note_move(suspect, value, *fault);
  }
  if (!seen.faults.empty()) return;
  if (!seen.is_accepted) {
    suspect.effect.vanishes = true;
    return;
  }
  if (suspect.cure && !(cure < *suspect.cure)) return;
  suspect.cure = cure;
  suspect.effect.cures = true;
  suspect.effect.cure = mutate::shown(value);
}

// What the format has only one value for, and it has it.
bool Search::is_given(NodeId field) const {
  const mutate::Ties& ties = flipper_.tree().format().ties();
  const mutate::SiteId site = flipper_.tree()[field].site;
  if (site == mutate::kNoSite) return false;
  return std::ranges::any_of(ties.of_site(site), [&](mutate::TieId id) {
    const mutate::TieKind kind = ties.all()[id].kind;
    return kind == mutate::TieKind::equal || kind == mutate::TieKind::contents || kind == mutate::TieKind::checksum;
  });
}

std::vector<Search::Suspect> Search::suspects() const {
  const RefusedFields refused = refused_fields(flipper_.tree());
  std::vector<Suspect> out;
  for (const NodeId field : flipper_.fields()) {
    Suspect suspect = suspect_of(field, refused);
    if (suspect.effect.is_refused || !is_given(field)) out.push_back(std::move(suspect));
  }
  // What follows other fields comes last, for where time is short.
  std::ranges::stable_sort(out, {}, [this](const Suspect& s) { return std::pair(s.refused, is_target(s.field)); });
  return out;
}

// One value of each field after the other: where time is short, all have had some.
void Search::try_all(std::span<Suspect> suspects) {
  std::vector<std::vector<mutate::FlipValue>> values;
  std::size_t most = 0;
  for (const Suspect& suspect : suspects) {
    values.push_back(flipper_.others(suspect.field));
    most = std::max(most, values.back().size());
  }
  for (std::size_t i = 0; i < most; ++i) {
    for (std::size_t s = 0; s < suspects.size(); ++s) {
      if (i >= values[s].size()) continue;
      for (const bool repairs : {true, false}) {
        if (!repairs && is_slow_) continue;
        if (!is_over()) look_at(suspects[s], values[s][i], repairs);
      }
    }
  }
}

// Whether two fields may be meant to be the same, as a reference and what it leads to are.
bool Search::may_be_one(const Suspect& one, const Suspect& other) const {
  constexpr Integer kLeast = 2;  // of less there is much that is not meant to be the same
  const mutate::Tree& tree = flipper_.tree();
  const auto enum_id = tree[one.field].enum_id;
  if (one.effect.number != other.effect.number || enum_id != tree[other.field].enum_id) return false;
  return enum_id != schema::kNoEnum || *one.effect.number >= kLeast;
}

// Both have one value, and the driver takes no other of either alone. `are_refused`: only where a rule that does not
// hold reads one of them.
void Search::try_pairs(std::span<Suspect> suspects, bool are_refused) {
  const auto is_stuck = [&](const Suspect& suspect) {
    return suspect.effect.number && suspect.effect.vanishes && !suspect.cure && !suspect.keeps &&
           !is_target(suspect.field);
  };
  for (std::size_t i = 0; i < suspects.size(); ++i) {
    for (std::size_t k = i + 1; k < suspects.size(); ++k) {
      Suspect& one = suspects[i];
      Suspect& other = suspects[k];
      if (!is_stuck(one) || !is_stuck(other) || !may_be_one(one, other)) continue;
      if (are_refused && !one.effect.is_refused && !other.effect.is_refused) continue;
      const NodeId both[] = {one.field, other.field};
      for (const mutate::FlipValue& value : flipper_.others(one.field, 1)) {
        if (!is_over() && flipper_.flip(both, value, true)) take_flip(one, value);
      }
      one.is_paired = other.is_paired = one.cure.has_value();
      other.cure = one.cure;
      other.effect.cures = one.effect.cures;
      other.effect.cure = one.effect.cure;
    }
  }
}

// A count, size or position.
bool Search::is_target(NodeId field) const {
  const mutate::SiteId site = flipper_.tree()[field].site;
  return site != mutate::kNoSite && flipper_.tree().format().ties().is_target(site);
}

bool Search::is_name(NodeId field) const {
  const mutate::Node& node = flipper_.tree()[field];
  return node.enum_id != schema::kNoEnum || is_in(keys_, node.site) || is_in(references_, node.site);
}

Rank Search::rank_of(const Suspect& suspect) const {
  const mutate::Tree& tree = flipper_.tree();
  const mutate::Node& node = tree[suspect.field];
  const Cure cure = suspect.cure.value_or(Cure{});
  // One that `check` names is as good as curable where other values bring the driver to refuse the content.
  return {.is_incurable = !suspect.cure && !(suspect.refused == 0 && suspect.effect.vanishes),
          .refused = suspect.refused,
          .is_lasting = !suspect.cure && !suspect.effect.vanishes,
          .is_only_refused = !suspect.cure && !suspect.keeps,
          .is_still = !suspect.effect.moves,
          .is_name = is_name(suspect.field) && !(suspect.is_paired && !is_in(keys_, node.site)),
          .is_reshaped = cure.is_reshaped,
          .is_text = !node.is_number(),
          .is_target = is_target(suspect.field),
          .changed = cure.changed};
}

// Where the file ends inside a structure, no field of it is to blame.
void Search::add_torn() {
  const mutate::Tree& tree = flipper_.tree();
  constexpr std::size_t kLongestField = 8;
  if (tree.is_empty() || tree.is_whole() || tree.bytes().size() - tree.stopped_at() >= kLongestField) return;
  if (std::ranges::any_of(out_.fields, &Effect::cures)) return;
  NodeId last = mutate::kNoNode;
  for (NodeId id = 1; id < tree.size(); ++id) {
    if (tree[id].kind == mutate::NodeKind::structure && tree[id].end == tree.size()) last = id;
  }
  if (last == mutate::kNoNode) return;
  Effect torn;
  torn.path = mutate::path_of(tree, last);
  torn.bytes = {tree[last].from, tree.bytes().size()};
  torn.value = counted(tree.bytes().size() - tree[last].from, "byte");
  torn.is_refused = true;
  out_.fields.insert(out_.fields.begin(), std::move(torn));
}

// A machine that is busy, or a child that was just begun, makes one question slow; not two more of them.
bool Search::is_slow() {
  for (int i = 0; i < 2; ++i) {
    const Clock::time_point before = Clock::now();
    (void)ask(bytes::content_part(input_));
    if (Clock::now() - before <= kSlow) return false;
  }
  return true;
}

Effects Search::run() {
  flipper_.begin(bytes::content_part(input_));
  until_ = Clock::now() + limits_.time;
  for (const bool explores : {false, true}) {
    out_.needs_events = explores;
    const Clock::time_point before = Clock::now();
    const Observation seen = ask(bytes::content_part(input_));
    const Fault* fault = cause::find_place(seen, place_);
    if (fault == nullptr) continue;
    is_slow_ = Clock::now() - before > kSlow && is_slow();
    out_.fault = *fault;
    break;
  }
  if (out_.fault.kind[0] == '\0') return out_;

  std::vector<Suspect> all = suspects();
  const auto others = std::ranges::find(all, 2, &Suspect::refused);
  const auto num_refused = static_cast<std::size_t>(others - all.begin());
  try_all(std::span(all).first(num_refused));
  try_all(std::span(all).subspan(num_refused));
  const auto best = std::ranges::min_element(all, {}, [this](const Suspect& suspect) { return rank_of(suspect); });
  if (!is_slow_ && best != all.end()) {
    // A rule reads several fields: with another name the driver does something else, which does not make it the wrong
    // one.
    const bool is_of_rule = best->refused == 1 && is_name(best->field);
    if (is_of_parts(*best) || is_of_rule) try_pairs(all, is_of_rule);
  }

  const bool is_curable = std::ranges::any_of(all, [](const Suspect& s) { return s.cure || s.effect.is_refused; });
  std::erase_if(all, [&](const Suspect& s) {
    return !s.cure && !s.effect.moves && !s.effect.is_refused && (is_curable || !s.effect.vanishes);
  });
  std::ranges::stable_sort(all, {}, [this](const Suspect& suspect) { return rank_of(suspect); });
  for (Suspect& suspect : all) {
    suspect.effect.is_part = is_of_parts(suspect);
    out_.fields.push_back(std::move(suspect.effect));
  }
  add_torn();
  return out_;
}

}  // namespace

Effects find_effects(const mutate::Format& format, std::span<const std::uint8_t> input, std::uint64_t place,
                     engine::Oracle& oracle, const EffectLimits& limits) {
  return Search(format, input, place, oracle, limits).run();
}

}  // namespace sluice::explain
