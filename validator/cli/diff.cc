// sluice diff: what changed between two content files, and what is used for the first time.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <ranges>

#include "validator/bytes/content_file.h"
#include "validator/cli/command.h"
#include "validator/cli/diff_report.h"
#include "validator/cli/limit_options.h"
#include "validator/cli/output.h"
#include "validator/difference/novelty.h"
#include "validator/judge/collect.h"
#include "validator/judge/documents.h"
#include "validator/program/transform.h"
#include "validator/report/escape.h"
#include "validator/schema/compile.h"

namespace sluice::cli {

namespace {

using difference::Budget;
using difference::Usage;
using program::Session;
using report::FileResult;

constexpr int kNoVerdict = static_cast<int>(Verdict::no_verdict);

struct Options {
  std::vector<std::string> paths;
  std::string schema;
  std::vector<std::string> include;
  std::string rules;
  std::string driver;
  std::string format = "text";
  std::string output;
  std::string fail_on = "error";
  bool exit_zero = false;
  bool derived = false;
  bool no_color = false;
  bool quiet = false;
  bool verbose = false;
  program::Limits limits;
};

void declare(Arguments& arguments, Options& options) {
  arguments.positionals("OLD NEW", options.paths, "An older file or a directory of released ones, then the new file");
  arguments.text("-s,--schema", options.schema, "FILE", "The .ksy that says what the bytes mean");
  arguments.require("--schema");
  arguments.texts("-I,--include", options.include, "DIR", "Where the schema's imports are looked for");
  arguments.text("-r,--rules", options.rules, "FILE", "The .rules.yaml: keys of records, and which inputs are used");
  arguments.text("-d,--driver", options.driver, "FILE", "The .driver.yaml: who supplies an input used first");
  arguments.choice("--format", options.format, {"text", "json"}, "Report as");
  arguments.text("-o,--output", options.output, "FILE", "Write the report to FILE, in full or not at all");
  arguments.choice("--fail-on", options.fail_on, {"error", "warning", "note"}, "What fails (default: error)");
  arguments.flag("--exit-zero", options.exit_zero, "Exit 0 instead of 1; never instead of 2");
  arguments.flag("--derived", options.derived, "Text: list positions, sizes, counts and checksums too");
  arguments.flag("--no-color", options.no_color, "No colours");
  arguments.flag("-q,--quiet", options.quiet, "Text: changes and findings only");
  arguments.flag("-v,--verbose", options.verbose, "Text: up to 100 changes of one kind to one field");
  declare_limits(arguments, options.limits);
}

// A content file and the tree of it.
struct Tree {
  bytes::ContentFile file;
  std::unique_ptr<Session> session;
};

class Diff {
 public:
  explicit Diff(const Options& options) : options_(options) {}

  // False: the arguments do not fit together, and the reason was printed.
  bool load(const Arguments& arguments) {
    FileResult document;
    schema_ = judge::load_document(options_.schema, options_.include, document);
    report_.schema = schema_ ? schema_->id : options_.schema;
    if (!schema_) report_.broken.push_back(std::move(document));
    std::vector<program::BuildFacts> builds;
    if (!options_.driver.empty() && !load_builds(arguments, builds)) return false;
    if (!report_.broken.empty()) return true;
    FileResult rules;
    if (!options_.rules.empty() && !judge::load_rules(options_.rules, *schema_, builds, rules)) {
      report_.broken.push_back(std::move(rules));
      return true;
    }
    program_ = schema::compile(*schema_, {.keep_everything = true, .builds = std::move(builds)});
    plan_ = difference::Plan::of(*schema_, program_);
    return true;
  }

  void run() {
    report_.now.name = options_.paths[1];
    if (!report_.broken.empty()) return;
    Tree now;
    if (!open(options_.paths[1], now, report_.now)) {
      report_.broken.push_back(report_.now);
      report_.now.findings.clear();
      return;
    }
    Budget memory(options_.limits, 0);
    Usage known(program_, memory);
    Tree base;
    if (!survey_older(known, base) || !judge(now, base, known)) report_.difference = {};
  }

