#include "validator/gate/inspection.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "validator/bytes/new_file.h"
#include "validator/bytes/sha256.h"
#include "validator/judge/excerpt.h"
#include "validator/judge/run_queue.h"
#include "validator/report/stored_finding.h"
#include "validator/store/digest.h"

namespace sluice::gate {

namespace {

using report::BuildVerdict;
using report::FileResult;

// What says that nothing was learnt about a part of the content.
constexpr std::array kUnexecuted = {FindingId::instance_not_evaluated, FindingId::criterion_not_evaluated,
                                    FindingId::nothing_seen, FindingId::only_loaded, FindingId::events_cut};

std::string kind() { return fmt::format("run/{}", report::kStoredForm); }

// Why the file is none that the gate judges; empty: it is one.
std::string why_not(const run::Trial& trial) {
  if (trial.bytes().size() > kLargestContent) {
    return fmt::format("larger than {} bytes: the gate judges what it can hold in memory", kLargestContent);
  }
  if (trial.bytes().size() != trial.content().size()) return "it is an input of `sluice fuzz`, not content";
  return {};
}

}  // namespace

std::string Inspection::digest_of(std::size_t place, const std::string& sha256, bool is_accepted) const {
  store::Digest digest;
  digest.add("build", office_.digests[place]).add("content", sha256).add("accepted", std::uint64_t{is_accepted});
  return digest.hex();
}

bool Inspection::recall(const std::string& digest, const std::string& name, Part& part) const {
  if (office_.cache == nullptr) return false;
  const auto value = office_.cache->get(digest, kind());
  if (!value) return false;
  bytes::Unpacker in(*value);
  std::vector<Finding> findings = report::unpack_findings(in);
  if (in.flag()) part.ran = report::unpack_ran(in);
  if (!in.is_whole()) return false;
  for (Finding& finding : findings) {
    finding.file = name;  // the same content may go by another name
    part.findings.add(std::move(finding));
  }
  return true;
}

// What could not be found out is tried again; and so is what went on for too long, which may be the machine's fault.
void Inspection::remember(const std::string& digest, const Part& part) const {
  if (office_.cache == nullptr || part.findings.no_verdict() || part.findings.omitted() > 0) return;
  const auto depends_on_time = [](const Finding& f) {
    return f.id == FindingId::not_in_time || f.id == FindingId::gone_silent;
  };
  if (std::ranges::any_of(part.findings.list(), depends_on_time)) return;
  if (!office_.documents.inputs().are_as_taken()) return;  // it may be of what was put there meanwhile
  bytes::Packer out;
  report::pack(out, part.findings.list());
  out.flag(part.ran.has_value());
  if (part.ran) report::pack(out, *part.ran);
  office_.cache->put(digest, kind(), out.packed());
}

void Inspection::measure(std::size_t number, const judge::Item& item) const {
  const run::Court& court = office_.court;
  if (!item.problem.empty()) return;
  run::Trial trial(item.name, number, kLargestContent);
  if (!trial.open() || !why_not(trial).empty()) return;
  bool is_known = office_.cache != nullptr;
  const std::string sha256 = bytes::hex(bytes::sha256(trial.bytes()));
  for (std::size_t place = 0; is_known && place < court.builds.size(); ++place) {
    Part part;
    is_known = recall(digest_of(place, sha256, true), item.name, part) ||
               recall(digest_of(place, sha256, false), item.name, part);
  }
  if (is_known) return;
  trial.look(court);
  for (std::size_t place = 0; place < court.builds.size(); ++place) trial.measure(court, place);
}

void Inspection::run_on(run::Trial& trial, bool& has_looked, std::size_t place, const FileResult& checked,
                        Part& part) const {
  const bool is_accepted = checked.builds[place].verdict == Verdict::pass;
  const std::string digest = digest_of(place, *checked.sha256, is_accepted);
  ++office_.judged;
  if (recall(digest, checked.name, part)) {
    ++office_.remembered;
    return;
  }
  if (!has_looked) {
    trial.look(office_.court);
    std::vector<bool> accepted;
    for (const BuildVerdict& build : checked.builds) accepted.push_back(build.verdict == Verdict::pass);
    trial.accept(std::move(accepted));
    has_looked = true;
  }
  if (const auto coverage = trial.run(office_.court, place, part.findings)) part.ran = judge::ran_of(*coverage);
  remember(digest, part);
}

// One finding for all that was not executed, and none where something worse is known.
void Inspection::demand_execution(const std::string& build, const std::string& file, Part& part) const {
  if (!office_.documents.policy().covers_content) return;
  if (office_.bench.threshold.verdict_of(part.findings.tally()) != Verdict::pass) return;
  const auto is_unexecuted = [](const Finding& f) { return std::ranges::find(kUnexecuted, f.id) != kUnexecuted.end(); };
  const auto first = std::ranges::find_if(part.findings.list(), is_unexecuted);
  const bool is_told = first != part.findings.list().end();
  std::string what;
  if (is_told) {
    const auto count = std::ranges::count_if(part.findings.list(), is_unexecuted);
    what = first->path.empty() ? because(*first) : report::short_path(first->path);
    if (count > 1) what += fmt::format(" and {} more", count - 1);
  } else if (office_.court.events != nullptr && !part.ran) {
    what =
        "nothing that is known: the rules do not say by `uses` what content uses, so that the events of the release "
        "say nothing of coverage,";
  } else if (office_.court.events != nullptr && part.ran->dereferenced < part.ran->criteria) {
    what = fmt::format("by the events of the release: {} of {} criteria", part.ran->criteria - part.ran->dereferenced,
                       part.ran->criteria);
  } else {
    return;
  }
  Finding finding = Finding::of(FindingId::not_executed);
  finding.file = file;
  finding.build = build;
  finding.with("what", std::move(what)).with("build", build);
  if (is_told) {
    finding.path = first->path;
    finding.bytes = first->bytes;
  }
  part.findings.add(std::move(finding));
}

// What the check found comes first, then each build in its order.
void Inspection::merge(std::vector<Part>& parts, FileResult& result) const {
  const judge::Threshold& threshold = office_.bench.threshold;
  std::vector<Finding> all = std::move(result.findings);
  for (std::size_t place = 0; place < parts.size(); ++place) {
    Findings& findings = parts[place].findings;
    const Verdict verdict = threshold.verdict_of(findings.tally());
    result.verdict = std::max(result.verdict, verdict);
    result.omitted += findings.omitted();
    BuildVerdict& build = result.builds[place];
    build.ran = parts[place].ran;
    if (verdict > build.verdict) {
      build.verdict = verdict;
      const auto decides = [&](const Finding& f) {
        return threshold.verdict_of(f.severity, is_no_verdict(f.id)) == verdict;
      };
      const auto first = std::ranges::find_if(findings.list(), decides);
      build.first = all.size() + static_cast<std::size_t>(first - findings.list().begin());
    }
    std::ranges::move(findings.list(), std::back_inserter(all));
  }
  result.findings = std::move(all);
}

void Inspection::keep_as_seed(const run::Trial& trial, const FileResult& result) const {
  if (office_.seeds.empty()) return;
  const auto passes = [](const BuildVerdict& build) { return build.verdict == Verdict::pass; };
  if (std::ranges::none_of(result.builds, passes)) return;
  const bytes::View bytes = trial.bytes();
  std::string reason;
  const std::string path = fmt::format("{}/{}", office_.seeds, *result.sha256);
  if (bytes::write_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, reason)) return;
  const std::lock_guard lock(office_.mutex);
  office_.seeds_problem = reason;
}

