#include "validator/run/campaign.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "validator/bytes/content_file.h"
#include "validator/members/members.h"

namespace sluice::run {

namespace {

using members::is_true;
using members::list;
using members::number;
using members::object;
using members::text;
using nlohmann::json;

constexpr std::size_t kLargestSummary = 16u << 20;
constexpr std::size_t kMostFaults = 10'000;
constexpr std::size_t kMostSlow = 10'000;

// Every type that the build supplies inputs for: `1:12,3:20`.
std::string supplies_of(const program::BuildFacts& facts) {
  std::string text;
  for (const auto& [type, count] : facts.supplies) {
    if (type < 0 || type > UINT32_MAX || count < 0 || count > UINT32_MAX) continue;
    text += fmt::format("{}{}:{}", text.empty() ? "" : ",", static_cast<std::uint64_t>(type),
                        static_cast<std::uint64_t>(count));
  }
  return text;
}

void read_faults(const json& root, CampaignSummary& summary) {
  for (const json& fault : list(root, "faults")) {
    if (!fault.is_object() || summary.faults.size() == kMostFaults) return;
    summary.faults.push_back({.identity = text(fault, "identity"),
                              .text = text(fault, "fault"),
                              .file = text(fault, "file"),
                              .first_execution = number(fault, "first_execution"),
                              .is_escape = is_true(fault, "escape"),
                              .was_known = is_true(fault, "known_before")});
  }
}

void read_slowest(const json& root, CampaignSummary& summary) {
  for (const json& build : list(root, "slowest")) {
    if (!build.is_object()) continue;
    for (const json& file : list(build, "files")) {
      if (!file.is_object() || summary.slowest.size() == kMostSlow) continue;
      summary.slowest.push_back({.build = text(build, "build"),
                                 .name = text(file, "name"),
                                 .microseconds = number(file, "microseconds"),
                                 .usual = number(build, "usual_microseconds")});
    }
  }
}

void read_operators(const json& root, CampaignSummary& summary) {
  const json& builds = list(root, "operators");
  if (builds.empty() || !builds.front().is_object()) return;
  const json& operators = builds.front();
  summary.operators_not_told = text(operators, "not_told");
  summary.expressible = number(operators, "expressible");
  summary.executed = number(operators, "executed");
  summary.dark_left_out = number(operators, "dark_left_out");
  for (const json& dark : list(operators, "dark")) {
    if (dark.is_object()) summary.dark.push_back(text(dark, "text"));
  }
}

}  // namespace

std::uint64_t seconds_of(std::string_view text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  const std::string_view unit = digits == std::string_view::npos ? "s" : text.substr(digits);
  const std::string number(text.substr(0, digits));
  constexpr std::size_t kMostDigits = 6;
  if (number.empty() || number.size() > kMostDigits) return 0;
  const std::uint64_t factor = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  return std::min<std::uint64_t>(std::stoull(number) * factor, 100'000'000);
}

std::vector<std::string> words_of(const CampaignOptions& options) {
  std::vector<std::string> words = {"--sluice=" + folder_of_this_program() + "/sluice",
                                    "--driver=" + options.driver,
                                    "--schema=" + options.schema,
                                    "--corpus=" + options.corpus,
                                    "--faults=" + options.faults,
                                    "--property=" + options.property};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) words.push_back(fmt::format("{}={}", name, value));
  };
  const auto add_number = [&](const char* name, std::uint64_t value) {
    if (value != 0) words.push_back(fmt::format("{}={}", name, value));
  };
  add("--rules", options.rules);
  add("--builds", options.builds_folder);
  for (const std::string& folder : options.include) add("--include", folder);
  for (const std::string& seeds : options.seeds) add("--seeds", seeds);
  add("--summary", options.summary);
  add_number("--time", options.seconds);
  add_number("--runs", options.runs);
  add_number("--jobs", options.jobs);
  add_number("--max-faults", options.max_faults);
  add_number("--inputs-per-fault", options.inputs_per_fault);
  words.push_back(fmt::format("--seed={}", options.seed));
  add_number("--max-len", options.max_len);
  add_number("--skip-deterministic", options.skips_stage ? 1 : 0);
  add_number("--timeout-ms", options.timeout_ms);
  add_number("--merge", options.merges ? 1 : 0);
  add_number("--tell-every", options.tells_often ? 1 : 0);
  for (const CampaignBuild& build : options.builds) {
    add("--build", build.facts.name);
    add("--target", build.target.path);
    add("--image", build.target.image);
    add("--supplies", supplies_of(build.facts));
  }
  return words;
}

