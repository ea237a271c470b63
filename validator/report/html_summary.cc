#include "validator/report/html_summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/report/words.h"

namespace sluice::report::html {

namespace {

std::string counted_commas(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", with_commas(count), noun, count == 1 ? "" : "s");
}

void add(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, value);
}

// `2 passed, 1 failed`: what is none is not told.
std::string told(std::initializer_list<std::pair<std::uint64_t, std::string_view>> counts) {
  std::string out;
  for (const auto& [count, what] : counts) {
    if (count > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", with_commas(count), what);
  }
  return out.empty() ? "none" : out;
}

std::string asked(const Totals& totals, const Options& options) {
  if (!totals.release) return options.is_run ? "run" : "check";
  std::string out;
  for (const std::string& what : totals.release->asked) out += (out.empty() ? "" : ", ") + text(what, 120);
  return out;
}

std::string first_uses(const Release& release) {
  if (release.first_uses == 0) return {};
  return fmt::format("{}, {} signed off", with_commas(release.first_uses), with_commas(release.signed_off));
}

std::string answer(const Deployable& deployable) {
  if (!deployable.answer) return "It cannot be said whether it may go to the field";
  return *deployable.answer ? "It may go to the field" : "It must not go to the field";
}

}  // namespace

std::string title(const Totals& totals, const Options& options) {
  if (totals.release && !totals.release->name.empty()) return text(totals.release->name, 200);
  std::string out = counted_commas(totals.contents, "content");
  if (!options.schema.empty()) out += " of schema " + text(options.schema, 120);
  return out;
}

std::string banner(const Totals& totals, const Options& options) {
  const Deployable result = deployable(totals, options.left_out, options.is_run && !options.is_gate);
  std::string out = fmt::format(
      "<header class=\"banner {}\">\n<p class=\"tool\">sluice {}</p>\n<h1>{}</h1>\n<p class=\"verdict\">{}</p>\n"
      "<p class=\"reason\">{}: {}.</p>\n<dl class=\"counts\">\n",
      class_of(totals.verdict),
      totals.release   ? "gate"
      : options.is_run ? "run"
                       : "check",
      title(totals, options), name_of(totals.verdict), answer(result), text(result.reason, 1200));
  add(out, "asked for", asked(totals, options));
  add(out, "files", told({{totals.passed, "passed"}, {totals.failed, "failed"}, {totals.undecided, "undecided"}}));
  if (!totals.builds.empty()) add(out, "builds", with_commas(totals.builds.size()));
  add(out, "findings",
      told({{totals.errors, totals.errors == 1 ? "error" : "errors"},
            {totals.warnings, totals.warnings == 1 ? "warning" : "warnings"},
            {totals.notes, totals.notes == 1 ? "note" : "notes"}}));
  if (totals.omitted > 0) add(out, "counted only", counted_commas(totals.omitted, "finding"));
  if (totals.suppressed > 0) add(out, "suppressed", counted_commas(totals.suppressed, "finding"));
  if (totals.release) {
    const Release& release = *totals.release;
    add(out, "judged", counted_commas(release.judged, "file") + " on a build");
    if (release.remembered > 0)
      add(out, "of them remembered", with_commas(release.remembered) + " from an earlier run");
    add(out, "first uses", first_uses(release));
    if (!release.policy_sha256.empty()) add(out, "policy", "sha256 " + code(release.policy_sha256));
  }
  return out + "</dl>\n</header>\n";
}

std::string attestations(const Release& release) {
  const std::size_t shown = std::min(release.attestations.size(), kMostAttestations);
  std::string out = "<ul class=\"attestations\">\n";
  for (std::size_t k = 0; k < shown; ++k) out += fmt::format("<li>{}</li>\n", code(release.attestations[k], 300));
  return out + "</ul>\n" + left_out(release.attestations.size() - shown, "attestations are");
}

}  // namespace sluice::report::html
