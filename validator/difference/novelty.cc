#include "validator/difference/novelty.h"

#include <fmt/format.h>

#include "validator/difference/shown.h"

namespace sluice::difference {

namespace {

using program::Session;
using program::Tag;
using program::Value;

struct FirstUse {
  Feature feature;
  std::uint64_t count = 0;
  std::optional<Feature> cause;
  std::string path;
  std::optional<ByteRange> bytes;
  std::vector<std::string> trail;
};

class FirstUses final : public UsageSink {
 public:
  FirstUses(Session& session, const Plan& plan, Budget& budget, const Usage& known)
      : session_(session), plan_(plan), budget_(budget), known_(known) {}

  bool use(const Feature& feature, const Spot& spot, const Feature* cause) override {
    if (known_.has(feature)) return true;
    const bool is_of_a_field = feature.kind != Feature::Kind::template_type && feature.kind != Feature::Kind::input;
    if (is_of_a_field && !known_.has_structure(feature.type)) return true;
    const auto [at, is_first] = numbers_.try_emplace(feature, list_.size());
    if (!is_first) {
      ++list_[at->second].count;
      return true;
    }
    if (!budget_.hold(sizeof(FirstUse) + sizeof(Feature) + 64)) return false;
    FirstUse& first = list_.emplace_back();
    first.feature = feature;
    first.count = 1;
    if (cause != nullptr) first.cause = *cause;
    // Thousands of first uses are counted, and need no place of their own.
    if (list_.size() > kPlaced) return true;
    first.path = path_of(spot);
    first.bytes = bytes_of(session_, spot);
    first.trail = trail_of(session_, plan_, spot);
    return budget_.hold(first.path.size());
  }
  void structure(std::uint32_t) override {}

  void report(std::size_t older, const std::string& name, Findings& findings) {
    for (FirstUse& first : list_) {
      if (follows_from_another(first)) continue;
      Finding finding = describe(first);
      finding.with("count", std::to_string(first.count))
          .with("times", first.count == 1 ? "once" : fmt::format("{} times", first.count))
          .with("older", older == 1 ? "the older file" : fmt::format("{} older files", older));
      finding.file = name;
      finding.path = std::move(first.path);
      finding.bytes = first.bytes;
      finding.trail = std::move(first.trail);
      findings.add(std::move(finding));
    }
  }

 private:
  static constexpr std::size_t kPlaced = 1000;

  [[nodiscard]] bool follows_from_another(const FirstUse& first) const {
    if (first.cause && numbers_.contains(*first.cause)) return true;
    const Feature& f = first.feature;
    if (f.kind != Feature::Kind::value && f.kind != Feature::Kind::choice) return false;
    return numbers_.contains({Feature::Kind::field, f.type, f.member});
  }

  Finding describe(const FirstUse& first) const {
    const Feature& f = first.feature;
    switch (f.kind) {
      case Feature::Kind::value: return of_field(FindingId::value_first_used, f).with("value", value_of(f));
      case Feature::Kind::template_type: return Finding::of(FindingId::type_first_used).with("type", to_string(f.a));
      case Feature::Kind::field: return of_field(FindingId::field_first_used, f);
      case Feature::Kind::choice: return of_field(FindingId::case_first_used, f).with("case", case_of(f));
      case Feature::Kind::input: break;
    }
    Finding finding = Finding::of(FindingId::input_first_used);
    finding.with("input", to_string(f.b)).with("type", to_string(f.a));
    finding.suggest = who_supplies(f);
    return finding;
  }

  Finding of_field(FindingId id, const Feature& f) const {
    return Finding::of(id).with("field", field_name(session_.program(), f.type, f.member));
  }

  std::string value_of(const Feature& f) const {
    Value value = Value::integer(f.a);
    value.tag = Tag::enumeration;
    value.enum_id = session_.program().full.types[f.type].members[f.member].enum_id;
    return shown(session_.program(), value);
  }

  std::string case_of(const Feature& f) const {
    const auto& cases = plan_.of(f.type, f.member).switched->cases;
    return f.a < 0 ? "none" : fmt::format("`{}`", cases[static_cast<std::size_t>(f.a)].text);
  }

  // Of the builds of a driver document, if there is one.
  std::string who_supplies(const Feature& f) const {
    std::string able;
    std::string others;
    for (const program::BuildFacts& build : session_.program().builds) {
      const auto supplied = build.supplies.find(f.a);
      const bool is_able = supplied != build.supplies.end() && f.b >= 0 && f.b < supplied->second;
      std::string& list = is_able ? able : others;
      list += (list.empty() ? "" : ", ") + build.name;
    }
    if (others.empty()) return {};
    return fmt::format("supplied by {}; not by {}", able.empty() ? "no build" : able, others);
  }

  Session& session_;
  const Plan& plan_;
  Budget& budget_;
  const Usage& known_;
  std::vector<FirstUse> list_;
  std::map<Feature, std::size_t> numbers_;
};

}  // namespace

bool find_first_uses(Session& session, const Plan& plan, Budget& budget, const Usage& known, std::size_t older,
                     const std::string& name, Findings& findings, std::optional<Finding>& failure) {
  FirstUses uses(session, plan, budget, known);
  if (!survey(session, plan, budget, uses, failure)) return false;
  uses.report(older, name, findings);
  return true;
}

}  // namespace sluice::difference
