#include "validator/gate/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "validator/gate/attest.h"
#include "validator/gate/campaign.h"
#include "validator/gate/inspection.h"
#include "validator/gate/work_folder.h"
#include "validator/judge/beside.h"
#include "validator/judge/collect.h"
#include "validator/judge/in_order.h"
#include "validator/run/stored_measurements.h"
#include "validator/store/digest.h"

namespace sluice::gate {

namespace {

using report::BuildVerdict;
using report::FileResult;

constexpr std::string_view kMeasured = "measured/1";
constexpr std::uint64_t kLargestCache = 256u << 20;
constexpr std::int64_t kLongestUnasked = 90 * 24 * 3600;

std::string work_of(const Documents& documents, const Options& options) {
  return options.work.empty() ? judge::beside(documents.release().file, ".sluice") : options.work;
}

// Whether it is what a gate wrote beside one of `contents`, or was about to write when it was killed.
bool is_attestation(std::string_view name, const std::set<std::string, std::less<>>& contents) {
  constexpr std::string_view kTemporary = ".01234567.tmp";
  if (name.ends_with(".tmp") && name.size() > kTemporary.size()) name.remove_suffix(kTemporary.size());
  return name.ends_with(kAttestation) && contents.contains(name.substr(0, name.size() - kAttestation.size()));
}

// Each place once. What is not looked at is not passed: a link to a directory is told of.
std::vector<judge::Item> items_of(const Release& release) {
  std::vector<std::string> skipped;
  std::vector<judge::Item> items = judge::collect(release.content, "", skipped);
  for (std::string& link : skipped) {
    items.push_back({std::move(link), "a link to a directory is not followed: name the directory itself", false});
  }
  std::set<std::string, std::less<>> names;
  std::erase_if(items, [&](const judge::Item& item) { return !names.insert(item.name).second; });
  // Those of an earlier run lie in the same folder. One that the release names is meant.
  std::erase_if(items, [&](const judge::Item& item) {
    return is_attestation(item.name, names) && std::ranges::find(release.content, item.name) == release.content.end();
  });
  return items;
}

std::vector<Identity> identities_of(const std::vector<judge::Item>& items) {
  std::vector<Identity> identities;
  for (const judge::Item& item : items) identities.push_back(identity_of(item.name));
  return identities;
}

// Each thread goes through all builds of a file, so that each may have given back a worker of each target; one that is
// not kept is started again a file later.
std::size_t most_idle(std::size_t threads, const Documents& documents) {
  constexpr std::size_t kMost = 64;
  const std::size_t targets = documents.targets().files.size();
  return std::max(threads + targets, std::min(threads * targets, kMost));
}

Finding about(FindingId id, std::string reason, const std::string& file) {
  Finding finding = Finding::of(id).with("reason", std::move(reason));
  finding.file = file;
  return finding;
}

}  // namespace

class Gate::Work {
 public:
  Work(Documents& documents, Options options)
      : documents_(documents),
        options_(std::move(options)),
        items_(items_of(documents.release())),
        found_(identities_of(items_)),
        folder_(work_of(documents, options_)),
        database_(folder_.database()),
        history_(database_),
        known_(history_.known(documents.schema().id)),
        cache_(database_, options_.time),
        first_uses_(documents, options_.limits, known_, options_.records),
        hits_(documents.targets().files.size()),
        pool_(worker_options(), documents.targets().files, most_idle(options_.threads, documents), hits_),
        symbolizer_(judge::source_folders(documents.release().driver)),
        threshold_{documents.policy().fail_on},
        bench_{.program = documents.check_program(),
               .limits = options_.limits,
               .threshold = threshold_,
               .wants_digests = true,
               .driver = &documents.driver(),
               .builds = documents.builds(),
               .suppressions = documents.suppressions(),
               .matcher = documents.matcher()},
        court_{.driver = documents.driver(),
               .builds = documents.builds(),
               .no_target = documents.targets().no_target,
               .pool = pool_,
               .replicas = documents.targets().replicas,
               .measurements = measurements_,
               .symbolizer = symbolizer_,
               .limits = options_.limits,
               .check = nullptr,
               .tree = documents.has_uses() ? &documents.tree().program : nullptr,
               .plan = documents.has_uses() ? &documents.tree().plan : nullptr,
               .events = documents.events()},
        office_{.documents = documents, .bench = bench_, .court = court_, .first_uses = first_uses_} {
    office_.cache = options_.uses_cache ? &cache_ : nullptr;
    office_.wants_excerpts = options_.wants_excerpts;
    if (documents.policy().fuzz && folder_.problem().empty()) office_.seeds = folder_.seeds();
  }

