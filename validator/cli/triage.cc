// sluice triage: reads the documents and becomes sluice-triage, which lies beside this program.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "validator/cli/clock.h"
#include "validator/cli/command.h"
#include "validator/cli/helper.h"
#include "validator/cli/output.h"
#include "validator/cli/run_documents.h"
#include "validator/run/campaign.h"

namespace sluice::cli {

namespace {

constexpr int kNoVerdict = static_cast<int>(Verdict::no_verdict);

struct Options {
  RunDocuments documents;
  std::vector<std::string> folders;
  std::vector<std::string> good;
  std::string crashes;
  std::string html;
  std::string format = "text";
  std::string output;
  bool no_color = false;
  std::uint64_t jobs = 0;
  std::uint64_t timeout_ms = 1000;
};

void declare_run(Arguments& arguments, Options& options) {
  options.documents.declare_for_fuzzing(arguments);
  arguments.number("-j,--jobs", options.jobs, 1, 256, "Processes (default: one for each core)");
  arguments.number("--timeout-ms", options.timeout_ms, 1, 3'600'000,
                   "Milliseconds of the processor that one input may take (default: 1000)");
}

void declare_report(Arguments& arguments, Options& options) {
  arguments.choice("--format", options.format, {"text", "json"}, "Report as");
  arguments.text("-o,--output", options.output, "FILE", "Write the report to FILE, in full or not at all");
}

// Documents that cannot be used, or builds that nothing runs, are told; then there is no campaign.
bool load(Arguments& arguments, RunDocuments& documents) {
  if (!documents.load(arguments)) return false;
  for (const report::FileResult& broken : documents.broken()) {
    complain(fmt::format("{}: {}", broken.name,
                         broken.findings.empty() ? "cannot be used" : because(broken.findings.front())));
  }
  if (!documents.broken().empty()) return false;
  if (documents.schema_path().empty()) {
    (void)arguments.refuse("--schema is required: the driver document names none");
    return false;
  }
  for (std::size_t i = 0; i < documents.builds().size(); ++i) {
    const std::string& reason = documents.no_target()[i];
    if (reason.empty()) continue;
    complain(fmt::format("build {}: {}", documents.driver().builds[documents.builds()[i]].facts.name, reason));
    return false;
  }
  return true;
}

// Where cases are if nobody says it: with the crash files.
std::string folder_of(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return path;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

std::vector<std::string> words_of(const Options& options, const std::string& verb, const std::string& folder) {
  const RunDocuments& documents = options.documents;
  const std::uint64_t cores = std::max(1u, std::thread::hardware_concurrency());
  run::CampaignOptions campaign{.driver = documents.driver_path(),
                                .schema = documents.schema_path(),
                                .rules = documents.rules_path(),
                                .builds_folder = documents.builds_folder(),
                                .include = documents.include(),
                                .builds = {},
                                .corpus = options.crashes.empty() ? folder_of(folder) : options.crashes,
                                .seeds = options.good,
                                .faults = folder,
                                .summary = {},
                                .jobs = options.jobs != 0 ? options.jobs : std::min<std::uint64_t>(cores, 256),
                                .timeout_ms = options.timeout_ms};
  for (std::size_t i = 0; i < documents.builds().size(); ++i) {
    campaign.builds.push_back({documents.driver().builds[documents.builds()[i]].facts, documents.targets()[i]});
  }
  std::vector<std::string> words = run::words_of(campaign);
  const suppression::Date today = utc_today();
  words.insert(words.end(), {"--do=" + verb, "--format=" + options.format,
                             fmt::format("--today={:04}-{:02}-{:02}", today.year, today.month, today.day)});
  if (!options.output.empty()) words.push_back("--output=" + options.output);
  if (!options.html.empty()) words.push_back("--html=" + options.html);
  if (options.output.empty() && wants_colour(options.no_color)) words.emplace_back("--colour");
  return words;
}

int become_triage(std::vector<std::string> words) { return become("SLUICE_TRIAGE", "sluice-triage", std::move(words)); }

// Of a case that is only moved.
int move(Arguments& arguments, const std::string& verb) {
  std::vector<std::string> identities;
  std::string crashes;
  arguments.positionals("IDENTITY", identities, "The case, by the name of its folder");
  arguments.text("--crashes", crashes, "DIR", "Where the cases are");
  arguments.require("--crashes");
  if (!arguments.parse()) return arguments.exit_code();
  if (identities.size() != 1) return arguments.refuse("one case at a time");
  return become_triage({"--do=" + verb, "--identity=" + identities.front(), "--corpus=" + crashes});
}

}  // namespace

int run_triage(Arguments& arguments) {
  Options options;
  arguments.positionals("DIR", options.folders, "What `sluice fuzz` wrote to its --faults, or content that faults");
  declare_run(arguments, options);
  arguments.texts("--good", options.good, "PATH", "Content that a suggested rule must accept; may be repeated");
  arguments.text("--crashes", options.crashes, "DIR",
                 "Where the cases are: new, open, regression (default: with the crash files)");
  arguments.text("--html", options.html, "FILE", "A page besides");
  declare_report(arguments, options);
  arguments.flag("--no-color", options.no_color, "No colours");
  if (!arguments.parse()) return arguments.exit_code();
  if (options.folders.size() != 1) return arguments.refuse("one folder at a time");
  if (!load(arguments, options.documents)) return kNoVerdict;
  return become_triage(words_of(options, "triage", options.folders.front()));
}

int run_triage_replay(Arguments& arguments) {
  Options options;
  declare_run(arguments, options);
  arguments.text("--crashes", options.crashes, "DIR", "Where the cases are");
  arguments.require("--crashes");
  declare_report(arguments, options);
  if (!arguments.parse()) return arguments.exit_code();
  if (!load(arguments, options.documents)) return kNoVerdict;
  return become_triage(words_of(options, "replay", options.crashes));
}

int run_triage_accept(Arguments& arguments) { return move(arguments, "accept"); }

int run_triage_reopen(Arguments& arguments) { return move(arguments, "reopen"); }

int run_triage_fixed(Arguments& arguments) {
  Options options;
  std::vector<std::string> identities;
  arguments.positionals("IDENTITY", identities, "The case, by the name of its folder");
  declare_run(arguments, options);
  arguments.text("--crashes", options.crashes, "DIR", "Where the cases are");
  arguments.require("--crashes");
  if (!arguments.parse()) return arguments.exit_code();
  if (identities.size() != 1) return arguments.refuse("one case at a time");
  if (!load(arguments, options.documents)) return kNoVerdict;
  std::vector<std::string> words = words_of(options, "fixed", options.crashes);
  words.push_back("--identity=" + identities.front());
  return become_triage(std::move(words));
}

}  // namespace sluice::cli
