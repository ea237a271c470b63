#include "validator/run/measurements.h"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::run {

namespace {

Finding difference(const contract::Driver& driver, std::size_t index, std::uint32_t type, const Measured& measured,
                   const std::optional<Integer>& claimed) {
  const contract::Build& build = driver.builds[index];
  const auto supply = build.supply_marks.find(Integer{type});
  const document::Mark mark = claimed ? supply->second : build.mark;
  Finding finding = Finding::of(FindingId::measured_supply_differs);
  // Less than there is only keeps good content back.
  if (!claimed || *claimed < Integer{measured.count}) finding.severity = Severity::warning;
  finding.file = driver.file;
  finding.path = claimed ? fmt::format("/builds/{}/supplies/{}", index, type) : fmt::format("/builds/{}", index);
  finding.text = TextPlace{mark.line, mark.column};
  finding.excerpt = document::excerpt(driver.text, mark);
  finding.build = build.facts.name;
  finding.with("build", build.facts.name)
      .with("claimed", claimed ? to_string(*claimed) : "no")
      .with("type", std::to_string(type))
      .with("measured", fmt::format("{} {}", measured.certain ? "exactly" : "at most", measured.count));
  finding.suggest = fmt::format("supplies: {{{}: {}}}", type, measured.count);
  return finding;
}

std::optional<Integer> claim_of(const contract::Build& build, std::uint32_t type) {
  const auto found = build.facts.supplies.find(Integer{type});
  return found == build.facts.supplies.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::optional<Measured> Measurements::find(std::size_t build, std::uint32_t type) const {
  const std::lock_guard lock(mutex_);
  const auto found = measured_.find({build, type});
  return found == measured_.end() ? std::nullopt : std::optional(found->second);
}

void Measurements::add(std::size_t build, std::uint32_t type, Measured measured) {
  const std::lock_guard lock(mutex_);
  measured_.try_emplace({build, type}, measured);
}

std::vector<Finding> Measurements::judge(const contract::Driver& driver) const {
  const std::lock_guard lock(mutex_);
  std::vector<Finding> findings;
  for (const auto& [key, measured] : measured_) {
    const auto& [index, type] = key;
    const auto claimed = claim_of(driver.builds[index], type);
    const Integer count{measured.count};
    // A bound contradicts only a claim above it.
    const bool is_wrong = claimed ? count < *claimed || (measured.certain && count != *claimed) : measured.certain;
    if (is_wrong) findings.push_back(difference(driver, index, type, measured, claimed));
  }
  return findings;
}

std::optional<Integer> elements(const std::optional<Measured>& measured, const std::optional<Integer>& claimed) {
  if (!measured) return claimed;
  const Integer count{measured->count};
  return measured->certain || !claimed ? count : std::min(count, *claimed);
}

}  // namespace sluice::run
