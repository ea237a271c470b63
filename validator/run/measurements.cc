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

bool Measurements::has_earlier(const Key& key, std::size_t file) const {
  const auto found = measured_.find(key);
  return found != measured_.end() && found->second.file < file;
}

bool Measurements::is_wanted(std::size_t build, std::uint32_t type, std::size_t file) const {
  const std::lock_guard lock(mutex_);
  return !has_earlier({build, type}, file);
}

void Measurements::add(std::size_t build, std::uint32_t type, std::size_t file, Measured measured) {
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = measured_.try_emplace({build, type}, Entry{file, measured});
  if (!is_new && file < entry->second.file) entry->second = {file, measured};
}

void Measurements::fail(std::size_t build, std::uint32_t type, std::size_t file, std::string problem) {
  const std::lock_guard lock(mutex_);
  failures_.try_emplace({build, file}, Failure{type, std::move(problem)});
}

std::optional<Measured> Measurements::find(std::size_t build, std::uint32_t type) const {
  const std::lock_guard lock(mutex_);
  const auto found = measured_.find({build, type});
  return found == measured_.end() ? std::nullopt : std::optional(found->second.measured);
}

Supplies Measurements::of_build(std::size_t build) const {
  const std::lock_guard lock(mutex_);
  Supplies supplies;
  for (auto at = measured_.lower_bound({build, 0}); at != measured_.end() && at->first.first == build; ++at) {
    supplies.emplace(at->first.second, at->second.measured);
  }
  return supplies;
}

std::optional<std::string> Measurements::failure(std::size_t build, std::size_t file) const {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find({build, file});
  if (found == failures_.end() || has_earlier({build, found->second.type}, file)) return std::nullopt;
  return found->second.problem;
}

std::vector<Finding> Measurements::judge(const contract::Driver& driver) const {
  const std::lock_guard lock(mutex_);
  std::vector<Finding> findings;
  for (const auto& [key, entry] : measured_) {
    const auto& [index, type] = key;
    const Measured& measured = entry.measured;
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
