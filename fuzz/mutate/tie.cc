#include "fuzz/mutate/tie.h"

#include <algorithm>
#include <optional>

namespace sluice::mutate {

using schema::Member;
using schema::RepeatKind;
using schema::Validation;

namespace {

constexpr std::size_t kLastBit = 15;

}  // namespace

const std::vector<Formula>* SiteFormulas::arguments_of(schema::TypeId type) const {
  for (const auto& [of, formulas] : arguments) {
    if (of == type) return &formulas;
  }
  return nullptr;
}

Ties::Ties(const Format& format) {
  compile(format);
  collect(format);
  find_targets(format);
  find_readers(format);
  find_ways(format);
}

bool Ties::tells(SiteId site, TieKind kind) const {
  return std::ranges::any_of(readers_[site], [&](const Reader& reader) { return ties_[reader.tie].kind == kind; });
}

bool Ties::has_target(SiteId site, TieKind kind) const {
  return std::ranges::any_of(of_site_[site],
                             [&](TieId id) { return ties_[id].kind == kind && ties_[id].target != kNoSite; });
}

void Ties::compile_data(const Format& format, const schema::DataType& data, SiteFormulas& out) {
  if (data.kind == schema::DataKind::structure && data.type_id != schema::kNoType) {
    std::vector<Formula> arguments;
    for (const schema::Expression& e : data.arguments) arguments.emplace_back(format, e);
    out.arguments.emplace_back(data.type_id, std::move(arguments));
  }
  if (data.kind != schema::DataKind::switched) return;
  out.switch_on = Formula(format, data.switch_on);
  for (const schema::Case& c : data.cases) {
    Formula match(format, c.match);
    const auto number = match.constant();
    out.cases.push_back({std::move(match), &c.type, number});
    compile_data(format, c.type, out);
  }
}

void Ties::compile(const Format& format) {
  formulas_.resize(format.site_count());
  for (SiteId id = 0; id < format.site_count(); ++id) {
    const Member& m = *format.site(id).member;
    SiteFormulas& f = formulas_[id];
    f.condition = Formula(format, m.condition);
    f.size = Formula(format, m.sizing.size);
    if (m.repeat == RepeatKind::count) f.count = Formula(format, m.repeat_count);
    f.position = Formula(format, m.position);
    f.io = Formula(format, m.io);
    f.value = Formula(format, m.value);
    f.equal = Formula(format, m.valid.equal);
    f.least = Formula(format, m.valid.min);
    f.most = Formula(format, m.valid.max);
    for (const schema::Expression& e : m.valid.any_of) f.any_of.emplace_back(format, e);
    f.expression = Formula(format, m.valid.expression);
    compile_data(format, m.data, f);
  }
  const schema::Schema& schema = format.schema();
  asserts_.resize(schema.types.size());
  is_own_root_.resize(schema.types.size());
  for (const auto& type : schema.types) {
    for (const schema::Assertion& a : type->asserts) asserts_[type->id].emplace_back(format, a.expression);
  }
  for (const auto& [name, type] : schema.top_types) {
    is_own_root_[type] = type != schema.root;
    has_imports_ |= type != schema.root;
  }
}

void Ties::add(Tie tie) {
  tie.id = static_cast<TieId>(ties_.size());
  std::vector<TieId>& beside = tie.type != schema::kNoType ? of_type_[tie.type] : of_site_[tie.site];
  tie.bit = static_cast<std::uint16_t>(std::min<std::size_t>(beside.size(), kLastBit));
  beside.push_back(tie.id);
  ties_.push_back(tie);
}

void Ties::collect(const Format& format) {
  of_site_.resize(format.site_count());
  is_sum_.resize(format.site_count());
  of_type_.resize(asserts_.size());
  for (SiteId id = 0; id < format.site_count(); ++id) {
    const Member& m = *format.site(id).member;
    const SiteFormulas& f = formulas_[id];
    if (m.role != schema::Role::sequence && m.role != schema::Role::parse_instance) continue;
    const schema::TypeId owner = format.site(id).owner;
    const bool is_placed = m.role == schema::Role::parse_instance;
    if (f.condition || is_placed || (f.switch_on && m.repeat == RepeatKind::none)) {
      add({.kind = TieKind::presence,
           .site = id,
           .type = owner,
           .formula = f.condition ? &f.condition : nullptr,
           .second = f.switch_on ? &f.switch_on : nullptr});
    }
    if (f.switch_on) add({.kind = TieKind::variant, .site = id, .type = owner, .formula = &f.switch_on});
    if (f.count) add({.kind = TieKind::count, .site = id, .formula = &f.count});
    if (f.size) add({.kind = TieKind::size, .site = id, .formula = &f.size});
    if (f.position) add({.kind = TieKind::position, .site = id, .formula = &f.position});
    if (m.contents) add({.kind = TieKind::contents, .site = id});
    switch (m.valid.kind) {
      case Validation::Kind::none: break;
      case Validation::Kind::equal: add({.kind = TieKind::equal, .site = id, .formula = &f.equal}); break;
      case Validation::Kind::range:
        add({.kind = TieKind::range,
             .site = id,
             .formula = f.least ? &f.least : nullptr,
             .second = f.most ? &f.most : nullptr});
        break;
      case Validation::Kind::any_of: add({.kind = TieKind::any_of, .site = id}); break;
      case Validation::Kind::in_enum: add({.kind = TieKind::in_enum, .site = id}); break;
      case Validation::Kind::expression: add({.kind = TieKind::holds, .site = id, .formula = &f.expression}); break;
    }
  }
  for (schema::TypeId type = 0; type < asserts_.size(); ++type) {
    for (const Formula& f : asserts_[type]) add({.kind = TieKind::assertion, .type = type, .formula = &f});
  }
  for (SiteId id = 0; id < format.site_count(); ++id) {
    if (format.site(id).member->checksum.algorithm != schema::Checksum::Algorithm::none) {
      add({.kind = TieKind::checksum, .site = id});
      is_sum_[id] = true;
      sums_.push_back(id);
    }
  }
}

namespace {

bool is_free_field(const Format& format, SiteId site, const std::vector<bool>& is_bound) {
  const Member& m = *format.site(site).member;
  const bool is_number = m.data.kind == schema::DataKind::integer || m.data.kind == schema::DataKind::bits;
  const bool is_read = m.role == schema::Role::sequence || m.role == schema::Role::parse_instance;
  return is_number && is_read && m.repeat == RepeatKind::none && !is_bound[site];
}

// Whether setting the member turns the expression: not where it is only a condition or an index in it.
bool leads_to(const Formula& formula, std::uint32_t term, SiteId site, const Ties& ties) {
  const Term& t = formula.terms()[term];
  switch (t.op) {
    case TermOp::member: {
      if (t.site == site) return true;
      const Formula& value = ties.formulas(t.site).value;
      return value && leads_to(value, value.whole(), site, ties);
    }
    case TermOp::negate:
    case TermOp::invert: return leads_to(formula, t.a, site, ties);
    case TermOp::conditional: return leads_to(formula, t.b, site, ties) || leads_to(formula, t.c, site, ties);
    case TermOp::binary: return leads_to(formula, t.a, site, ties) || leads_to(formula, t.b, site, ties);
    default: return false;
  }
}

using Place = Reader::Place;

// What a formula reads, and those value instances among that in turn.
struct Reads {
  std::vector<std::optional<Place>> places;  // by site
  std::vector<SiteId> sites;
  bool stream = false;