std::optional<CampaignSummary> parse_summary(std::string_view text_of_json, std::string& problem) {
  const json root = json::parse(text_of_json, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object() || number(root, "version") != 1) {
    problem = "the summary is not one that this sluice knows";
    return std::nullopt;
  }
  CampaignSummary summary;
  const std::string verdict = text(root, "verdict");
  summary.problem = text(root, "problem");
  if (verdict != "PASS" && verdict != "FAIL" && summary.problem.empty()) summary.problem = "it has no verdict";
  summary.was_interrupted = is_true(root, "interrupted");
  summary.is_running = is_true(root, "running");
  summary.executions = number(root, "executions");
  const auto seconds = root.find("seconds");
  if (seconds != root.end() && seconds->is_number()) summary.seconds = std::max(0.0, seconds->get<double>());
  summary.accepted = number(root, "accepted");
  summary.faulted = number(root, "faulted");
  summary.last_new = number(root, "last_new_execution");
  const json& corpus = object(root, "corpus");
  summary.corpus_new = std::min<std::uint64_t>(number(corpus, "new"), UINT32_MAX);
  summary.corpus = std::min<std::uint64_t>(number(corpus, "seeds"), UINT32_MAX) + summary.corpus_new;
  summary.restarts = number(root, "restarts");
  const json& blocks = object(root, "blocks");
  summary.blocks_of_seeds = number(blocks, "seeds");
  summary.blocks_covered = number(blocks, "covered");
  summary.blocks_reachable = number(blocks, "reachable");
  summary.blocks = number(blocks, "all");
  for (const json& point : list(root, "progress")) {
    if (!point.is_object()) continue;
    summary.progress.push_back({number(point, "executions"), number(point, "blocks"), number(point, "corpus")});
  }
  read_operators(root, summary);
  read_faults(root, summary);
  read_slowest(root, summary);
  if (summary.faults.empty() && verdict == "FAIL") summary.problem = "it failed and names no fault";
  return summary;
}

std::optional<CampaignSummary> read_summary(const std::string& path, std::string& problem) {
  bytes::ContentFile file;
  if (!file.open(path) || file.bytes().size() > kLargestSummary) {
    problem = "there is no summary";
    return std::nullopt;
  }
  const auto bytes = file.bytes();
  return parse_summary({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, problem);
}

bool Campaign::start(const std::string& program, const CampaignOptions& options, std::string& problem) {
  std::vector<std::string> words = words_of(options);
  words.insert(words.begin(), program);
  words.push_back(fmt::format("--parent={}", ::getpid()));
  summary_ = options.summary;
  (void)::unlink(summary_.c_str());
  return process_.start(words, problem);
}

bool Campaign::has_ended(std::chrono::milliseconds patience) {
  const auto take = [](std::string_view) { return Process::Took::more; };
  return process_.talk({}, take, patience) == Process::Talk::ended;
}

std::optional<CampaignSummary> Campaign::finish(std::string& problem) {
  const std::string end = process_.stop();
  std::string reason;
  auto summary = read_summary(summary_, reason);
  if (summary && !summary->is_running) return summary;
  problem = fmt::format("sluice-fuzz ended with {} and {}: {}", end,
                        summary || reason == "there is no summary" ? "no summary" : reason,
                        printable(process_.complaint(), 300, Quotes::keep));
  return std::nullopt;
}

std::optional<CampaignSummary> run_campaign(const std::string& program, const CampaignOptions& options,
                                            std::string& problem) {
  Campaign campaign;
  if (!campaign.start(program, options, problem)) return std::nullopt;
  // Its own clocks bound it: a call that does not return is ended there.
  constexpr std::chrono::hours kLongest{24 * 30};
  (void)campaign.has_ended(kLongest);
  return campaign.finish(problem);
}

}  // namespace sluice::run
