#include "fuzz/triage/tell.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "fuzz/cause/signature.h"
#include "fuzz/engine/input.h"
#include "fuzz/triage/words.h"
#include "fuzz/triage/worker_report.h"
#include "validator/bytes/fuzz_input.h"
#include "validator/bytes/sha256.h"
#include "validator/judge/excerpt.h"

namespace sluice::triage {

namespace {

namespace fs = std::filesystem;
using report::CaseState;
using report::TriageCase;

constexpr std::size_t kMostNamed = 20;  // files

std::string step_words(engine::Step step) {
  switch (step) {
    case engine::Step::load: return "while the driver loads it";
    case engine::Step::evaluate: return "while the driver evaluates an event";
    case engine::Step::unload: return "while the driver unloads it";
  }
  return "";
}

std::string sentence_of(const Group& lead) {
  if (!lead.digest.sentence.empty()) return lead.digest.sentence;
  return fmt::format("{}: {}", step_words(lead.fault.step), because(lead.finding));
}

bool is_in(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

// What a build does with the smallest file, by the worker; by the engine where the worker does not come to it.
report::TriageTarget target_of(const Told& told, const Cause& cause, std::size_t number) {
  const engine::BuildOptions& build = told.targets.build(number);
  const Group& lead = told.groups[cause.lead];
  report::TriageTarget target{.build = build.name,
                              .target = build.files.image.empty() ? "replica" : "image",
                              .is_hit = false,
                              .outcome = "no fault"};
  if (const Finding* found = fault_on(cause.findings, build.name, lead.place.shown.kind)) {
    target.is_hit = true;
    target.outcome = because(*found);
    return target;
  }
  const std::vector<cause::Shown>& shown = lead.place.everywhere[number];
  if (number == lead.build || !shown.empty()) {
    target.is_hit = true;
    target.outcome = number == lead.build ? because(lead.finding)
                                          : fmt::format("{} in {}", shown.front().kind, shown.front().function);
    return target;
  }
  for (const Finding& finding : cause.findings) {
    const bool is_refusal = finding.id == FindingId::content_refused || finding.id == FindingId::evaluation_refused;
    if (finding.build == build.name && is_refusal) target.outcome = because(finding);
  }
  return target;
}

// What `sluice run` and `sluice check` are asked again.
std::vector<std::string> commands_of(const Told& told, const std::string& file, const std::string& build,
                                     const std::string& identity) {
  const engine::Options& options = told.options.engine;
  std::string documents = " --driver " + shell_word(options.driver) + " --schema " + shell_word(options.schema);
  if (!options.rules.empty()) documents += " --rules " + shell_word(options.rules);
  if (!options.builds_folder.empty()) documents += " --builds " + shell_word(options.builds_folder);
  for (const std::string& folder : options.include) documents += " --include " + shell_word(folder);
  return {fmt::format("sluice run {}{} --build {}", shell_word(file), documents, shell_word(build)),
          fmt::format("sluice inspect {} --schema {}", shell_word(file), shell_word(options.schema)),
          fmt::format("sluice triage accept {} --crashes {}", shell_word(identity), shell_word(options.corpus))};
}

std::vector<std::string> events_of(std::span<const std::uint8_t> input) {
  std::vector<std::string> lines;
  const auto container = bytes::read_fuzz_input(input);
  if (!container) return lines;
  for (const engine::Operation& operation : engine::read_operations(container->operations)) {
    if (operation.act == engine::Act::evaluate) lines.push_back(text_of(operation.event));
  }
  return lines;
}

// Where bytes are shown: the begin and the end of the content, and each field that matters.
std::vector<Finding> shown_of(const TriageCase& its, std::uint64_t size) {
  std::vector<Finding> shown = {*its.fault};
  const auto show = [&](ByteRange bytes) { shown.push_back(*its.fault), shown.back().bytes = bytes; };
  for (const report::TriageField& field : its.fields) show(field.bytes);
  show({0, size});
  return shown;
}

}  // namespace

std::string name_of(engine::Step step) {
  switch (step) {
    case engine::Step::load: return "load";
    case engine::Step::evaluate: return "evaluate";
    case engine::Step::unload: return "unload";
  }
  return "load";
}

std::string not_of_schema(const mutate::Format& format, std::span<const std::uint8_t> input) {
  Findings findings;
  format.judge(bytes::content_part(input), findings);
  if (findings.list().empty()) return {};
  const Finding& first = findings.list().front();
  const bool is_first_field = first.rule.empty() && first.bytes && first.bytes->begin == 0 && !first.path.empty();
  if (!is_first_field || first.severity != Severity::error) return {};
  return fmt::format("; it is no content of {}: {}: {}", format.schema().id, first.path, because(first));
}

TriageCase tell_case(const Told& told, const Cause& cause) {
  const Group& lead = told.groups[cause.lead];
  const mutate::Format& format = *told.targets.build(lead.build).format;
  TriageCase its;
  its.identity = cause.identity;
  its.fault = lead.finding;
  its.inequality = lead.digest.inequality;
  its.fields = lead.digest.fields;
  its.reproduced = lead.digest.reproduced;
  its.runs = lead.digest.runs;
  its.is_shrunk_fully = lead.digest.is_shrunk_fully;
  its.suggestion = cause.suggestion;
  for (const std::size_t file : cause.files) {
    if (file >= told.num_given) continue;
    ++its.count;
    if (its.files.size() < kMostNamed) its.files.push_back(told.files[file].path);
    if (its.recipe.empty()) its.recipe = told.files[file].recipe;
  }
  for (const std::size_t file : cause.silent) {
    ++its.count;
    if (its.files.size() < kMostNamed) its.files.push_back(told.files[file].path);
  }
  its.size_before = told.files[lead.files.front()].size;
  for (const std::size_t group : cause.groups) {
    const std::vector<std::string>& stack = told.groups[group].finding.stack;
    if (!stack.empty() && !is_in(its.places, stack.front())) its.places.push_back(stack.front());
  }
  for (std::size_t i = 0; i < told.targets.num_builds(); ++i) {
    its.targets.push_back(target_of(told, cause, i));
    const auto is_of = [&](std::size_t group) { return told.groups[group].build == i; };
    if (its.targets.back().is_hit || std::ranges::any_of(cause.groups, is_of)) {
      its.builds.push_back(told.targets.build(i).name);
    }
  }
  its.sentence = sentence_of(lead) + not_of_schema(format, lead.digest.input);
  if (!lead.digest.problem.empty()) its.sentence += "; " + lead.digest.problem;
  if (!cause.silent.empty()) {
    its.sentence += fmt::format(" {} more {} so only behind other inputs.", counted(cause.silent.size(), "file"),
                                cause.silent.size() == 1 ? "does" : "do");
  }
  const auto content = bytes::content_part(lead.digest.input);
  its.events = events_of(lead.digest.input);
  its.smallest.size = content.size();
  its.smallest.sha256 = bytes::hex(bytes::sha256(content));
  its.smallest.verdict = Verdict::fail;
  its.smallest.findings = {lead.finding};
  its.smallest.excerpts = judge::excerpts_of(&format.reading(), {}, content, shown_of(its, content.size()));
  its.code = told.code[lead.build].around(lead.fault.offset, &lead.finding);
  return its;
}

bool keep_case(const Told& told, const Cause& cause, cause::Cases& cases, TriageCase& its, std::string& problem) {
  const Group& lead = told.groups[cause.lead];
  const engine::Options& options = told.options.engine;
  const cause::Case* known = cases.find(its.identity);
  its.state = known != nullptr ? known->state : CaseState::fresh;
  its.since = known != nullptr ? known->since : told.options.today;
  if (its.state == CaseState::regression) {
    const auto has_it = [&](const std::string& build) { return is_in(known->unfixed, build); };
    if (!std::ranges::all_of(its.builds, has_it)) its.state = CaseState::returned;
    its.since = known->fixed;
  }
  cause::Case kept{.identity = its.identity,
                   .state = CaseState::fresh,
                   .since = its.since,
                   .fixed = {},
                   .signature = text_of(cause::signature_of(lead.finding)),
                   .kind = lead.place.shown.kind,
                   .step = name_of(lead.fault.step),
                   .field = lead.place.field,
                   .builds = its.builds,
                   .unfixed = {},
                   .driver = fs::path(options.driver).filename().string(),
                   .schema = fs::path(options.schema).filename().string()};
  kept.path = known != nullptr ? known->path : cases.new_path(its.identity);
  its.smallest.name = cause::Cases::content_path(kept);
  its.fault->file = its.smallest.name;
  its.smallest.findings = {*its.fault};
  its.commands = commands_of(told, its.smallest.name, told.targets.build(lead.build).name, its.identity);
  if (its.state != CaseState::fresh) return true;
  const report::Triage alone{.driver = kept.driver,
                             .schema = kept.schema,
                             .rules = fs::path(options.rules).filename().string(),
                             .files = its.count,
                             .cases = {its},
                             .not_triaged = {}};
  const std::string text = report::triage_text(alone, {.tool_version = SLUICE_VERSION});
  return cases.write_new(kept, {.input = lead.digest.input, .report = text, .patch = its.suggestion.patch}, problem);
}

}  // namespace sluice::triage
