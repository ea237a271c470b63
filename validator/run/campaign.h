// A fuzz campaign of `sluice-fuzz`: its command line, and its summary read back (docs/fuzz.md).
#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/contract/driver.h"
#include "validator/run/process.h"
#include "validator/run/worker.h"

namespace sluice::run {

struct CampaignBuild {
  const program::BuildFacts& facts;  // aliased
  TargetFiles target;
};

struct CampaignOptions {
  std::string driver;  // documents, as the helper will open them again
  std::string schema;
  std::string rules;          // empty: none
  std::string builds_folder;  // empty: beside the driver document
  std::vector<std::string> include;
  std::vector<CampaignBuild> builds;
  std::string corpus;
  std::vector<std::string> seeds;
  std::string faults;
  std::string summary;  // empty: none
  std::string property = "fault";
  std::uint64_t seconds = 0;  // 0, here and below: not given
  std::uint64_t runs = 0;
  std::uint64_t jobs = 1;
  std::uint64_t max_faults = 0;
  std::uint64_t inputs_per_fault = 0;
  std::uint64_t seed = 1;
  std::uint64_t max_len = 0;
  bool skips_stage = false;  // the deterministic one
  std::uint64_t timeout_ms = 0;
  bool merges = false;       // nothing is fuzzed: what the corpus can do without goes
  bool tells_often = false;  // the summary is there after a second, and again each second
};

// `90`, `90s`, `10m`, `8h` in seconds; 0: it is none of these.
[[nodiscard]] std::uint64_t seconds_of(std::string_view text);

// The arguments of sluice-fuzz, without its name.
[[nodiscard]] std::vector<std::string> words_of(const CampaignOptions& options);

struct CampaignFault {
  std::string identity;
  std::string text;  // the sentence
  std::string file;  // the input
  std::uint64_t first_execution = 0;
  bool is_escape = false;
  bool was_known = false;  // it was in the folder for faults before
};

// A content of the corpus that a build takes long over.
struct SlowContent {
  std::string build;
  std::string name;                // of its file
  std::uint64_t microseconds = 0;  // of the processor, for one execution
  std::uint64_t usual = 0;         // half of the corpus take no longer
};

// Of a campaign on one build, or of a merge on several.
struct CampaignSummary {
  struct Point {
    std::uint64_t executions = 0;
    std::uint64_t blocks = 0;
    std::uint64_t corpus = 0;
  };
  std::string problem;  // why it could not be done; empty: it was
  bool was_interrupted = false;
  bool is_running = false;  // it had not ended when this was written
  std::uint64_t executions = 0;
  double seconds = 0;
  std::uint64_t accepted = 0;
  std::uint64_t faulted = 0;
  std::uint64_t last_new = 0;    // the execution
  std::uint64_t corpus = 0;      // contents at its end, ..
  std::uint64_t corpus_new = 0;  // .. of which it found so many
  std::uint64_t restarts = 0;
  std::uint64_t blocks_of_seeds = 0;
  std::uint64_t blocks_covered = 0;
  std::uint64_t blocks_reachable = 0;
  std::uint64_t blocks = 0;
  std::uint64_t expressible = 0;
  std::uint64_t executed = 0;
  std::string operators_not_told;   // why these are 0; empty: they are told
  std::vector<std::string> dark;    // in words, at most 1000, ..
  std::uint64_t dark_left_out = 0;  // .. and so many more
  std::vector<Point> progress;
  std::vector<CampaignFault> faults;
  std::vector<SlowContent> slowest;  // of a merge: by builds, the slowest first
};

// Nothing, and `problem`: it is no summary of a version that is known.
[[nodiscard]] std::optional<CampaignSummary> parse_summary(std::string_view json, std::string& problem);

// The summary at `path`. Nothing, and `problem`: there is none that can be used.
[[nodiscard]] std::optional<CampaignSummary> read_summary(const std::string& path, std::string& problem);

// A campaign that runs beside others. It ends with this object, and with the thread that started it.
class Campaign {
 public:
  // `options` must name a summary; one that is there is removed. False, and `problem`: it cannot be started.
  [[nodiscard]] bool start(const std::string& program, const CampaignOptions& options, std::string& problem);
  // Waits for so long, if need be.
  [[nodiscard]] bool has_ended(std::chrono::milliseconds patience);
  // Asks it to end with a summary, soon.
  void interrupt() { process_.signal(SIGTERM); }
  // Once, of one that has ended, or is ended by this. Nothing, and `problem`: it left no summary, or one of a campaign
  // that had not ended.
  [[nodiscard]] std::optional<CampaignSummary> finish(std::string& problem);

 private:
  Process process_;
  std::string summary_;
};

// Runs `program` to its end and reads its summary, which `options` must name. It ends with the thread that calls.
// Nothing, and `problem`: there is none.
[[nodiscard]] std::optional<CampaignSummary> run_campaign(const std::string& program, const CampaignOptions& options,
                                                          std::string& problem);

}  // namespace sluice::run
