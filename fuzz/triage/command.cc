#include "fuzz/triage/command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "fuzz/cause/cases.h"
#include "fuzz/triage/pipeline.h"
#include "fuzz/triage/replay.h"
#include "validator/bytes/new_file.h"

namespace sluice::triage {

namespace {

namespace fs = std::filesystem;
using report::CaseState;

constexpr int kPass = 0;
constexpr int kFail = 1;
constexpr int kNoVerdict = 2;

int fail(const std::string& why) {
  std::fprintf(stderr, "sluice triage: %s\n", why.c_str());
  return kNoVerdict;
}

// Of all builds, before their processes have no files any more. Null with `problem` filled.
std::unique_ptr<mutate::Format> load_targets(engine::Options& options, std::string& problem) {
  for (engine::BuildOptions& build : options.builds) {
    build.format = engine::load_format(options, build.name, problem);
    if (build.format == nullptr) return nullptr;
    if (!engine::load_image(build.files, problem)) return nullptr;
  }
  return engine::load_format(options, "", problem);
}

bool write_out(const Options& options, const std::string& text, std::string& problem) {
  if (!options.output.empty()) return bytes::write_file(options.output, text, problem);
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return true;
  problem = "standard output cannot be written";
  return false;
}

int triage(const Options& options, const Targets& targets, cause::Cases& cases) {
  const bool is_terminal = ::isatty(STDERR_FILENO) != 0;
  const Say say = [&](const std::string& line) {
    if (is_terminal) std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  };
  report::Triage found{.driver = fs::path(options.engine.driver).filename().string(),
                       .schema = fs::path(options.engine.schema).filename().string(),
                       .rules = fs::path(options.engine.rules).filename().string(),
                       .cases = {},
                       .not_triaged = {}};
  std::string problem;
  const bool is_good = run_triage(options, targets, cases, say, found, problem);
  if (is_terminal) std::fputs("\r\x1b[K", stderr);
  if (!is_good) return fail(problem);
  const report::TriageOptions how{.tool_version = SLUICE_VERSION, .colour = options.has_colour};
  const std::string text = options.format == "json" ? report::triage_json(found, how) : report::triage_text(found, how);
  if (!write_out(options, text, problem)) return fail(problem);
  if (!options.html.empty() && !bytes::write_file(options.html, report::triage_html(found, how), problem)) {
    return fail(problem);
  }
  if (found.files == 0) return fail(options.engine.faults + ": there is nothing in it to triage");
  return found.cases.empty() ? kPass : kFail;
}

int replay_cases(const Options& options, const Targets& targets, const cause::Cases& cases) {
  const std::vector<Replayed> replayed = replay(targets, cases, options.engine.jobs);
  if (replayed.empty()) return fail(options.engine.corpus + ": has no case that is open or fixed");
  std::string problem;
  const std::string text = options.format == "json" ? replay_json(replayed) : replay_text(replayed);
  if (!write_out(options, text, problem)) return fail(problem);
  return exit_code_of(replayed);
}

int move_to(cause::Cases& cases, const cause::Case& its, CaseState to) {
  std::string problem;
  if (!cases.move(its, to, problem)) return fail(problem);
  std::fprintf(stderr, "%s: %s\n", its.identity.c_str(), std::string(name_of(to)).c_str());
  return kPass;
}

// That it is fixed is not believed, but tried: at least one build that had it is to be without it.
int call_fixed(const Options& options, const Targets& targets, cause::Cases& cases, cause::Case its) {
  if (its.state == CaseState::regression) return fail(its.identity + ": is a regression already");
  const Replayed now = replay_one(targets, its, options.engine.jobs);
  if (now.what == Replayed::What::cannot) return fail(its.identity + ": " + now.problem);
  if (now.builds.size() == targets.num_builds()) {
    std::fprintf(stderr, "sluice triage: %s still faults on %s\n", its.identity.c_str(),
                 fmt::format("{}", fmt::join(now.builds, ", ")).c_str());
    return kFail;
  }
  its.fixed = options.today;
  its.unfixed = now.builds;
  return move_to(cases, its, CaseState::regression);
}

int do_it(const Options& options, const Targets& targets, cause::Cases& cases) {
  if (options.what == Options::Do::triage) return triage(options, targets, cases);
  if (options.what == Options::Do::replay) return replay_cases(options, targets, cases);
  return call_fixed(options, targets, cases, *cases.find(options.identity));
}

}  // namespace

int run_command(Options& options, const std::string& scratch) {
  std::vector<std::string> problems;
  cause::Cases cases(options.engine.corpus, problems);
  // What cannot be replayed must not pass for clean.
  for (const std::string& each : problems) (void)fail(each);
  if (!problems.empty()) return kNoVerdict;
  if (!options.identity.empty()) {
    const cause::Case* its = cases.find(options.identity);
    if (its == nullptr) return fail(fmt::format("{}: there is no case {}", options.engine.corpus, options.identity));
    if (options.what == Options::Do::accept) {
      if (its->state != CaseState::fresh)
        return fail(fmt::format("{}: is in {} already", its->identity, name_of(its->state)));
      return move_to(cases, *its, CaseState::open);
    }
    if (options.what == Options::Do::reopen) {
      if (its->state != CaseState::regression) return fail(its->identity + ": is no regression");
      cause::Case open = *its;
      open.fixed.clear();
      open.unfixed.clear();
      return move_to(cases, open, CaseState::open);
    }
  }
  std::string problem;
  const auto format = load_targets(options.engine, problem);
  if (format == nullptr) return fail(problem);
  return do_it(options, Targets(options.engine, *format, scratch), cases);
}

}  // namespace sluice::triage
