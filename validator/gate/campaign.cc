#include "validator/gate/campaign.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "validator/bytes/packed.h"
#include "validator/judge/collect.h"
#include "validator/run/campaign.h"
#include "validator/run/fault_report.h"
#include "validator/store/digest.h"

namespace sluice::gate {

namespace {

namespace fs = std::filesystem;
using report::Campaign;

constexpr std::string_view kKind = "campaign/3";
constexpr std::size_t kNamed = 5;  // of the dark, in a finding; all that is known is in the campaign

void pack(bytes::Packer& out, const Campaign& campaign) {
  for (const std::uint64_t number :
       {campaign.executions, campaign.accepted, campaign.restarts, campaign.kept_out, campaign.blocks_of_seeds,
        campaign.blocks_covered, campaign.blocks_reachable, campaign.blocks, campaign.expressible, campaign.executed}) {
    out.number(number);
  }
  out.number(campaign.dark.size());
  for (const std::string& dark : campaign.dark) out.text(dark);
  out.text(campaign.not_told);
  out.number(campaign.progress.size());
  for (const Campaign::Point& point : campaign.progress) {
    out.number(point.executions).number(point.blocks).number(point.corpus);
  }
}

bool unpack(bytes::Unpacker& in, Campaign& campaign) {
  for (std::uint64_t* number : {&campaign.executions, &campaign.accepted, &campaign.restarts, &campaign.kept_out,
                                &campaign.blocks_of_seeds, &campaign.blocks_covered, &campaign.blocks_reachable,
                                &campaign.blocks, &campaign.expressible, &campaign.executed}) {
    *number = in.number();
  }
  for (std::uint64_t left = in.count(8); left > 0; --left) campaign.dark.push_back(in.text());
  campaign.not_told = in.text();
  for (std::uint64_t left = in.count(24); left > 0; --left) {
    const std::uint64_t executions = in.number();
    const std::uint64_t blocks = in.number();
    campaign.progress.push_back({executions, blocks, in.number()});
  }
  return in.is_whole();
}

// Of the files that the policy names besides.
void add_seeds(const std::vector<std::string>& paths, store::Digest& digest) {
  std::vector<std::string> skipped;
  for (const judge::Item& item : judge::collect(paths, "", skipped)) {
    std::string reason;
    digest.add("seed", item.problem.empty() ? digest_of_file(item.name, reason).value_or("") : "");
  }
}

std::string digest_of(const Documents& documents, std::size_t place, const std::string& seeds_digest) {
  const FuzzPolicy& fuzz = *documents.policy().fuzz;
  store::Digest digest;
  digest.add("build", documents.digest_of(place)).add("seeds", seeds_digest).add("property", fuzz.property);
  for (const Input& input : documents.inputs().all()) {
    if (input.role == "fuzzer") digest.add(input.role, input.sha256);
  }
  digest.add("runs", fuzz.runs).add("seconds", fuzz.seconds).add("jobs", fuzz.jobs).add("seed", fuzz.seed);
  digest.add("max_len", fuzz.max_len).add("timeout_ms", fuzz.timeout_ms);
  add_seeds(fuzz.seeds, digest);
  return digest.hex();
}

run::CampaignOptions options_for(const Documents& documents, std::size_t place, const CampaignFolders& folders) {
  const Release& release = documents.release();
  const FuzzPolicy& fuzz = *release.policy.fuzz;
  const std::string name = fmt::format("{}/{}", folders.scratch, place);
  run::CampaignOptions options{.driver = release.driver,
                               .schema = documents.schema_path(),
                               .rules = documents.rules_path(),
                               .builds_folder = release.builds,
                               .include = release.include,
                               .builds = {},
                               .corpus = name + ".corpus",
                               .seeds = fuzz.seeds,
                               .faults = folders.faults,
                               .summary = name + ".json",
                               .property = fuzz.property,
                               .seconds = fuzz.seconds,
                               .runs = fuzz.runs,
                               .jobs = fuzz.jobs,
                               .seed = fuzz.seed,
                               .max_len = fuzz.max_len,
                               .timeout_ms = fuzz.timeout_ms};
  std::error_code error;
  if (!fs::is_empty(folders.seeds, error)) options.seeds.push_back(folders.seeds);
  options.builds.push_back({documents.facts(place), documents.targets().files[place]});
  return options;
}

void take(const run::CampaignSummary& summary, Campaign& campaign) {
  campaign.executions = summary.executions;
  campaign.accepted = summary.accepted;
  campaign.restarts = summary.restarts;
  campaign.blocks_of_seeds = summary.blocks_of_seeds;
  campaign.blocks_covered = summary.blocks_covered;
  campaign.blocks_reachable = summary.blocks_reachable;
  campaign.blocks = summary.blocks;
  campaign.expressible = summary.expressible;
  campaign.executed = summary.executed;
  campaign.dark = summary.dark;
  campaign.not_told = summary.operators_not_told;
  for (const auto& point : summary.progress) {
    campaign.progress.push_back({point.executions, point.blocks, point.corpus});
  }
}

class Verdicts {
 public:
  Verdicts(const Documents& documents, CampaignResult& result) : documents_(documents), result_(result) {}

