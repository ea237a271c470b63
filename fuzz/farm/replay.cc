#include "fuzz/farm/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "validator/finding/finding.h"
#include "validator/members/members.h"
#include "validator/run/process.h"

namespace sluice::farm {

namespace {

using members::list;
using members::text;
using nlohmann::json;

constexpr std::size_t kAtOnce = 100;
constexpr std::size_t kLargestReport = 64u << 20;

bool is_meant(FindingId id, FoundFile::Kind kind) {
  if (kind == FoundFile::Kind::refusal) return id == FindingId::content_refused || id == FindingId::evaluation_refused;
  if (kind == FoundFile::Kind::drift) return id == FindingId::drift;
  return id >= FindingId::read_outside && id < FindingId::import_missing;
}

Replayed judge(const json& file, FoundFile::Kind kind) {
  for (const json& finding : list(file, "findings")) {
    const auto id = finding_by_code(text(finding, "id"));
    if (id && is_meant(*id, kind)) return Replayed::shows;
  }
  const std::string verdict = text(file, "verdict");
  return verdict == "PASS" || verdict == "FAIL" ? Replayed::silent : Replayed::undecided;
}

std::vector<std::string> command(const run::CampaignOptions& campaign) {
  std::vector<std::string> words = {run::program_beside("SLUICE", "sluice"),
                                    "run",
                                    "--format",
                                    "json",
                                    "--driver",
                                    campaign.driver,
                                    "--schema",
                                    campaign.schema};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {name, value});
  };
  add("--rules", campaign.rules);
  add("--builds", campaign.builds_folder);
  for (const std::string& folder : campaign.include) add("--include", folder);
  add("--build", campaign.builds.front().facts.name);
  return words;
}

// Adds file name -> what it came to.
bool ask(std::vector<std::string> words, const std::vector<std::string>& files, std::map<std::string, json>& answers,
         std::string& problem) {
  words.push_back("--");
  words.insert(words.end(), files.begin(), files.end());
  run::Process process;
  if (!process.start(words, problem)) return false;
  std::string out;
  const auto take = [&](std::string_view piece) {
    out += piece;
    return out.size() > kLargestReport ? run::Process::Took::enough : run::Process::Took::more;
  };
  constexpr std::chrono::hours kPatience{1};
  const auto talk = process.talk({}, take, kPatience);
  const std::string end = process.stop();
  const json report = json::parse(out, nullptr, /*allow_exceptions=*/false);
  if (talk != run::Process::Talk::ended || !report.is_object()) {
    problem = fmt::format("sluice run ended with {} and no report: {}", end,
                          printable(process.complaint(), 300, Quotes::keep));
    return false;
  }
  for (const json& file : list(report, "files")) answers[text(file, "file")] = file;
  return true;
}

}  // namespace

std::vector<Replayed> replay(const run::CampaignOptions& campaign, const std::string& folder,
                             const std::vector<FoundFile>& found, std::string& problem) {
  std::vector<Replayed> results(found.size(), Replayed::undecided);
  const std::vector<std::string> words = command(campaign);
  for (std::size_t begin = 0; begin < found.size(); begin += kAtOnce) {
    const std::size_t end = std::min(found.size(), begin + kAtOnce);
    std::vector<std::string> files;
    for (std::size_t i = begin; i < end; ++i) files.push_back(content_of(folder, found[i].identity));
    std::map<std::string, json> answers;
    if (!ask(words, files, answers, problem)) continue;
    for (std::size_t i = begin; i < end; ++i) {
      const auto answer = answers.find(files[i - begin]);
      if (answer != answers.end()) results[i] = judge(answer->second, found[i].kind);
    }
  }
  return results;
}

bool was_shown(const std::string& folder, const FoundFile& one) {
  const json report = members::read_file(fmt::format("{}/{}.report.json", folder, one.identity), kLargestReport);
  return std::ranges::any_of(list(report, "files"),
                             [&](const json& of) { return judge(of, one.kind) == Replayed::shows; });
}

}  // namespace sluice::farm
