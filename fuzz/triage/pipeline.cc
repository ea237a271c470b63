#include "fuzz/triage/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "fuzz/cause/case_name.h"
#include "fuzz/cause/signature.h"
#include "fuzz/engine/corpus.h"
#include "fuzz/engine/shared.h"
#include "fuzz/triage/evidence.h"
#include "fuzz/triage/parallel.h"
#include "fuzz/triage/tell.h"
#include "fuzz/triage/worker_report.h"
#include "validator/bytes/fuzz_input.h"
#include "validator/bytes/packed.h"
#include "validator/report/stored_finding.h"

namespace sluice::triage {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kTries = 10;         // of a file that did not fault at once
constexpr std::size_t kMostWitnesses = 200;  // crashes that a suggestion is measured by
constexpr std::size_t kMostGood = 2000;      // files

// Where the fault goes away only with parts of the content, it is owed to the field that the event came to.
void blame_what_events_came_to(Digest& digest, const Finding& finding) {
  if (finding.path.empty() || !finding.bytes) return;
  for (report::TriageField& field : digest.fields) field.is_guilty = false;
  auto came_to = std::ranges::find(digest.fields, finding.path, &report::TriageField::path);
  if (came_to == digest.fields.end()) {
    came_to = digest.fields.insert(
        came_to, {.path = finding.path, .bytes = *finding.bytes, .value = {}, .clean = {}, .does = {}});
  }
  came_to->is_guilty = true;
  std::rotate(digest.fields.begin(), came_to, came_to + 1);
  digest.sentence.clear();
  digest.inequality.clear();
}

class Pipeline {
 public:
  Pipeline(const Options& options, const Targets& targets, cause::Cases& cases, const Say& say)
      : options_(options), targets_(targets), cases_(cases), say_(say), jobs_(options.engine.jobs) {}

  bool run(report::Triage& triage, std::string& problem) {
    if (!gather(triage, problem)) return false;
    if (!ask_files(triage, problem)) return false;
    look_at_groups();
    ask_everywhere();
    find_causes();
    suggest();
    ask_workers();
    return tell(triage, problem);
  }

 private:
  [[nodiscard]] bool read_input(std::size_t file, std::vector<std::uint8_t>& bytes) const {
    std::string problem;
    return engine::read_whole(files_[file].path, engine::kMaxInput, bytes, problem);
  }

  bool gather(report::Triage& triage, std::string& problem);
  [[nodiscard]] std::vector<std::size_t> builds_of(const CrashFile& file) const;
  bool ask_files(report::Triage& triage, std::string& problem);
  [[nodiscard]] std::string what_else(std::size_t file) const;
  void take(const std::vector<Asked>& asked);
  [[nodiscard]] bool adopt(std::size_t file);
  void leave_known();
  void look_at_groups();
  void ask_everywhere();
  void find_causes();
  void suggest();
  void ask_workers();
  void name_causes();
  bool tell(report::Triage& triage, std::string& problem);
  [[nodiscard]] std::vector<std::vector<std::uint8_t>> good_contents() const;
  [[nodiscard]] std::string write_file(const std::string& name, const Group& group) const;

