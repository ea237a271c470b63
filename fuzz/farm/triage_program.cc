#include "fuzz/farm/triage_program.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <set>
#include <system_error>

#include "validator/finding/finding.h"
#include "validator/members/members.h"
#include "validator/run/process.h"

namespace sluice::farm {

namespace {

namespace fs = std::filesystem;
using members::is_true;
using members::list;
using members::text;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kLargestAnswer = 64u << 20;
constexpr std::chrono::seconds kToBegin{60};
constexpr std::chrono::seconds kForACase{10};

// `folder/IDENTITY.bin` -> `IDENTITY`
std::string identity_of(const std::string& file) { return fs::path(file).stem().string(); }

TriagedCase read_case(const json& from) {
  TriagedCase its{.identity = text(from, "identity"),
                  .sentence = text(from, "sentence"),
                  .guilty = {},
                  .suggestion = {},
                  .found = {}};
  for (const json& field : list(from, "fields")) {
    if (its.guilty.empty() && is_true(field, "guilty")) its.guilty = text(field, "path");
  }
  const auto suggestion = from.find("suggestion");
  if (suggestion != from.end()) {
    constexpr std::array<std::string_view, 3> kRules = {"contract", "rule", "valid"};
    if (std::ranges::find(kRules, text(*suggestion, "kind")) != kRules.end())
      its.suggestion = text(*suggestion, "text");
  }
  for (const json& file : list(from, "files")) {
    if (file.is_string()) its.found.push_back(identity_of(file.get<std::string>()));
  }
  return its;
}

bool make(const std::string& folder, std::string& problem) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) problem = fmt::format("{}: {}", folder, error.message());
  return !error;
}

bool copy(const std::string& from, const std::string& to, std::string& problem) {
  std::error_code error;
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  if (error) problem = fmt::format("{}: {}", from, error.message());
  return !error;
}

bool begin(const std::string& folder, std::string& problem) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return make(folder, problem);
}

bool copy_case(const fs::path& from, const std::string& to, std::string& problem) {
  if (!make(to, problem)) return false;
  for (const char* file : {"content.bin", "input.bin", "expected.json"}) {
    std::error_code none;
    if (fs::exists(from / file, none) && !copy((from / file).string(), to + "/" + file, problem)) return false;
  }
  return true;
}