  [[nodiscard]] std::size_t size() const { return items_.size(); }

  report::Release judge(const Take& take, const report::Totals& totals, const Progress& progress) {
    release_.name = documents_.release().name;
    say_what_is_asked();
    if (documents_.policy().run) measure(progress);
    say_what_runs_depend_on();
    judge_content(take, progress);
    if (documents_.policy().fuzz) fuzz(take, progress);
    judge_documents(take);
    finish(take, totals);
    return std::move(release_);
  }

 private:
  [[nodiscard]] static run::WorkerOptions worker_options() {
    run::WorkerOptions options;
    options.program = run::program_beside("SLUICE_RUN", "sluice-run");
    return options;
  }

  void say_what_is_asked() {
    const Policy& policy = documents_.policy();
    release_.asked = {"check"};
    if (policy.run) release_.asked.emplace_back("run");
    const auto& replicas = documents_.targets().replicas;
    const bool has_both = std::ranges::any_of(replicas, [](std::size_t place) { return place != 0; });
    if (policy.run && has_both) release_.asked.emplace_back("drift");
    if (!policy.fuzz) return;
    std::string fuzz = "fuzz";
    if (policy.fuzz->runs != 0) fuzz += fmt::format(" {} runs", policy.fuzz->runs);
    if (policy.fuzz->seconds != 0) fuzz += fmt::format(" {} s", policy.fuzz->seconds);
    release_.asked.push_back(std::move(fuzz));
  }

  // What was measured in other content counts too.
  void say_what_runs_depend_on() {
    const program::Limits& limits = options_.limits;
    office_.digests.clear();
    for (std::size_t place = 0; place < documents_.builds().size(); ++place) {
      store::Digest digest;
      digest.add("build", documents_.digest_of(place));
      digest.add("measured", run::pack(measurements_.of_build(documents_.builds()[place])));
      digest.add("depth", limits.depth).add("elements", limits.elements).add("steps", limits.steps);
      digest.add("process", limits.process_bytes).add("memory", limits.memory).add("findings", limits.findings);
      office_.digests.push_back(digest.hex());
    }
  }

  // What was measured before need not be again.
  void measure(const Progress& progress) {
    for (std::size_t place = 0; place < documents_.builds().size(); ++place) {
      const std::string digest = documents_.digest_of(place);
      const auto value = office_.cache != nullptr ? cache_.get(digest, kMeasured) : std::nullopt;
      const auto supplies = value ? run::unpack_supplies(*value) : std::nullopt;
      if (!supplies) continue;
      for (const auto& [type, measured] : *supplies) {
        measurements_.add(documents_.builds()[place], type, /*file=*/0, measured);
      }
    }
    if (!documents_.has_uses()) return;
    say_what_runs_depend_on();
    std::atomic<std::size_t> done = 0;
    const auto make_worker = [&] {
      return [&, inspection = std::make_shared<Inspection>(office_)](std::size_t index, FileResult&) {
        inspection->measure(index, items_[index]);
        if (progress) progress("measure", ++done, items_.size());
      };
    };
    judge::in_order(items_.size(), options_.threads, make_worker, [](const FileResult&) {});
    if (office_.cache == nullptr || !documents_.inputs().are_as_taken()) return;
    for (std::size_t place = 0; place < documents_.builds().size(); ++place) {
      cache_.put(documents_.digest_of(place), kMeasured, run::pack(measurements_.of_build(documents_.builds()[place])));
    }
  }

  void judge_content(const Take& take, const Progress& progress) {
    std::atomic<std::size_t> done = 0;
    const auto make_worker = [&] {
      return [&, inspection = std::make_shared<Inspection>(office_)](std::size_t index, FileResult& result) {
        (*inspection)(index, items_[index], result);
        if (progress) progress("judge", ++done, items_.size());
      };
    };
    judge::in_order(items_.size(), options_.threads, make_worker, [&](const FileResult& result) {
      keep(result);
      take(result);
    });
  }