  const Options& options_;
  const Targets& targets_;
  cause::Cases& cases_;
  const Say& say_;
  const std::size_t jobs_;
  std::vector<CrashFile> files_;  // of the folder, then of cases
  std::size_t num_given_ = 0;     // of the folder
  std::vector<Group> groups_;
  std::vector<Cause> causes_;
};

bool Pipeline::gather(report::Triage& triage, std::string& problem) {
  CrashFolder folder;
  if (!read_crash_folder(options_.engine.faults, folder, problem)) return false;
  triage.not_triaged = std::move(folder.left_out);
  files_ = std::move(folder.files);
  num_given_ = files_.size();
  triage.files = files_.size() + triage.not_triaged.size();
  if (files_.empty()) return true;
  for (const cause::Case& its : cases_.all()) {
    CrashFile file{.path = cause::Cases::input_path(its), .builds = its.builds, .of_case = its.identity};
    std::error_code error;
    file.size = fs::file_size(file.path, error);
    if (!error) files_.push_back(std::move(file));
  }
  return true;
}

std::vector<std::size_t> Pipeline::builds_of(const CrashFile& file) const {
  std::vector<std::size_t> builds;
  for (std::size_t i = 0; i < targets_.num_builds(); ++i) {
    const bool is_named = std::ranges::find(file.builds, targets_.build(i).name) != file.builds.end();
    if (is_named || file.builds.empty()) builds.push_back(i);
  }
  return builds;
}

// A fault that comes one time in ten is a fault: what does not come at once is asked for again.
bool Pipeline::ask_files(report::Triage& triage, std::string& problem) {
  std::vector<Question> questions;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const auto builds = builds_of(files_[i]);
    if (builds.empty() && i < num_given_) {
      triage.not_triaged.push_back(
          {files_[i].path, fmt::format("it was found on {}, which is not run here", files_[i].builds.front())});
    }
    for (const std::size_t build : builds) questions.push_back({.input = i, .build = build});
  }
  const auto read = [this](std::size_t file, std::vector<std::uint8_t>& bytes) { return read_input(file, bytes); };
  Answers first = ask(targets_, questions, read, 1, jobs_);
  std::set<std::size_t> shown;
  std::set<std::size_t> answered;
  for (const Asked& asked : first.asked) {
    answered.insert(asked.input);
    if (!asked.faults.empty()) shown.insert(asked.input);
  }
  std::erase_if(questions, [&](const Question& q) { return shown.contains(q.input) || !answered.contains(q.input); });
  Answers more = ask(targets_, questions, read, kTries - 1, jobs_);
  for (const Asked& asked : more.asked) {
    if (!asked.faults.empty()) shown.insert(asked.input);
  }
  std::erase_if(first.asked, [](const Asked& asked) { return asked.faults.empty(); });
  first.asked.insert(first.asked.end(), more.asked.begin(), more.asked.end());
  take(first.asked);
  for (std::size_t i = 0; i < num_given_; ++i) {
    const auto builds = builds_of(files_[i]);
    if (shown.contains(i) || builds.empty()) continue;
    if (answered.contains(i) && adopt(i)) continue;
    const std::string on =
        builds.size() == 1 ? targets_.build(builds[0]).name : fmt::format("any of {} builds", builds.size());
    std::string why = fmt::format("does not fault on {}, in {} runs", on, kTries);
    if (!answered.contains(i)) why = "cannot be read";
    for (const std::size_t build : builds) {
      if (!first.problems[build].empty())
        why = fmt::format("build {}: {}", targets_.build(build).name, first.problems[build]);
    }
    triage.not_triaged.push_back({files_[i].path, why + what_else(i)});
  }
  leave_known();
  const bool has_target = std::ranges::any_of(first.problems, &std::string::empty);
  if (!has_target) problem = first.problems.front();
  return has_target;
}

std::string Pipeline::what_else(std::size_t file) const {
  std::vector<std::uint8_t> bytes;
  return read_input(file, bytes) ? not_of_schema(targets_.format(), bytes) : "";
}

void Pipeline::take(const std::vector<Asked>& asked) {
  std::map<std::pair<std::size_t, std::uint64_t>, std::size_t> numbers;
  std::map<std::size_t, std::uint32_t> tries;
  for (const Asked& each : asked) {
    if (each.faults.empty()) continue;
    // What it was kept for, before what it shows besides.
    const auto meant = std::ranges::find_if(each.faults, [&](const engine::Fault& fault) {
      return files_[each.input].identity.ends_with("-" + engine::identity_of(fault));
    });
    const engine::Fault& fault = meant != each.faults.end() ? *meant : each.faults.front();
    const auto [at, is_new] = numbers.try_emplace({each.build, cause::place_of(fault)}, groups_.size());
    if (is_new) groups_.push_back({.build = each.build, .fault = fault, .files = {}});
    groups_[at->second].files.push_back(each.input);
    tries[each.input] = std::max(tries[each.input], each.tries);
  }
  for (Group& group : groups_) {
    std::ranges::sort(group.files, {}, [&](std::size_t i) {
      return std::tuple(tries[i] > 1, files_[i].size, std::string_view(files_[i].path));
    });
  }
}

// What a driver does with memory that it never wrote depends on what was run before. A file that does not fault alone
// is of the place that its campaign saw it at, else of one with the same kind and function.
bool Pipeline::adopt(std::size_t file) {
  const std::string& name = files_[file].identity;
  const auto without_hash = [](const std::string& text) { return text.substr(0, text.rfind('-') + 1); };
  const auto is_on = [&](const Group& group) {
    return std::ranges::find(files_[file].builds, targets_.build(group.build).name) != files_[file].builds.end();
  };
  auto at = std::ranges::find_if(groups_, [&](const Group& group) {
    return is_on(group) && name.ends_with("-" + engine::identity_of(group.fault));
  });
  if (at == groups_.end()) {
    at = std::ranges::find_if(groups_, [&](const Group& group) {
      return is_on(group) && without_hash(name).ends_with("-" + without_hash(engine::identity_of(group.fault)));
    });
  }
  if (at == groups_.end()) return false;
  at->silent.push_back(file);
  return true;
}

// Where only cases are, nothing was found tonight.
void Pipeline::leave_known() {
  std::erase_if(groups_, [this](const Group& group) {
    return group.silent.empty() &&
           std::ranges::all_of(group.files, [this](std::size_t file) { return file >= num_given_; });
  });
  std::ranges::sort(groups_, {},
                    [](const Group& group) { return std::pair(group.build, cause::place_of(group.fault)); });
}

