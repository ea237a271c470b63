#include "fuzz/engine/merge.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

#include "fuzz/engine/corpus.h"

namespace sluice::engine {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kMostRestarts = 1000;

std::atomic<bool> is_asked_to_end = false;

}  // namespace

int Merge::run() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action{};
    action.sa_handler = [](int) { is_asked_to_end = true; };
    ::sigaction(number, &action, nullptr);
  }
  const auto begun = std::chrono::steady_clock::now();
  std::error_code error;
  std::string work = (fs::temp_directory_path(error) / "sluice-fuzz-XXXXXX").string();
  bool is_good = !error && ::mkdtemp(work.data()) != nullptr;
  if (!is_good) problem_ = fmt::format("there is no folder for temporary files: {}", std::strerror(errno));
  is_good = is_good && list() && (files_.empty() || (start(work) && weigh()));
  if (is_good && !is_asked_to_end) {
    remove();
    measure();
  }
  const int code = finish(is_good, std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  oracles_.clear();
  fs::remove_all(work, error);
  return code;
}

bool Merge::list() {
  std::error_code error;
  for (fs::directory_iterator at(options_.corpus, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    std::error_code ignored;
    std::string name = at->path().filename().string();
    if (!is_corpus_name(name) || !at->is_regular_file(ignored)) continue;
    const std::uintmax_t size = at->file_size(ignored);
    if (!ignored) files_.push_back({size, std::move(name)});
  }
  if (error && error != std::errc::no_such_file_or_directory) problem_ = options_.corpus + ": " + error.message();
  std::ranges::sort(files_);
  return problem_.empty();
}

bool Merge::start(const fs::path& work) {
  for (const BuildOptions& build : options_.builds) {
    const fs::path folder = work / std::to_string(oracles_.size());
    std::error_code error;
    fs::create_directories(folder, error);
    auto oracle = JobOracle::start(options_, build, folder.string(), problem_, JobOracle::Task::weigh);
    if (oracle == nullptr) {
      problem_ = fmt::format("build {}: {}", build.name, problem_);
      return false;
    }
    oracles_.push_back(std::move(oracle));
    restarts_.push_back(oracles_.back()->restarts());
    took_.push_back(0);
    times_.emplace_back();
  }
  return true;
}

bool Merge::weigh() {
  std::vector<std::uint8_t> bytes;
  for (const File& file : files_) {
    if (is_asked_to_end) return true;
    std::string gone;
    // Somebody else may have removed it.
    if (!read_whole(fs::path(options_.corpus) / file.name, kMaxInput, bytes, gone) || bytes.empty()) continue;
    const bool is_kept = is_new(bytes);
    if (!problem_.empty()) return false;
    (is_kept ? kept_ : superfluous_).push_back(file.name);
    for (std::size_t i = 0; is_kept && i < times_.size(); ++i) {
      if (took_[i] != 0) times_[i].all.add(file.name, took_[i]);
    }
  }
  return true;
}

// All builds at once: each has a process of its own.
bool Merge::is_new(const std::vector<std::uint8_t>& bytes) {
  for (const auto& oracle : oracles_) oracle->ask(bytes, false);
  ++executions_;
  bool found = false;
  for (std::size_t i = 0; i < oracles_.size(); ++i) {
    JobOracle& oracle = *oracles_[i];
    const Observation observation = oracle.answer();
    found = observation.is_new || found;
    took_[i] = observation.nanoseconds;
    if (!oracle.problem().empty()) problem_ = fmt::format("build {}: {}", options_.builds[i].name, oracle.problem());
    if (oracle.restarts() == restarts_[i]) continue;
    if (oracle.restarts() > kMostRestarts) {
      problem_ = fmt::format("build {}: the target ended {} times", options_.builds[i].name, kMostRestarts);
    }
    if (problem_.empty() && !remember(oracle)) problem_ = "the target cannot be started again";
    restarts_[i] = oracle.restarts();
  }
  return found;
}

// A target that did not come back has forgotten what others came to.
bool Merge::remember(JobOracle& oracle) {
  std::vector<std::uint8_t> bytes;
  for (const std::string& name : kept_) {
    std::string gone;
    if (!read_whole(fs::path(options_.corpus) / name, kMaxInput, bytes, gone) || bytes.empty()) continue;
    oracle.ask(bytes, false);
    (void)oracle.answer();
    if (!oracle.problem().empty()) return false;
  }
  return true;
}

void Merge::remove() {
  for (const std::string& name : superfluous_) ::unlink((fs::path(options_.corpus) / name).c_str());
}

// What one measurement says may be the doing of whatever else the machine was at: the least of several counts.
void Merge::measure() {
  for (std::size_t i = 0; i < oracles_.size(); ++i) {
    for (Slowest::Timed one : times_[i].all.candidates()) {
      constexpr int kTimes = 3;
      for (int k = 0; k < kTimes && !is_asked_to_end; ++k) {
        const std::uint64_t again = measure_again(*oracles_[i], one);
        if (again != 0) one.nanoseconds = std::min(one.nanoseconds, again);
      }
      times_[i].slowest.push_back(std::move(one));
    }
    sort_slowest(times_[i].slowest);
    if (times_[i].slowest.size() > Slowest::kMost) times_[i].slowest.resize(Slowest::kMost);
  }
}

std::uint64_t Merge::measure_again(JobOracle& oracle, const Slowest::Timed& one) {
  std::vector<std::uint8_t> bytes;
  std::string gone;
  if (!read_whole(fs::path(options_.corpus) / one.name, kMaxInput, bytes, gone) || bytes.empty()) return 0;
  oracle.ask(bytes, false);
  return oracle.answer().nanoseconds;
}

int Merge::finish(bool is_good, double seconds) {
  const bool is_interrupted = is_asked_to_end;
  std::uint64_t reached = 0;
  for (const auto& oracle : oracles_) reached += oracle->num_seen();
  nlohmann::ordered_json summary = {{"version", 1}, {"verdict", is_good ? "PASS" : "NO VERDICT"}};
  if (!is_good) summary["problem"] = problem_;
  summary["interrupted"] = is_interrupted;
  for (const BuildOptions& build : options_.builds) summary["builds"].push_back(build.name);
  summary["executions"] = executions_;
  summary["seconds"] = seconds;
  summary["corpus"] = {{"seeds", kept_.size()}, {"new", 0}};
  summary["merged"] = {{"files", files_.size()}, {"kept", kept_.size()}, {"reached", reached}};
  summary["slowest"] = nlohmann::ordered_json::array();
  constexpr std::uint64_t kThousand = 1000;
  for (std::size_t i = 0; i < times_.size(); ++i) {
    auto& build = summary["slowest"].emplace_back();
    build = {{"build", options_.builds[i].name}, {"usual_microseconds", times_[i].all.usual() / kThousand}};
    build["files"] = nlohmann::ordered_json::array();
    for (const Slowest::Timed& one : times_[i].slowest) {
      build["files"].push_back({{"name", one.name}, {"microseconds", one.nanoseconds / kThousand}});
    }
  }
  const std::string text = summary.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  std::string problem;
  if (!options_.summary.empty() &&
      !write_whole(options_.summary, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, problem)) {
    fmt::print(stderr, "sluice fuzz: {}\n", problem);
    return 2;
  }
  if (!is_good) fmt::print(stderr, "sluice fuzz: {}\n", problem_);
  return is_good ? 0 : 2;
}

}  // namespace sluice::engine