  int finish() {
    Findings::Tally tally;
    for (const Finding& f : report_.now.findings) tally.add({f.severity, is_no_verdict(f.id)});
    report_.now.verdict = tally.worst && *tally.worst >= fails_at() ? Verdict::fail : Verdict::pass;
    const Verdict verdict = report_.is_compared() ? report_.now.verdict : Verdict::no_verdict;
    std::string text;
    Output output;
    if (!output.open(options_.output)) return complain_of(output);
    if (options_.format == "json") {
      text = diff_json(report_, SLUICE_VERSION, verdict);
    } else {
      DiffTextOptions how{.report = {}, .with_derived = options_.derived, .verbose = options_.verbose};
      how.report.colour = options_.output.empty() && wants_colour(options_.no_color);
      how.report.show_passed = how.report.show_summary = !options_.quiet;
      text = diff_text(report_, how);
    }
    if (!output.close(text)) return complain_of(output);
    return verdict == Verdict::fail && options_.exit_zero ? 0 : static_cast<int>(verdict);
  }

 private:
  bool load_builds(const Arguments& arguments, std::vector<program::BuildFacts>& builds) {
    FileResult document;
    const auto driver = judge::load_driver(options_.driver, document);
    if (!driver) {
      report_.broken.push_back(std::move(document));
      return true;
    }
    std::string problem;
    for (const std::size_t index : contract::select_builds(*driver, {}, problem)) {
      builds.push_back(driver->builds[index].facts);
    }
    if (!problem.empty()) (void)arguments.refuse(problem);
    return problem.empty();
  }

  static void add(FileResult& result, Finding finding) {
    finding.file = result.name;
    result.findings.push_back(std::move(finding));
    result.verdict = Verdict::no_verdict;
  }

  bool open(const std::string& name, Tree& tree, FileResult& result) const {
    result.name = name;
    if (!tree.file.open(name)) {
      add(result, Finding::of(FindingId::input_unreadable).with("reason", tree.file.reason()));
      return false;
    }
    result.size = tree.file.bytes().size();
    if (options_.format == "json") result.sha256 = bytes::hex(bytes::sha256(tree.file.bytes()));
    return true;
  }

  bool read(Tree& tree, FileResult& result) const {
    tree.session = std::make_unique<Session>(program_, tree.file.bytes(), options_.limits);
    if (tree.session->read()) return true;
    add(result, tree.session->failure());
    return false;
  }

  // All older files from the last to the first: the last of the format is the one to compare with, and stays open.
  bool survey_older(Usage& known, Tree& base) {
    const std::vector<judge::Item> items = older_items();
    std::error_code error;
    const bool is_directory = std::filesystem::is_directory(options_.paths[0], error);
    for (const judge::Item& item : items | std::views::reverse) {
      FileResult result;
      result.name = item.name;
      Tree tree;
      Tree& target = report_.older.empty() ? base : tree;
      if (!item.problem.empty()) {
        const auto id = item.is_unreadable ? FindingId::input_unreadable : FindingId::nothing_to_check;
        add(result, Finding::of(id).with("reason", item.problem));
      } else if (open(item.name, target, result) && read(target, result)) {
        survey_one(known, target, result);
      } else if (is_directory && is_other_format(result.findings.back())) {
        complain(item.name + ": of another format, left out");
        continue;
      }
      (result.findings.empty() ? report_.older : report_.broken).push_back(std::move(result));
    }
    if (report_.older.empty() && report_.broken.empty()) {
      FileResult nothing;
      nothing.name = options_.paths[0];
      add(nothing, Finding::of(FindingId::nothing_to_check).with("reason", "no older file of this format"));
      report_.broken.push_back(std::move(nothing));
    }
    std::ranges::reverse(report_.older);
    std::ranges::reverse(report_.broken);
    if (!report_.older.empty()) report_.base = report_.older.size() - 1;
    return report_.broken.empty();
  }

