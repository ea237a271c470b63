// sluice run: content files, loaded and evaluated by what the driver builds really do.
#include <fmt/format.h>

#include <array>
#include <thread>

#include "validator/cli/command.h"
#include "validator/cli/limit_options.h"
#include "validator/cli/run_coverage.h"
#include "validator/cli/run_documents.h"
#include "validator/judge/beside.h"
#include "validator/judge/collect.h"
#include "validator/judge/run_queue.h"

namespace sluice::cli {

namespace {

using report::FileResult;

constexpr int kNoVerdict = static_cast<int>(Verdict::no_verdict);

constexpr std::uint64_t kMostMemory = std::uint64_t{64} << 30;

// Of one call into the driver; handed on to the worker, which has the defaults, and the same bounds.
struct Budget {
  const char* name;
  std::uint64_t least;
  std::uint64_t most;
  const char* help;
  std::uint64_t value = 0;  // 0: not given
};

struct Options {
  std::vector<std::string> paths;
  RunDocuments documents;
  std::string blame;
  std::string fault;
  std::array<Budget, 5> budgets = {
      {{"--stack", 4096, 16u << 20, "Bytes of kernel stack (default: 24 KiB)"},
       {"--wall-ms", 1, 3'600'000, "Milliseconds that one call may take (default: 10000)"},
       {"--cpu-ms", 1, 3'600'000, "Milliseconds of the processor (default: 1000)"},
       {"--memory", 1u << 20, kMostMemory, "Bytes that the worker may hold (default: 512 MiB)"},
       {"--pool", 4096, kMostMemory, "Bytes that the driver may allocate (default: 64 MiB)"}}};
  std::uint64_t jobs = 0;
  program::Limits limits;
  Reporting reporting;
  RunCoverage coverage;
};

void declare(Arguments& arguments, Options& options) {
  arguments.positionals("PATH", options.paths, "Content files, and directories of them");
  options.documents.declare(arguments);
  arguments.text("--blame", options.blame, "FIELD=VALUE@FROM..TO",
                 "The field to name for faults that no event leads to, as `fuzz` has found it");
  arguments.text("--fault", options.fault, "NAME=TEXT",
                 "The fault to report where the content by itself shows none, as `fuzz` has seen it");
  for (Budget& budget : options.budgets) {
    arguments.number(budget.name, budget.value, budget.least, budget.most, budget.help);
  }
  options.coverage.declare(arguments);
  options.reporting.declare(arguments);
  arguments.number("-j,--jobs", options.jobs, 1, 1024, "Threads (default: one for each core)");
  declare_limits(arguments, options.limits);
}

run::WorkerOptions worker_options(const Options& options) {
  run::WorkerOptions worker;
  worker.program = run::program_beside("SLUICE_RUN", "sluice-run");
  for (const Budget& budget : options.budgets) {
    if (budget.value == 0) continue;
    worker.budgets.emplace_back(budget.name);
    worker.budgets.push_back(std::to_string(budget.value));
  }
  // The worker ends what is late. One that does not is given up, but not for being on a busy machine.
  const std::uint64_t wall = options.budgets[1].value;
  if (wall != 0) {
    worker.patience = std::chrono::milliseconds(2000 + 20 * wall);
    worker.call = std::chrono::milliseconds(wall);
  }
  worker.coverage = options.coverage.is_wanted();
  return worker;
}

}  // namespace

int run_run(Arguments& arguments) {
  Options options;
  declare(arguments, options);
  if (!arguments.parse()) return arguments.exit_code();

  std::optional<run::Blame> blame;
  if (!options.blame.empty()) {
    blame = run::read_blame(options.blame);
    if (!blame) return arguments.refuse("--blame takes FIELD=VALUE@FROM..TO");
    if (options.paths.size() != 1) return arguments.refuse("--blame is about one file");
  }
  std::optional<run::SeenFault> seen;
  if (!options.fault.empty()) {
    seen = run::read_seen_fault(options.fault);
    if (!seen) return arguments.refuse("--fault takes NAME=TEXT, the name of a fault: read_outside=TEXT");
    if (options.paths.size() != 1) return arguments.refuse("--fault is about one file");
  }
  RunDocuments& documents = options.documents;
  Reporting& reporting = options.reporting;
  if (!documents.load(arguments)) return kNoVerdict;
  if (documents.broken().empty() && !options.coverage.begin(arguments, documents)) return kNoVerdict;
  std::vector<std::string> skipped;
  std::vector<judge::Item> items;
  if (documents.broken().empty()) items = judge::collect(options.paths, "", skipped);
  if (!reporting.begin(arguments, documents.report_options(), items.size())) return kNoVerdict;
  for (const FileResult& broken : documents.broken()) reporting.add(broken);
  if (!documents.broken().empty()) return reporting.finish();
  for (const std::string& link : skipped) complain(link + ": a link to a directory, not followed");

  run::ignore_broken_pipes();
  const std::size_t threads = options.jobs > 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
  run::BlockHits hits(documents.targets().size());
  run::Pool pool(worker_options(options), documents.targets(), threads + documents.targets().size(), hits);
  run::Measurements measurements;
  run::Symbolizer symbolizer(documents.source_folders());
  const run::Court court{.driver = documents.driver(),
                         .builds = documents.builds(),
                         .no_target = documents.no_target(),
                         .pool = pool,
                         .replicas = documents.replicas(),
                         .measurements = measurements,
                         .symbolizer = symbolizer,
                         .limits = options.limits,
                         .check = documents.check_program(),
                         .tree = documents.tree_program(),
                         .plan = documents.plan(),
                         .events = documents.events(),
                         .blame = blame ? &*blame : nullptr,
                         .seen = seen ? &*seen : nullptr};
  judge::run_all(court, items,
                 {.threads = threads,
                  .threshold = reporting.threshold(),
                  .wants_digests = reporting.wants_digests(),
                  .wants_excerpts = reporting.wants_excerpts()},
                 [&reporting](const FileResult& result) { reporting.add(result); });
  if (const auto measured = judge::judge_measured(measurements, documents.driver(), reporting.threshold())) {
    reporting.add(*measured);
  }
  const bool is_written = options.coverage.finish(documents, pool, hits, reporting);
  const int exit_code = reporting.finish();
  return is_written ? exit_code : kNoVerdict;
}

}  // namespace sluice::cli
