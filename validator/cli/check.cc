// sluice check: content files, judged by a schema.
#include <thread>

#include "validator/bytes/content_file.h"
#include "validator/cli/collect.h"
#include "validator/cli/command.h"
#include "validator/cli/documents.h"
#include "validator/cli/in_order.h"
#include "validator/cli/limit_options.h"
#include "validator/cli/reporting.h"
#include "validator/program/program.h"
#include "validator/program/transform.h"
#include "validator/program/walk.h"
#include "validator/report/escape.h"
#include "validator/schema/compile.h"

namespace sluice::cli {

namespace {

using report::FileResult;

struct Options {
  std::vector<std::string> paths;
  std::string schema;
  std::vector<std::string> include;
  std::vector<std::string> allow;
  std::uint64_t jobs = 0;
  program::Limits limits;
  Reporting reporting;
};

void declare(Arguments& arguments, Options& options) {
  arguments.positionals("PATH", options.paths, "Content files, and directories of them");
  arguments.text("-s,--schema", options.schema, "FILE", "The .ksy that says what the bytes mean");
  arguments.require("--schema");
  arguments.texts("-I,--include", options.include, "DIR", "Where the schema's imports are looked for");
  arguments.texts("--allow", options.allow, "NAME",
                  "What is no finding: trailing-bytes, overlap, unknown-enum or unmatched-switch");
  options.reporting.declare(arguments);
  arguments.number("-j,--jobs", options.jobs, 1, 1024, "Threads (default: one for each core)");
  declare_limits(arguments, options.limits);
}

// False: a name that is none.
bool allowances(const std::vector<std::string>& names, schema::Allowances& allow) {
  for (const std::string& name : names) {
    if (name == "trailing-bytes") {
      allow.trailing_bytes = true;
    } else if (name == "overlap") {
      allow.overlap = true;
    } else if (name == "unknown-enum") {
      allow.unknown_enum = true;
    } else if (name == "unmatched-switch") {
      allow.unmatched_switch = true;
    } else {
      return false;
    }
  }
  return true;
}

// Judges one file after the other with the same buffers.
class Judge {
 public:
  Judge(const Options& options, const program::Program& program) : options_(options), program_(program) {}

  void operator()(const Item& item, FileResult& result) {
    reset(result, item.name);
    Findings findings(options_.limits.findings);
    if (item.problem.empty()) {
      check(item.name, findings, result);
    } else {
      add(findings, item.is_unreadable ? FindingId::input_unreadable : FindingId::nothing_to_check, item.name,
          item.problem);
    }
    result.verdict = options_.reporting.verdict_of(findings.worst(), findings.no_verdict());
    result.omitted = findings.omitted();
    result.findings = std::move(findings.list());
  }

 private:
  static void reset(FileResult& result, const std::string& name) {
    result.name = name;
    result.size.reset();
    result.sha256.reset();
  }

  static void add(Findings& findings, FindingId id, const std::string& name, const std::string& reason) {
    findings.add(Finding::of(id).with("reason", reason)).file = name;
  }

  void check(const std::string& name, Findings& findings, FileResult& result) {
    if (!file_.open(name)) {
      add(findings, FindingId::input_unreadable, name, file_.reason());
      return;
    }
    result.size = file_.bytes().size();
    (void)program::check(program_, file_.bytes(), options_.limits, name, findings);
    if (options_.reporting.wants_digests()) result.sha256 = report::hex(program::sha256(file_.bytes()));
    if (file_.changed()) add(findings, FindingId::input_changed, name, file_.reason());
  }

  const Options& options_;
  const program::Program& program_;
  bytes::ContentFile file_;
};

std::size_t thread_count(const Options& options) {
  if (options.jobs > 0) return options.jobs;
  return std::max(1u, std::thread::hardware_concurrency());
}

int judge_all(Options& options, const program::Program& program, const std::vector<Item>& items) {
  const auto make_worker = [&options, &program, &items] {
    const auto judge = std::make_shared<Judge>(options, program);
    return [judge, &items](std::size_t index, FileResult& result) { (*judge)(items[index], result); };
  };
  in_order(items.size(), thread_count(options), make_worker,
           [&options](const FileResult& result) { options.reporting.add(result); });
  return options.reporting.finish();
}

}  // namespace

int run_check(Arguments& arguments) {
  Options options;
  declare(arguments, options);
  if (!arguments.parse()) return arguments.exit_code();

  schema::Allowances allow;
  if (!allowances(options.allow, allow)) {
    return arguments.refuse("--allow takes trailing-bytes, overlap, unknown-enum or unmatched-switch");
  }

  FileResult document;
  auto schema = load_document(options.schema, options.include, document);
  const std::string id = schema ? schema->id : options.schema;
  std::vector<std::string> skipped;
  const std::vector<Item> items = schema ? collect(options.paths, "", skipped) : std::vector<Item>{};
  if (!options.reporting.begin(arguments, id, items.size())) return static_cast<int>(Verdict::no_verdict);
  if (!schema) {
    options.reporting.add(document);
    return options.reporting.finish();
  }
  for (const std::string& link : skipped) complain(link + ": a link to a directory, not followed");
  schema::relax(*schema, allow);
  return judge_all(options, schema::compile(*schema), items);
}

}  // namespace sluice::cli
