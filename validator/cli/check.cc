// sluice check: content files, judged by a schema, by rules, and for the driver builds in the field.
#include <memory>
#include <thread>

#include "validator/cli/check_documents.h"
#include "validator/cli/command.h"
#include "validator/cli/limit_options.h"
#include "validator/judge/collect.h"
#include "validator/judge/in_order.h"
#include "validator/judge/judge.h"

namespace sluice::cli {

namespace {

using report::FileResult;

constexpr int kNoVerdict = static_cast<int>(Verdict::no_verdict);

struct Options {
  std::vector<std::string> paths;
  CheckDocuments documents;
  std::uint64_t jobs = 0;
  program::Limits limits;
  Reporting reporting;
};

void declare(Arguments& arguments, Options& options) {
  arguments.positionals("PATH", options.paths, "Content files, and directories of them; none: judge --driver alone",
                        /*required=*/false);
  options.documents.declare(arguments);
  options.reporting.declare(arguments);
  arguments.number("-j,--jobs", options.jobs, 1, 1024, "Threads (default: one for each core)");
  declare_limits(arguments, options.limits);
}

std::size_t thread_count(const Options& options) {
  if (options.jobs > 0) return options.jobs;
  return std::max(1u, std::thread::hardware_concurrency());
}

void judge_all(Options& options, const std::vector<judge::Item>& items) {
  const CheckDocuments& documents = options.documents;
  const program::Program program = documents.compile();
  std::optional<program::Program> tree;
  if (options.reporting.wants_excerpts()) tree = documents.compile_tree();
  const judge::Bench bench{.program = program,
                           .limits = options.limits,
                           .threshold = options.reporting.threshold(),
                           .wants_digests = options.reporting.wants_digests(),
                           .driver = documents.driver(),
                           .builds = documents.builds(),
                           .suppressions = documents.suppressions(),
                           .matcher = documents.matcher(),
                           .tree = tree ? &*tree : nullptr};
  const auto make_worker = [&bench, &items] {
    const auto worker = std::make_shared<judge::Judge>(bench);
    return [worker, &items](std::size_t index, FileResult& result) { (*worker)(items[index], result); };
  };
  judge::in_order(items.size(), thread_count(options), make_worker,
                  [&options](const FileResult& result) { options.reporting.add(result); });
}

}  // namespace

int run_check(Arguments& arguments) {
  Options options;
  declare(arguments, options);
  if (!arguments.parse()) return arguments.exit_code();

  CheckDocuments& documents = options.documents;
  Reporting& reporting = options.reporting;
  const bool has_content = !options.paths.empty();
  if (!documents.load(arguments, has_content)) return kNoVerdict;
  std::vector<std::string> skipped;
  std::vector<judge::Item> items;
  if (has_content && documents.broken().empty()) items = judge::collect(options.paths, "", skipped);
  if (!reporting.begin(arguments, documents.report_options(), items.size())) return kNoVerdict;
  for (const FileResult& broken : documents.broken()) reporting.add(broken);
  if (!documents.broken().empty()) return reporting.finish();

  for (const std::string& link : skipped) complain(link + ": a link to a directory, not followed");
  if (const auto driver = documents.judge_driver(reporting, has_content)) reporting.add(*driver);
  if (has_content) judge_all(options, items);
  if (const auto review = documents.review_suppressions(reporting)) reporting.add(*review);
  return reporting.finish();
}

}  // namespace sluice::cli