  // Without NEW, which may lie in the directory already.
  std::vector<judge::Item> older_items() const {
    std::vector<std::string> skipped;
    std::vector<judge::Item> items = judge::collect({options_.paths[0]}, "", skipped);
    for (const std::string& link : skipped) complain(link + ": a link to a directory, not followed");
    std::error_code error;
    if (!std::filesystem::is_directory(options_.paths[0], error)) return items;
    std::erase_if(items, [this](const judge::Item& item) {
      std::error_code ignored;
      const bool is_new = std::filesystem::equivalent(item.name, options_.paths[1], ignored);
      if (is_new) complain(item.name + ": is NEW itself, left out of OLD");
      return is_new;
    });
    return items;
  }

  void survey_one(Usage& known, Tree& tree, FileResult& result) const {
    Budget budget(options_.limits, tree.file.bytes().size());
    std::optional<Finding> failure;
    if (!difference::survey(*tree.session, plan_, budget, known, failure)) {
      if (!failure) failure = known.failure();
      add(result, failure.value_or(tree.session->failure()));
    } else if (tree.file.changed()) {
      add(result, Finding::of(FindingId::input_changed).with("reason", tree.file.reason()));
    }
  }

  // What is wrong at the first byte is the mark by which a format is known.
  static bool is_other_format(const Finding& finding) {
    return finding.id == FindingId::not_equal && finding.bytes && finding.bytes->begin == 0;
  }

  // The same bytes as a file that was read mean the same.
  bool judge(Tree& now, Tree& base, const Usage& known) {
    report_.is_identical = std::ranges::equal(now.file.bytes(), base.file.bytes());
    Findings findings(options_.limits.findings);
    std::optional<Finding> failure;
    const bool good = report_.is_identical || (read(now, report_.now) && compare(now, base, known, findings, failure));
    if (failure) add(report_.now, *failure);
    if (good && now.file.changed()) {
      add(report_.now, Finding::of(FindingId::input_changed).with("reason", now.file.reason()));
    }
    if (!report_.now.findings.empty()) {
      report_.broken.push_back(report_.now);
      report_.now.findings.clear();
      return false;
    }
    report_.now.omitted = findings.omitted();
    report_.now.findings = std::move(findings.list());
    return true;
  }

  bool compare(Tree& now, Tree& base, const Usage& known, Findings& findings, std::optional<Finding>& failure) {
    Budget budget(options_.limits, now.file.bytes().size());
    if (!difference::find_first_uses(*now.session, plan_, budget, known, report_.older.size(), options_.paths[1],
                                     findings, failure)) {
      return false;
    }
    Budget both(options_.limits, now.file.bytes().size() + base.file.bytes().size());
    return difference::compare(*base.session, *now.session, plan_, both, report_.difference, failure);
  }

  [[nodiscard]] Severity fails_at() const {
    if (options_.fail_on == "note") return Severity::note;
    return options_.fail_on == "warning" ? Severity::warning : Severity::error;
  }

  static int complain_of(const Output& output) {
    complain(output.problem());
    return kNoVerdict;
  }

  const Options& options_;
  std::optional<schema::Schema> schema_;
  program::Program program_;
  difference::Plan plan_;
  DiffReport report_;
};

}  // namespace

int run_diff(Arguments& arguments) {
  Options options;
  declare(arguments, options);
  if (!arguments.parse()) return arguments.exit_code();
  if (options.paths.size() != 2) return arguments.refuse("OLD and NEW are needed: two paths");
  if (!options.driver.empty() && options.rules.empty()) {
    return arguments.refuse("--driver needs --rules: a schema does not say what content needs of a build");
  }
  Diff diff(options);
  if (!diff.load(arguments)) return kNoVerdict;
  diff.run();
  return diff.finish();
}

}  // namespace sluice::cli
