#include "validator/report/model.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace sluice::report {

void Totals::add(const FileResult& result) {
  if (result.is_beside) {
    ++documents;
  } else {
    ++files;
    contents += result.is_document ? 0 : 1;
    switch (result.verdict) {
      case Verdict::pass: ++passed; break;
      case Verdict::fail: ++failed; break;
      case Verdict::no_verdict: ++undecided; break;
    }
  }
  for (const Finding& finding : result.findings) {
    switch (finding.severity) {
      case Severity::error: ++errors; break;
      case Severity::warning: ++warnings; break;
      case Severity::note: ++notes; break;
    }
  }
  omitted += result.omitted;
  suppressed += result.suppressed_count;
  verdict = std::max(verdict, result.verdict);
  for (const BuildVerdict& build : result.builds) {
    const auto same = [&build](const BuildTotals& known) { return known.build == build.build; };
    auto known = std::find_if(builds.begin(), builds.end(), same);
    if (known == builds.end())
      known = builds.insert(known, BuildTotals{.build = build.build, .support = build.support});
    known->add(build, result);
  }
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "PASS";
    case Verdict::fail: return "FAIL";
    case Verdict::no_verdict: return "NO VERDICT";
  }
  return "NO VERDICT";
}

namespace {

// Takes `[123]` off the end of `step`; leaves anything else alone.
std::optional<std::uint64_t> take_index(std::string_view& step) {
  if (!step.ends_with(']')) return std::nullopt;
  const std::size_t open = step.rfind('[');
  if (open == std::string_view::npos) return std::nullopt;
  const std::string_view digits = step.substr(open + 1, step.size() - open - 2);
  std::uint64_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  step.remove_suffix(step.size() - open);
  return index;
}

void split_step(std::string_view step, std::vector<PathElement>& elements) {
  std::vector<std::uint64_t> indices;
  while (const auto index = take_index(step)) indices.push_back(*index);
  if (indices.empty()) {
    elements.push_back({step, std::nullopt});
    return;
  }
  elements.push_back({step, indices.back()});
  for (auto index = indices.rbegin() + 1; index != indices.rend(); ++index) elements.push_back({{}, *index});
}

}  // namespace

std::vector<PathElement> split_path(std::string_view path) {
  std::vector<PathElement> elements;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    split_step(path.substr(0, dot), elements);
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return elements;
}

std::string short_path(std::string_view path) {
  constexpr std::size_t kKept = 5;  // steps at each end
  const auto steps = static_cast<std::size_t>(std::count(path.begin(), path.end(), '.')) + 1;
  if (steps <= 3 * kKept) return std::string(path);
  std::size_t head = 0;
  for (std::size_t i = 0; i < kKept; ++i) head = path.find('.', head) + 1;
  std::size_t tail = path.size();
  for (std::size_t i = 0; i < kKept; ++i) tail = path.rfind('.', tail - 1);
  return fmt::format("{} ... {} more ... {}", path.substr(0, head - 1), steps - 2 * kKept, path.substr(tail + 1));
}

std::string fingerprint(const Finding& finding, std::uint64_t occurrence) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  const auto mix = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    hash *= 0x100000001b3;  // a zero byte: where one text ends and the next begins
  };
  mix(code_of(finding.id));
  if (!finding.rule.empty()) mix(finding.rule);
  if (!finding.build.empty()) mix(finding.build);
  mix(finding.file);
  mix(finding.path);
  return fmt::format("{:016x}:{}", hash, occurrence);
}

}  // namespace sluice::report
