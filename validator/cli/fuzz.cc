// sluice fuzz: reads the documents and becomes sluice-fuzz, which lies beside this program.
#include <fmt/format.h>

#include <string>
#include <vector>

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
  std::string corpus = "fuzz-corpus";
  std::vector<std::string> seeds;
  std::string faults = "fuzz-faults";
  std::string summary;
  std::string time;
  std::string property = "fault";
  std::uint64_t runs = 0;
  std::uint64_t jobs = 1;
  std::uint64_t max_faults = 0;
  std::uint64_t inputs_per_fault = 1;
  std::uint64_t seed = 1;
  std::uint64_t max_len = 0;
  bool skips_stage = false;
  std::uint64_t timeout_ms = 1000;
};

constexpr std::uint64_t kMostRuns = std::uint64_t{1} << 62;
constexpr std::uint64_t kMostLength = 1u << 20;
constexpr std::uint64_t kMostInputs = 128;

void declare(Arguments& arguments, Options& options) {
  options.documents.declare_for_fuzzing(arguments);
  arguments.text("--corpus", options.corpus, "DIR", "What is found, kept for the next campaign (default: fuzz-corpus)");
  arguments.texts("--seeds", options.seeds, "PATH", "Content to begin with besides; may be repeated");
  arguments.text("--faults", options.faults, "DIR", "Where faults are written, once each (default: fuzz-faults)");
  arguments.text("--time", options.time, "T", "How long: 90, 90s, 10m, 8h (default: until it is interrupted)");
  arguments.number("--runs", options.runs, 1, kMostRuns, "Executions of each job");
  arguments.number("--max-faults", options.max_faults, 1, 256, "Ends when so many are found");
  arguments.number("--inputs-per-fault", options.inputs_per_fault, 1, kMostInputs,
                   "Different inputs of each fault that are kept (default: 1)");
  arguments.number("-j,--jobs", options.jobs, 1, 256, "Processes for each build (default: 1)");
  arguments.number("--seed", options.seed, 0, UINT32_MAX, "Of the random numbers (default: 1)");
  arguments.choice(
      "--property", options.property, {"fault", "escape", "drift"},
      "What is looked for: any fault; what goes wrong with content that `check` accepts; or where a driver "
      "and its replica differ (default: fault)");
  arguments.text("--summary", options.summary, "FILE", "A JSON summary");
  arguments.flag("--skip-deterministic", options.skips_stage,
                 "Leaves all to chance at once, without what is tried first: one step from the seeds each");
  arguments.number("--max-len", options.max_len, 1, kMostLength,
                   "Bytes of an input (default: 4096, or 1.5 times the longest seed)");
  arguments.number("--timeout-ms", options.timeout_ms, 1, 3'600'000,
                   "Milliseconds of the processor that one input may take (default: 1000)");
}

run::CampaignOptions campaign_of(const Options& options) {
  const RunDocuments& documents = options.documents;
  run::CampaignOptions campaign{.driver = documents.driver_path(),
                                .schema = documents.schema_path(),
                                .rules = documents.rules_path(),
                                .builds_folder = documents.builds_folder(),
                                .include = documents.include(),
                                .builds = {},
                                .corpus = options.corpus,
                                .seeds = options.seeds,
                                .faults = options.faults,
                                .summary = options.summary,
                                .property = options.property,
                                .seconds = options.time.empty() ? 0 : run::seconds_of(options.time),
                                .runs = options.runs,
                                .jobs = options.jobs,
                                .max_faults = options.max_faults,
                                .inputs_per_fault = options.inputs_per_fault,
                                .seed = options.seed,
                                .max_len = options.max_len,
                                .skips_stage = options.skips_stage,
                                .timeout_ms = options.timeout_ms};
  for (std::size_t i = 0; i < documents.builds().size(); ++i) {
    campaign.builds.push_back({documents.driver().builds[documents.builds()[i]].facts, documents.targets()[i]});
  }
  return campaign;
}

}  // namespace

int run_fuzz(Arguments& arguments) {
  Options options;
  declare(arguments, options);
  if (!arguments.parse()) return arguments.exit_code();
  if (!options.time.empty() && run::seconds_of(options.time) == 0) {
    return arguments.refuse(fmt::format("--time: '{}' is no time like 90s, 10m or 8h", options.time));
  }
  RunDocuments& documents = options.documents;
  if (!documents.load(arguments)) return kNoVerdict;
  for (const report::FileResult& broken : documents.broken()) {
    const std::string first = broken.findings.empty() ? "cannot be used" : because(broken.findings.front());
    complain(fmt::format("{}: {}", broken.name, first));
  }
  if (!documents.broken().empty()) return kNoVerdict;
  if (documents.schema_path().empty()) return arguments.refuse("--schema is required: the driver document names none");
  for (std::size_t i = 0; i < documents.builds().size(); ++i) {
    std::string reason = documents.no_target()[i];
    if (reason.empty() && options.property == "drift" && documents.replicas()[i] == 0) {
      reason = "--property drift compares an `image` with a `replica`, and it has not both";
    }
    if (reason.empty()) continue;
    complain(fmt::format("build {}: {}", documents.driver().builds[documents.builds()[i]].facts.name, reason));
    return kNoVerdict;
  }
  return become("SLUICE_FUZZ", "sluice-fuzz", run::words_of(campaign_of(options)));
}

}  // namespace sluice::cli
