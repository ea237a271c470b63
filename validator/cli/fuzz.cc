// sluice fuzz: reads the documents and becomes sluice-fuzz, which lies beside this program.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "validator/cli/command.h"
#include "validator/cli/helper.h"
#include "validator/cli/output.h"
#include "validator/cli/run_documents.h"
#include "validator/run/process.h"

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
  std::uint64_t seed = 1;
  std::uint64_t max_len = 0;
  std::uint64_t timeout_ms = 1000;
};

constexpr std::uint64_t kMostRuns = std::uint64_t{1} << 62;
constexpr std::uint64_t kMostLength = 1u << 20;

void declare(Arguments& arguments, Options& options) {
  options.documents.declare_for_fuzzing(arguments);
  arguments.text("--corpus", options.corpus, "DIR", "What is found, kept for the next campaign (default: fuzz-corpus)");
  arguments.texts("--seeds", options.seeds, "PATH", "Content to begin with besides; may be repeated");
  arguments.text("--faults", options.faults, "DIR", "Where faults are written, once each (default: fuzz-faults)");
  arguments.text("--time", options.time, "T", "How long: 90, 90s, 10m, 8h (default: until it is interrupted)");
  arguments.number("--runs", options.runs, 1, kMostRuns, "Executions of each job");
  arguments.number("--max-faults", options.max_faults, 1, 256, "Ends when so many are found");
  arguments.number("-j,--jobs", options.jobs, 1, 256, "Processes for each build (default: 1)");
  arguments.number("--seed", options.seed, 0, UINT32_MAX, "Of the random numbers (default: 1)");
  arguments.choice(
      "--property", options.property, {"fault", "escape", "drift"},
      "What is looked for: any fault; what goes wrong with content that `check` accepts; or where a driver "
      "and its replica differ (default: fault)");
  arguments.text("--summary", options.summary, "FILE", "A JSON summary");
  arguments.number("--max-len", options.max_len, 1, kMostLength,
                   "Bytes of an input (default: 4096, or 1.5 times the longest seed)");
  arguments.number("--timeout-ms", options.timeout_ms, 1, 3'600'000,
                   "Milliseconds of the processor that one input may take (default: 1000)");
}

// `90`, `90s`, `10m`, `8h`; 0: it is none of these.
std::uint64_t seconds_of(const std::string& text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  const std::string unit = digits == std::string::npos ? "s" : text.substr(digits);
  const std::string number = text.substr(0, digits);
  constexpr std::size_t kMostDigits = 6;
  if (number.empty() || number.size() > kMostDigits) return 0;
  const std::uint64_t factor = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  return std::min<std::uint64_t>(std::stoull(number) * factor, 100'000'000);
}

// Every type that the build supplies inputs for: `1:12,3:20`.
std::string supplies_of(const program::BuildFacts& facts) {
  std::string text;
  for (const auto& [type, count] : facts.supplies) {
    if (type < 0 || type > UINT32_MAX || count < 0 || count > UINT32_MAX) continue;
    text += fmt::format("{}{}:{}", text.empty() ? "" : ",", static_cast<std::uint64_t>(type),
                        static_cast<std::uint64_t>(count));
  }
  return text;
}

std::vector<std::string> words_of(const Options& options) {
  const RunDocuments& documents = options.documents;
  std::vector<std::string> words = {"--sluice=" + run::folder_of_this_program() + "/sluice",
                                    "--driver=" + documents.driver_path(),
                                    "--schema=" + documents.schema_path(),
                                    "--corpus=" + options.corpus,
                                    "--faults=" + options.faults,
                                    "--property=" + options.property};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) words.push_back(fmt::format("{}={}", name, value));
  };
  const auto add_number = [&](const char* name, std::uint64_t value) {
    if (value != 0) words.push_back(fmt::format("{}={}", name, value));
  };
  add("--rules", documents.rules_path());
  add("--builds", documents.builds_folder());
  for (const std::string& folder : documents.include()) add("--include", folder);
  for (const std::string& seeds : options.seeds) add("--seeds", seeds);
  add("--summary", options.summary);
  if (!options.time.empty()) add_number("--time", seconds_of(options.time));
  add_number("--runs", options.runs);
  add_number("--jobs", options.jobs);
  add_number("--max-faults", options.max_faults);
  words.push_back(fmt::format("--seed={}", options.seed));
  add_number("--max-len", options.max_len);
  add_number("--timeout-ms", options.timeout_ms);
  for (std::size_t i = 0; i < documents.builds().size(); ++i) {
    const run::TargetFiles& files = documents.targets()[i];
    const program::BuildFacts& facts = documents.driver().builds[documents.builds()[i]].facts;
    add("--build", facts.name);
    add("--target", files.path);
    add("--image", files.image);
    add("--supplies", supplies_of(facts));
  }
  return words;
}

}  // namespace

int run_fuzz(Arguments& arguments) {
  Options options;
  declare(arguments, options);
  if (!arguments.parse()) return arguments.exit_code();
  if (!options.time.empty() && seconds_of(options.time) == 0) {
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
  return become("SLUICE_FUZZ", "sluice-fuzz", words_of(options));
}

}  // namespace sluice::cli