void Inspection::operator()(std::size_t number, const judge::Item& item, FileResult& result) {
  run::Trial trial(item.name, number, kLargestContent);
  judge::Item unusable = item;
  if (unusable.problem.empty()) {
    unusable.problem = trial.open() ? why_not(trial) : trial.reason();
    unusable.is_unreadable = true;
  }
  result.excerpts.clear();
  if (!unusable.problem.empty()) return judge_(unusable, result);

  judge_(item.name, trial.bytes(), result);
  std::vector<Part> parts;
  bool has_looked = false;
  for (std::size_t place = 0; place < result.builds.size(); ++place) {
    Part& part = parts.emplace_back(Part{Findings(office_.bench.limits.findings), {}});
    if (!office_.documents.policy().run) continue;
    run_on(trial, has_looked, place, result, part);
    // What the build is not to get need not be executed.
    if (result.builds[place].verdict == Verdict::pass) demand_execution(result.builds[place].build, item.name, part);
  }
  Findings beside(office_.bench.limits.findings);  // of no build in particular
  office_.first_uses.judge(number, trial.bytes(), result, beside);
  trial.look_for_change(beside, "");
  const Verdict verdict = office_.bench.threshold.verdict_of(beside.tally());
  merge(parts, result);
  keep_as_seed(trial, result);
  result.verdict = std::max(result.verdict, verdict);
  for (BuildVerdict& build : result.builds) {
    if (verdict <= build.verdict) continue;
    build.verdict = verdict;
    build.first = result.findings.size();
  }
  std::ranges::move(beside.list(), std::back_inserter(result.findings));
  if (!office_.wants_excerpts || result.findings.empty()) return;
  result.excerpts =
      judge::excerpts_of(&office_.documents.tree().program, office_.bench.limits, trial.bytes(), result.findings);
}

}  // namespace sluice::gate