  void fail(const std::string& problem) {
    result_.campaign.problem = problem;
    add(FindingId::campaign_failed, documents_.release().file).with("reason", problem);
  }

  void escape(const run::CampaignFault& fault) {
    Finding& finding = add(FindingId::campaign_escape, fault.file);
    finding.with("fault", printable(fault.text, 300, Quotes::keep))
        .with("executions", std::to_string(fault.first_execution))
        .with("input", fault.file);
    run::add_place(fault.file, finding);
  }

  void demand_executions() {
    const FuzzPolicy& fuzz = *documents_.policy().fuzz;
    const std::uint64_t done = result_.campaign.executions;
    const std::uint64_t asked = fuzz.seconds == 0 ? fuzz.runs : 1;  // of each job, and of one at least
    if (done == 0) return fail("nothing was executed");
    if (done / fuzz.jobs < asked)
      fail(fmt::format("{} executions by {} jobs, and not {} by each", done, fuzz.jobs, asked));
  }

  void demand_light() {
    const Campaign& campaign = result_.campaign;
    if (!documents_.policy().covers_schema) return;
    if (campaign.expressible == 0) {
      const std::string why = campaign.not_told.empty() ? "there is nothing to execute" : campaign.not_told;
      return fail("it does not tell what of the schema it executed: " + why);
    }
    if (campaign.executed >= campaign.expressible) return;
    std::string names;
    for (std::size_t i = 0; i < std::min(kNamed, campaign.dark.size()); ++i) {
      names += (names.empty() ? "" : "; ") + printable(campaign.dark[i], 200, Quotes::keep);
    }
    const std::uint64_t count = campaign.expressible - campaign.executed;
    if (count > kNamed) names += fmt::format("; and {} more", count - kNamed);
    add(FindingId::dark_operators, documents_.release().file)
        .with("count", std::to_string(count))
        .with("all", std::to_string(campaign.expressible))
        .with("names", names);
  }

 private:
  Finding& add(FindingId id, const std::string& file) {
    Finding& finding = result_.findings.emplace_back(Finding::of(id));
    finding.file = file;
    finding.build = result_.campaign.build;
    finding.with("build", finding.build);
    return finding;
  }

  const Documents& documents_;
  CampaignResult& result_;
};

}  // namespace

CampaignResult run_campaign(Documents& documents, std::size_t place, const CampaignFolders& folders,
                            const std::string& seeds_digest, store::Cache* cache) {
  CampaignResult result;
  result.campaign.build = documents.facts(place).name;
  Verdicts verdicts(documents, result);
  if (const std::string& reason = documents.targets().no_target[place]; !reason.empty()) {
    verdicts.fail(reason);
    return result;
  }
  const std::string digest = digest_of(documents, place, seeds_digest);
  if (const auto value = cache != nullptr ? cache->get(digest, kKind) : std::nullopt) {
    Campaign remembered;
    bytes::Unpacker in(*value);
    if (unpack(in, remembered)) {
      remembered.build = result.campaign.build;
      result.campaign = std::move(remembered);
      result.is_remembered = true;
      verdicts.demand_light();
      return result;
    }
  }
  std::string problem;
  const std::string program = run::program_beside("SLUICE_FUZZ", "sluice-fuzz");
  const auto summary = run::run_campaign(program, options_for(documents, place, folders), problem);
  if (!summary) {
    verdicts.fail(problem);
    return result;
  }
  take(*summary, result.campaign);
  for (const run::CampaignFault& fault : summary->faults) {
    if (fault.is_escape) verdicts.escape(fault);
    ++(fault.is_escape ? result.campaign.escapes : result.campaign.kept_out);
  }
  const bool is_whole = summary->problem.empty() && !summary->was_interrupted;
  if (!is_whole) verdicts.fail(summary->was_interrupted ? "it was interrupted" : summary->problem);
  if (is_whole && result.findings.empty()) verdicts.demand_executions();
  // What was found is looked for again: whoever reads of it wants the file.
  if (result.findings.empty() && cache != nullptr && documents.inputs().are_as_taken()) {
    bytes::Packer out;
    pack(out, result.campaign);
    cache->put(digest, kKind, out.packed());
  }
  if (is_whole) verdicts.demand_light();
  return result;
}

}  // namespace sluice::gate