  explicit Reads(const Format& format) : places(format.site_count()) {}
  // False: nothing new.
  bool add(SiteId site, Place place) {
    std::optional<Place>& known = places[site];
    if (!known) sites.push_back(site);
    if (known && (*known == place || *known == Place::anywhere)) return false;
    known = known ? Place::anywhere : place;
    return true;
  }
};

// Where the structure that a term leads to stands as seen from that of the formula: around, where it is in it; below,
// where it is one that it is in. `self`: the formula's own.
enum class Object : std::uint8_t { self, inside, above, elsewhere };
Object object_of(const Formula& formula, std::uint32_t term) {
  const Term& t = formula.terms()[term];
  switch (t.op) {
    case TermOp::self: return Object::self;
    case TermOp::parent: {
      const Object of = object_of(formula, t.a);
      return of == Object::self || of == Object::above ? Object::above : Object::elsewhere;
    }
    case TermOp::cast: return object_of(formula, t.a);
    case TermOp::member:
    case TermOp::first:
    case TermOp::last:
    case TermOp::subscript: {
      const Object of = object_of(formula, t.a);
      return of == Object::self || of == Object::inside ? Object::inside : Object::elsewhere;
    }
    default: return Object::elsewhere;
  }
}

// `from`: where the formula's own structure stands.
void gather(const Ties& ties, const Formula& formula, const Format& format, Object from, Reads& reads) {
  reads.stream |= formula.reads_stream();
  for (const SiteId site : formula.reads()) {
    std::optional<Object> found;
    for (const Term& t : formula.terms()) {
      if (t.op != TermOp::member || t.site != site) continue;
      Object of = object_of(formula, t.a);
      if (of == Object::self) {
        of = from;
      } else if (from != Object::self && of != from) {
        of = Object::elsewhere;
      }
      found = found && *found != of ? Object::elsewhere : of;
    }
    const Object object = found.value_or(Object::elsewhere);
    const Place place = object == Object::elsewhere ? Place::anywhere
                        : object == Object::above   ? Place::below
                                                    : Place::around;
    if (!reads.add(site, place)) continue;
    const Site& s = format.site(site);
    const SiteFormulas& f = ties.formulas(site);
    if (f.value) gather(ties, f.value, format, object, reads);
    if (f.value && f.condition) gather(ties, f.condition, format, object, reads);
    if (s.member->role != schema::Role::parameter) continue;
    for (SiteId user = 0; user < format.site_count(); ++user) {
      const auto* arguments = ties.formulas(user).arguments_of(s.owner);
      if (arguments != nullptr && s.index < arguments->size()) {
        gather(ties, (*arguments)[s.index], format, Object::elsewhere, reads);
      }
    }
  }
}

}  // namespace

void Ties::find_targets(const Format& format) {
  is_bound_.assign(format.site_count(), false);
  is_target_.assign(format.site_count(), false);
  for (const Tie& t : ties_) {
    const bool binds = t.kind == TieKind::equal || t.kind == TieKind::contents || t.kind == TieKind::checksum;
    if (binds) is_bound_[t.site] = true;
  }
  // Those with the fewest fields to choose from choose first.
  struct Choice {
    TieId tie;
    std::vector<SiteId> sites;
  };
  std::vector<Choice> choices;
  for (const Tie& t : ties_) {
    if (t.kind != TieKind::count && t.kind != TieKind::size && t.kind != TieKind::position) continue;
    Choice choice{t.id, {}};
    Reads reads(format);
    gather(*this, *t.formula, format, Object::self, reads);
    for (const SiteId site : reads.sites) {
      if (is_free_field(format, site, is_bound_) && leads_to(*t.formula, t.formula->whole(), site, *this)) {
        choice.sites.push_back(site);
      }
    }
    choices.push_back(std::move(choice));
  }
  std::ranges::stable_sort(choices, {}, [](const Choice& c) { return c.sites.size(); });
  for (const Choice& choice : choices) {
    for (const SiteId site : choice.sites) {
      if (is_bound_[site]) continue;
      ties_[choice.tie].target = site;
      is_bound_[site] = is_target_[site] = true;
      break;
    }
  }
}

void Ties::find_readers(const Format& format) {
  readers_.resize(format.site_count());
  index_readers_.resize(format.site_count());
  is_tag_.assign(format.site_count(), false);
  for (const Tie& t : ties_) {
    Reads reads(format);
    bool reads_index = false;
    const auto read = [&](const Formula& f) {
      if (!f) return;
      gather(*this, f, format, Object::self, reads);
      reads_index |= std::ranges::any_of(f.terms(), [](const Term& term) { return term.op == TermOp::index; });
    };
    if (t.formula != nullptr) read(*t.formula);
    if (t.second != nullptr) read(*t.second);
    if (t.kind == TieKind::any_of) {
      for (const Formula& f : formulas_[t.site].any_of) read(f);
    }
    if (t.kind == TieKind::variant || (t.kind == TieKind::presence && t.second != nullptr)) {
      for (const SiteFormulas::Case& c : formulas_[t.site].cases) read(c.match);
    }
    if (t.kind == TieKind::position && formulas_[t.site].io) {
      const bool asks = reads.stream;
      gather(*this, formulas_[t.site].io, format, Object::self, reads);
      reads.stream = asks;
    }
    for (const SiteId site : reads.sites) readers_[site].push_back({t.id, *reads.places[site]});
    if (reads.stream) stream_readers_.push_back(t.id);
    if (reads_index && t.site != kNoSite) index_readers_[t.site].push_back(t.id);
    if (t.kind == TieKind::presence || t.kind == TieKind::variant) {
      for (const SiteId site : reads.sites) is_tag_[site] = true;
    }
  }
}

// `users`: by type, the members that are of it.
void Ties::find_holders(const std::vector<std::vector<SiteId>>& users, const Format& format) {
  const std::size_t count = users.size();
  holds_.assign(count * count, false);
  std::vector<schema::TypeId> next;
  for (schema::TypeId inner = 0; inner < count; ++inner) {
    next.assign(1, inner);
    while (!next.empty()) {
      const schema::TypeId outer = next.back();
      next.pop_back();
      if (holds_[outer * count + inner]) continue;
      holds_[outer * count + inner] = true;
      for (const SiteId site : users[outer]) next.push_back(format.site(site).owner);
    }
  }
}

void Ties::find_ways(const Format& format) {
  // What each type is used by: nothing, one member, or more.
  const std::size_t count = format.schema().types.size();
  std::vector<std::vector<SiteId>> users(count);
  for (SiteId site = 0; site < format.site_count(); ++site) {
    const auto use = [&](const schema::DataType& data) {
      if (data.kind == schema::DataKind::structure && data.type_id < count) users[data.type_id].push_back(site);
    };
    const Member& m = *format.site(site).member;
    use(m.data);
    for (const schema::Case& c : m.data.cases) use(c.type);
  }
  find_holders(users, format);
  ways_.resize(format.site_count());
  for (SiteId site = 0; site < format.site_count(); ++site) {
    std::vector<SiteId> way{site};
    schema::TypeId type = format.site(site).owner;
    while (way.size() <= count && type != format.schema().root && users[type].size() == 1 &&
           format.site(users[type].front()).member->repeat == RepeatKind::none) {
      way.push_back(users[type].front());
      type = format.site(way.back()).owner;
    }
    const bool is_only = type == format.schema().root && users[type].empty();
    if (is_only) ways_[site].assign(way.rbegin(), way.rend());
  }
}

}  // namespace sluice::mutate