std::string Pipeline::write_file(const std::string& name, const Group& group) const {
  const std::string path = targets_.file(name);
  std::string problem;
  return engine::write_whole(path, group.digest.input, problem) ? path : "";
}

void Pipeline::look_at_groups() {
  say_(fmt::format("looking at {} places", groups_.size()));
  const auto work = [&](std::size_t i) {
    Group& group = groups_[i];  // of this process
    Suspect suspect{.build = group.build, .fault = group.fault, .input = {}};
    (void)read_input(group.files.front(), suspect.input);
    const std::string made = make_digest(targets_, suspect);
    group.digest = read_digest(&made);
    const std::string build = targets_.build(group.build).name;
    const std::string file = write_file("smallest", group);
    const WorkerReports reports = ask_worker(options_.engine, {file}, {build}, targets_.file("report.json"));
    bytes::Packer out;
    out.text(made);
    report::pack(out, reports.contains(file) ? reports.at(file) : std::vector<Finding>());
    return out.packed();
  };
  std::size_t num_done = 0;
  const auto done = [&](std::size_t i, const std::string* said) {
    say_(fmt::format("looked at {} of {} places", ++num_done, groups_.size()));
    Group& group = groups_[i];
    if (said == nullptr) {
      group.digest = read_digest(nullptr);
      (void)read_input(group.files.front(), group.digest.input);
      return;
    }
    bytes::Unpacker in(*said);
    const std::string made = in.text();
    group.digest = read_digest(&made);
    group.findings = report::unpack_findings(in);
  };
  (void)in_parallel(groups_.size(), jobs_, work, done);
  for (Group& group : groups_) {
    const std::string& build = targets_.build(group.build).name;
    const std::string kind = cause::kind_class_of(group.fault);
    const Finding* found = fault_on(group.findings, build, kind);
    const bool is_same = found != nullptr && cause::kind_class_of(found->id) == kind;
    group.finding =
        is_same ? *found : finding_of(group.digest.reproduced != 0 ? group.digest.fault : group.fault, build);
    if (group.digest.is_of_parts) blame_what_events_came_to(group.digest, group.finding);
    group.place.build = group.build;
    group.place.shown = cause::shown_of(group.fault);
    if (!group.digest.fields.empty() && group.digest.fields.front().is_guilty) {
      group.place.field = cause::field_without_indices(group.digest.fields.front().path);
    } else {
      group.place.field = cause::field_without_indices(group.finding.path);
    }
    if (group.digest.reproduced != 0) {
      Findings findings;
      targets_.build(group.build).format->judge(bytes::content_part(group.digest.input), findings);
      group.place.refusals = cause::refusals_of(findings);
    }
  }
}

void Pipeline::ask_everywhere() {
  for (Group& group : groups_) group.place.everywhere.resize(targets_.num_builds());
  if (targets_.num_builds() < 2) return;
  std::vector<Question> questions;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    for (std::size_t build = 0; build < targets_.num_builds(); ++build)
      questions.push_back({.input = i, .build = build});
  }
  const auto read = [this](std::size_t group, std::vector<std::uint8_t>& bytes) {
    bytes = groups_[group].digest.input;
    return true;
  };
  for (const Asked& asked : ask(targets_, std::move(questions), read, 1, jobs_).asked) {
    for (const engine::Fault& fault : asked.faults) {
      groups_[asked.input].place.everywhere[asked.build].push_back(cause::shown_of(fault));
    }
  }
}

void Pipeline::find_causes() {
  std::vector<cause::Place> places;
  for (const Group& group : groups_) places.push_back(group.place);
  for (std::vector<std::size_t>& members : cause::causes_of(places)) {
    Cause cause{.groups = std::move(members), .files = {}, .identity = {}};
    cause.lead = *std::ranges::min_element(cause.groups, {}, [this](std::size_t i) {
      return std::pair(groups_[i].digest.reproduced == 0, groups_[i].digest.input.size());
    });
    for (const std::size_t group : cause.groups) {
      cause.files.insert(cause.files.end(), groups_[group].files.begin(), groups_[group].files.end());
      cause.silent.insert(cause.silent.end(), groups_[group].silent.begin(), groups_[group].silent.end());
    }
    std::ranges::sort(cause.files);
    const auto again = std::ranges::unique(cause.files);
    cause.files.erase(again.begin(), again.end());
    causes_.push_back(std::move(cause));
  }
}

