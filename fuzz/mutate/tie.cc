#include "fuzz/mutate/tie.h"

#include <algorithm>

namespace sluice::mutate {

using schema::Member;
using schema::RepeatKind;
using schema::Validation;

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
    out.cases.push_back({Formula(format, c.match), &c.type});
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
  (tie.type != schema::kNoType ? of_type_[tie.type] : of_site_[tie.site]).push_back(tie.id);
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

// The members that a formula names, and those that the value instances among them name.
void gather(const Ties& ties, const Formula& formula, const Format& format, std::vector<bool>& seen,
            std::vector<SiteId>& out, bool& reads_stream) {
  reads_stream |= formula.reads_stream();
  for (const SiteId site : formula.reads()) {
    if (seen[site]) continue;
    seen[site] = true;
    out.push_back(site);
    const Site& s = format.site(site);
    const SiteFormulas& f = ties.formulas(site);
    if (f.value) gather(ties, f.value, format, seen, out, reads_stream);
    if (f.value && f.condition) gather(ties, f.condition, format, seen, out, reads_stream);
    if (s.member->role != schema::Role::parameter) continue;
    for (SiteId user = 0; user < format.site_count(); ++user) {
      const auto* arguments = ties.formulas(user).arguments_of(s.owner);
      if (arguments != nullptr && s.index < arguments->size()) {
        gather(ties, (*arguments)[s.index], format, seen, out, reads_stream);
      }
    }
  }
}

bool is_beside(const Format& format, const Formula& formula) {
  return std::ranges::all_of(formula.terms(), [&](const Term& t) {
    switch (t.op) {
      case TermOp::root:
      case TermOp::parent:
      case TermOp::stream:
      case TermOp::top: return false;
      case TermOp::member: {
        const schema::Role role = format.site(t.site).member->role;
        return formula.terms()[t.a].op == TermOp::self &&
               (role == schema::Role::sequence || role == schema::Role::parse_instance);
      }
      default: return true;
    }
  });
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
    std::vector<bool> seen(format.site_count());
    Choice choice{t.id, {}};
    bool reads_stream = false;
    std::vector<SiteId> named;
    gather(*this, *t.formula, format, seen, named, reads_stream);
    for (const SiteId site : named) {
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
  is_tag_.assign(format.site_count(), false);
  for (Tie& t : ties_) {
    std::vector<bool> seen(format.site_count());
    std::vector<SiteId> named;
    bool reads_stream = false;
    t.is_local = t.site == kNoSite || format.site(t.site).member->repeat == RepeatKind::none;
    const auto read = [&](const Formula& f) {
      if (!f) return;
      gather(*this, f, format, seen, named, reads_stream);
      t.is_local &= is_beside(format, f);
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
      bool ignored = false;
      gather(*this, formulas_[t.site].io, format, seen, named, ignored);
    }
    for (const SiteId site : named) readers_[site].push_back(t.id);
    if (reads_stream) stream_readers_.push_back(t.id);
    if (t.kind == TieKind::presence || t.kind == TieKind::variant) {
      for (const SiteId site : named) is_tag_[site] = true;
    }
  }
}

}  // namespace sluice::mutate