// The cases in one state's folder, as they are now. What somebody moves meanwhile is left out here.
bool copy_cases(const std::string& from, const std::string& to, std::set<std::string>& names, std::string& problem) {
  std::error_code error;
  for (fs::directory_iterator at(from, error); !error && at != fs::directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::error_code none;
    if (name.starts_with('.') || !at->is_directory(none) || names.contains(name)) continue;
    const std::string folder = to + "/" + name;
    const bool is_copied = copy_case(at->path(), folder, problem);
    if (fs::exists(at->path(), none)) {
      if (!is_copied) return false;
      names.insert(name);
    } else {
      fs::remove_all(folder, none);
    }
  }
  if (!error || error == std::errc::no_such_file_or_directory) return true;
  problem = fmt::format("{}: {}", from, error.message());
  return false;
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm day{};
  ::gmtime_r(&now, &day);
  return fmt::format("{:04}-{:02}-{:02}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

}  // namespace

std::vector<std::string> TriageProgram::words_of(run::CampaignOptions campaign, const std::string& verb,
                                                 const std::string& folder, const std::string& crashes) const {
  campaign.corpus = crashes;
  campaign.faults = folder;
  campaign.summary.clear();
  campaign.property = "fault";
  campaign.jobs = jobs_;
  std::vector<std::string> words = run::words_of(campaign);
  words.insert(words.begin(), run::program_beside("SLUICE_TRIAGE", "sluice-triage"));
  words.insert(words.end(), {"--do=" + verb, "--format=json", "--output=" + answer_file(), "--today=" + today(),
                             fmt::format("--parent={}", ::getpid())});
  return words;
}

TriageProgram::End TriageProgram::run(const std::vector<std::string>& words, std::chrono::seconds limit,
                                      std::string& problem) {
  std::error_code ignored;
  fs::remove(answer_file(), ignored);
  run::Process process;
  if (!process.start(words, problem)) return End::failed;
  const auto deadline = Clock::now() + limit;
  const auto take = [](std::string_view) { return run::Process::Took::more; };
  const auto has_ended = [&] {
    return process.talk({}, take, std::chrono::milliseconds(100)) == run::Process::Talk::ended;
  };
  End end = End::done;
  while (!has_ended()) {
    const bool is_late = Clock::now() >= deadline;
    if (!is_late && !is_asked_to_end_()) continue;
    end = is_late ? End::late : End::asked;
    problem = is_late ? fmt::format("sluice triage was ended after {} s", limit.count()) : "it was asked to end";
    process.signal(SIGTERM);
    break;
  }
  const std::string how = process.stop();
  if (end != End::done) return end;
  if (how == "exit code 0" || how == "exit code 1") return End::done;
  problem = fmt::format("sluice triage ended with {}: {}", how, printable(process.complaint(), 300, Quotes::keep));
  return End::failed;
}

TriageProgram::End TriageProgram::triage(const run::CampaignOptions& campaign, const std::string& target,
                                         const std::vector<std::string>& found, const std::string& page,
                                         std::chrono::seconds limit, TriageAnswer& answer, std::string& problem) {
  const std::string folder = folders_.scratch() + "/found";
  if (!begin(folder, problem) || !make(folders_.crashes(target), problem)) return End::failed;
  for (const std::string& identity : found) {
    for (const char* file : {".bin", ".found.json"}) {
      const std::string name = "/" + identity + file;
      if (!copy(folders_.faults(target) + name, folder + name, problem)) return End::failed;
    }
  }
  const std::string html = folders_.root + "/" + page;
  if (!make(fs::path(html).parent_path().string(), problem)) return End::failed;
  std::vector<std::string> words = words_of(campaign, "triage", folder, folders_.crashes(target));
  words.push_back("--html=" + html);
  const End end = run(words, limit, problem);
  if (end != End::done) return end;
  const json report = members::read_file(answer_file(), kLargestAnswer);
  if (!text(report, "format_version").starts_with("1.")) {
    problem = "sluice triage left no report that this sluice knows";
    return End::failed;
  }
  for (const json& its : list(report, "cases")) {
    TriagedCase one = read_case(its);
    if (!one.identity.empty()) answer.cases.push_back(std::move(one));
  }
  for (const json& file : list(report, "not_triaged")) {
    answer.left_out.emplace_back(identity_of(text(file, "file")), text(file, "reason"));
  }
  return End::done;
}

// A case is new until a person has looked at it, and is run again all the same: here it is `open`.
TriageProgram::End TriageProgram::replay(const run::CampaignOptions& campaign, const std::string& target,
                                         std::map<std::string, CaseReplayed>& cases, std::string& problem) {
  const std::string from = folders_.crashes(target);
  const std::string to = folders_.scratch() + "/cases";
  std::set<std::string> names;
  if (!begin(to, problem)) return End::failed;
  for (const auto& [state, as] : {std::pair("new", "open"), {"open", "open"}, {"regression", "regression"}}) {
    if (!copy_cases(from + "/" + state, to + "/" + as, names, problem)) return End::failed;
  }
  if (names.empty()) return End::done;
  const auto limit = kToBegin + kForACase * static_cast<std::int64_t>(names.size());
  const End end = run(words_of(campaign, "replay", to, to), limit, problem);
  const json report = members::read_file(answer_file(), kLargestAnswer);
  if (!report.is_object()) return end == End::done ? End::failed : end;
  for (const json& its : list(report, "cases")) {
    using enum CaseReplayed::What;
    const std::string outcome = text(its, "outcome");
    const auto what = outcome == "open" || outcome == "returned" ? shows
                      : outcome == "gone"                        ? gone
                      : outcome == "fixed"                       ? fixed
                                                                 : cannot;
    cases[text(its, "identity")] = {what, text(its, "text")};
  }
  problem.clear();  // what could not be run is among the cases
  return End::done;
}

TriageProgram::End TriageProgram::call_fixed(const run::CampaignOptions& campaign, const std::string& target,
                                             const std::string& identity, std::string& problem) {
  const std::string crashes = folders_.crashes(target);
  std::vector<std::string> words = words_of(campaign, "fixed", crashes, crashes);
  words.push_back("--identity=" + identity);
  return run(words, kToBegin + kForACase, problem);
}

}  // namespace sluice::farm