  void keep(const FileResult& result) {
    Judged& judged = judged_.emplace_back(Judged{.name = result.name,
                                                 .sha256 = result.sha256.value_or(""),
                                                 .passed = {},
                                                 .failed = {},
                                                 .verdict = result.verdict});
    for (const BuildVerdict& build : result.builds) {
      (build.verdict == Verdict::pass ? judged.passed : judged.failed).push_back(build.build);
    }
  }

  // One result for all campaigns, beside the content.
  void fuzz(const Take& take, const Progress& progress) {
    const CampaignFolders folders{.seeds = folder_.seeds(), .scratch = folder_.scratch(), .faults = folder_.faults()};
    const std::vector<std::size_t>& builds = documents_.builds();
    std::vector<CampaignResult> results(builds.size());
    std::string problem = folder_.problem().empty() ? office_.seeds_problem : folder_.problem();
    std::atomic<std::size_t> done = 0;
    const std::string seeds = digest_of_seeds();
    const auto make_worker = [&] {
      return [&](std::size_t place, FileResult&) {
        if (problem.empty()) results[place] = run_campaign(documents_, place, folders, seeds, office_.cache);
        if (progress) progress("fuzz", ++done, builds.size());
      };
    };
    const std::size_t jobs = documents_.policy().fuzz->jobs;
    judge::in_order(builds.size(), std::max<std::size_t>(1, options_.threads / jobs), make_worker,
                    [](const FileResult&) {});
    FileResult whole;
    whole.name = documents_.release().file;
    whole.is_document = true;
    whole.is_beside = true;
    Findings findings(options_.limits.findings);
    if (!problem.empty()) findings.add(about(FindingId::campaign_failed, problem, whole.name).with("build", "any"));
    for (std::size_t place = 0; place < results.size(); ++place) {
      CampaignResult& result = results[place];
      result.campaign.verdict = threshold_.verdict_of(result.findings);
      const program::BuildFacts& facts = documents_.facts(place);
      whole.builds.push_back({.build = facts.name, .support = facts.support, .place = builds[place]});
      for (Finding& finding : result.findings) findings.add(std::move(finding));
      if (problem.empty()) release_.campaigns.push_back(std::move(result.campaign));
    }
    judge::judge_builds(threshold_, findings, whole);
    judge::conclude(threshold_, findings, whole);
    for (const BuildVerdict& build : whole.builds) {
      if (build.verdict != Verdict::pass) failed_beside_.push_back(build);
    }
    take(whole);
  }

  // Of all that was kept to fuzz from.
  [[nodiscard]] std::string digest_of_seeds() const {
    std::set<std::string> contents;
    for (const Judged& file : judged_) {
      if (!file.passed.empty()) contents.insert(file.sha256);
    }
    store::Digest digest;
    for (const std::string& content : contents) digest.add("content", content);
    return digest.hex();
  }

  void judge_documents(const Take& take) {
    const auto tell = [&](const std::optional<FileResult>& result) {
      if (!result) return;
      has_failed_document_ = has_failed_document_ || result->verdict != Verdict::pass;
      take(*result);
    };
    const contract::Driver& driver = documents_.driver();
    tell(judge::judge_driver(driver, driver.file, documents_.builds(), documents_.suppressions(), documents_.matcher(),
                             threshold_, /*has_content=*/true));
    tell(judge::judge_measured(measurements_, driver, threshold_));
    tell(judge::review_suppressions(documents_.matcher(), documents_.release().suppressions, threshold_));
    std::vector<Finding> findings = first_uses_.stale_sign_offs();
    std::ranges::move(documents_.inputs().changed(), std::back_inserter(findings));
    look_for_other_content(findings);
    (void)cache_.flush();
    (void)cache_.prune(kLargestCache, kLongestUnasked);
    tell_of_store(findings);
    tell(judge::beside_content(documents_.release().file, std::move(findings), threshold_));
  }