std::vector<std::vector<std::uint8_t>> Pipeline::good_contents() const {
  std::vector<std::vector<std::uint8_t>> good;
  const auto take = [&](const fs::path& path) {
    std::vector<std::uint8_t> bytes;
    std::string problem;
    if (good.size() < kMostGood && engine::read_whole(path, engine::kMaxInput, bytes, problem))
      good.push_back(std::move(bytes));
  };
  for (const std::string& path : options_.engine.seeds) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      take(path);
      continue;
    }
    std::vector<fs::path> paths;
    for (auto entry = fs::recursive_directory_iterator(path, error);
         !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      std::error_code none;
      if (entry->is_regular_file(none)) paths.push_back(entry->path());
    }
    std::ranges::sort(paths);
    std::ranges::for_each(paths, take);
  }
  return good;
}

void Pipeline::suggest() {
  const auto good = good_contents();
  const auto work = [&](std::size_t i) {
    const Group& lead = groups_[causes_[i].lead];
    Witnesses witnesses{.crashes = {}, .good = good};
    for (const std::size_t file : causes_[i].files) {
      std::vector<std::uint8_t> bytes;
      if (witnesses.crashes.size() < kMostWitnesses && read_input(file, bytes))
        witnesses.crashes.push_back(std::move(bytes));
    }
    return make_suggestion(targets_, {.build = lead.build, .fault = lead.fault, .input = lead.digest.input}, witnesses);
  };
  std::size_t num_done = 0;
  const auto done = [&](std::size_t i, const std::string* said) {
    say_(fmt::format("sought rules against {} of {}", ++num_done, causes_.size()));
    causes_[i].suggestion = read_suggestion(said);
  };
  (void)in_parallel(causes_.size(), jobs_, work, done);
}

// The worker on all builds, as many files at once as there are processes: starting it costs more than a file.
void Pipeline::ask_workers() {
  std::vector<std::string> files;
  for (std::size_t i = 0; i < causes_.size(); ++i)
    files.push_back(write_file(fmt::format("cause-{}", i), groups_[causes_[i].lead]));
  std::vector<std::string> builds;
  for (const engine::BuildOptions& build : options_.engine.builds) builds.push_back(build.name);
  const std::size_t num_parts = std::min(jobs_, files.size());
  const auto work = [&](std::size_t part) {
    std::vector<std::string> its;
    for (std::size_t i = part; i < files.size(); i += num_parts) its.push_back(files[i]);
    const WorkerReports reports = ask_worker(options_.engine, its, builds, targets_.file("report.json"));
    bytes::Packer out;
    for (const std::string& file : its)
      report::pack(out, reports.contains(file) ? reports.at(file) : std::vector<Finding>());
    return out.packed();
  };
  const auto done = [&](std::size_t part, const std::string* said) {
    if (said == nullptr) return;
    bytes::Unpacker in(*said);
    for (std::size_t i = part; i < files.size(); i += num_parts) causes_[i].findings = report::unpack_findings(in);
  };
  (void)in_parallel(num_parts, jobs_, work, done);
}

bool Pipeline::tell(report::Triage& triage, std::string& problem) {
  std::vector<explain::DriverCode> code;
  for (const engine::BuildOptions& build : options_.engine.builds)
    code.emplace_back(build.files, options_.engine.driver);
  const Told told{.options = options_,
                  .targets = targets_,
                  .files = files_,
                  .num_given = num_given_,
                  .groups = groups_,
                  .code = code};
  name_causes();
  for (const Cause& cause : causes_) {
    report::TriageCase its = tell_case(told, cause);
    if (!keep_case(told, cause, cases_, its, problem)) return false;
    triage.cases.push_back(std::move(its));
  }
  std::ranges::stable_sort(triage.cases, {}, [](const report::TriageCase& its) {
    const auto state = std::ranges::find(report::kWorstFirst, its.state) - std::begin(report::kWorstFirst);
    return std::tuple(state, -static_cast<std::int64_t>(its.count), its.identity);
  });
  return true;
}

// A cause that shows with the file of a case is that case, whatever it would be called tonight.
void Pipeline::name_causes() {
  cause::Names names;
  for (Cause& cause : causes_) {
    for (const std::size_t file : cause.files) {
      if (cause.identity.empty()) cause.identity = files_[file].of_case;
    }
    if (!cause.identity.empty()) names.reserve(cause.identity);
  }
  for (Cause& cause : causes_) {
    if (!cause.identity.empty()) continue;
    const Group& lead = groups_[cause.lead];
    const cause::Signature signature = cause::signature_of(lead.finding);
    const std::string function = signature.functions.empty() ? lead.place.shown.function : signature.functions.front();
    cause.identity =
        names.take(cause::name_of(lead.place, function), targets_.build(groups_[cause.groups.front()].build).name);
  }
}

}  // namespace

bool run_triage(const Options& options, const Targets& targets, cause::Cases& cases, const Say& say,
                report::Triage& triage, std::string& problem) {
  return Pipeline(options, targets, cases, say).run(triage, problem);
}

}  // namespace sluice::triage