  // What was judged is what lay there when the run began, and still does.
  void look_for_other_content(std::vector<Finding>& findings) const {
    for (std::size_t number = 0; number < judged_.size(); ++number) {
      const Judged& file = judged_[number];
      const Identity identity = identity_of(file.name);
      if (file.sha256.empty() || identity == found_[number]) continue;
      // New rights or another link do not make it another file, if its bytes are those that were judged.
      std::string reason = "replaced while the gate ran";
      if (is_same_file(identity, found_[number]) && digest_of_file(file.name, reason) == file.sha256) continue;
      findings.push_back(about(FindingId::input_changed, reason, file.name));
    }
  }

  void tell_of_store(std::vector<Finding>& findings) {
    for (std::string& message : database_.messages()) {
      findings.push_back(about(FindingId::store_unusable, std::move(message), documents_.release().file));
    }
  }

  // What was said of builds beside the content counts for each file.
  void settle_files() {
    for (Judged& file : judged_) {
      for (const BuildVerdict& build : failed_beside_) {
        if (std::erase(file.passed, build.build) != 0) file.failed.push_back(build.build);
        file.verdict = std::max(file.verdict, build.verdict);
      }
      if (has_failed_document_) file.verdict = Verdict::no_verdict;
    }
  }

  void finish(const Take& take, const report::Totals& totals) {
    settle_files();
    std::vector<Finding> findings;
    const std::string& file = documents_.release().file;
    if (options_.key != nullptr && totals.verdict != Verdict::no_verdict && totals.contents > 0) {
      std::string problem;
      auto paths =
          attest(documents_, judged_, *options_.key,
                 {.folder = options_.attestations, .version = options_.version, .time = options_.time}, problem);
      if (paths) release_.attestations = std::move(*paths);
      if (!paths) findings.push_back(about(FindingId::not_attested, problem, file));
    }
    const bool passes = totals.verdict == Verdict::pass && totals.contents > 0 && findings.empty();
    if (options_.records && passes) record();
    tell_of_store(findings);
    release_.policy_sha256 = policy_digest(documents_);
    release_.judged = office_.judged;
    release_.remembered = office_.remembered;
    release_.first_uses = first_uses_.count();
    release_.signed_off = first_uses_.signed_off();
    const auto result = judge::beside_content(file, std::move(findings), threshold_);
    if (!result) return;
    if (result->verdict != Verdict::pass) withdraw(std::exchange(release_.attestations, {}));
    take(*result);
  }

  void record() {
    std::vector<store::Recorded> all;
    for (std::size_t number = 0; number < judged_.size(); ++number) {
      const Judged& file = judged_[number];
      store::Recorded& recorded = all.emplace_back();
      recorded.release = {.schema = documents_.schema().id,
                          .content = file.name,
                          .sha256 = file.sha256,
                          .name = documents_.release().name,
                          .time = options_.time,
                          .builds = {}};
      for (const std::string& build : file.passed) recorded.release.builds.push_back({build, Verdict::pass});
      recorded.features = first_uses_.used_first_in(number);
    }
    (void)history_.record(all);  // the database has a message
  }

  Documents& documents_;
  const Options options_;
  const std::vector<judge::Item> items_;
  const std::vector<Identity> found_;  // of each of them, before it was read
  const WorkFolder folder_;
  store::Database database_;
  store::History history_;
  const store::Known known_;
  store::Cache cache_;
  const FirstUses first_uses_;
  run::BlockHits hits_;
  run::Pool pool_;
  run::Measurements measurements_;
  run::Symbolizer symbolizer_;
  const judge::Threshold threshold_;
  const judge::Bench bench_;
  const run::Court court_;
  Office office_;

  report::Release release_;
  std::vector<Judged> judged_;
  std::vector<BuildVerdict> failed_beside_;  // by campaigns
  bool has_failed_document_ = false;
};

Gate::Gate(Documents& documents, Options options) : work_(std::make_unique<Work>(documents, std::move(options))) {}

Gate::~Gate() = default;

std::size_t Gate::size() const { return work_->size(); }

report::Release Gate::judge(const Take& take, const report::Totals& totals, const Progress& progress) {
  return work_->judge(take, totals, progress);
}

}  // namespace sluice::gate
