#include "fuzz/engine/merge.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <thread>

#include "fuzz/engine/corpus.h"

namespace sluice::engine {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostThreads = 8;

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
    is_good = measure();
  }
  const int code = finish(is_good, std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  weighers_.clear();
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
  folder_ = ::open(options_.corpus.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  std::ranges::sort(files_);
  return problem_.empty();
}

bool Merge::start(const fs::path& work) {
  for (const BuildOptions& build : options_.builds) {
    const fs::path folder = work / std::to_string(weighers_.size());
    std::error_code error;
    fs::create_directories(folder, error);
    auto weigher = std::make_unique<Weigher>(options_, build, folder.string(), folder_, is_asked_to_end);
    if (!weigher->start()) {
      problem_ = weigher->problem();
      return false;
    }
    weighers_.push_back(std::move(weigher));
    times_.emplace_back();
  }
  return true;
}

// All builds at once: each has a process of its own. While they run a batch the next is read.
bool Merge::weigh() {
  Batch batch;
  Batch next;
  for (fill(batch); !batch.inputs().empty(); std::swap(batch, next)) {
    for (const auto& weigher : weighers_) weigher->begin(batch);
    fill(next);
    if (!end(batch)) return problem_.empty();
  }
  return true;
}

void Merge::fill(Batch& batch) {
  batch.clear();
  while (num_read_ < files_.size() && batch.take(folder_, files_[num_read_].name, files_[num_read_].size)) ++num_read_;
  // What comes next is on its way from the disk when it is asked for.
  const std::size_t until = std::min(files_.size(), num_read_ + kMostWeighed);
  for (num_called_ = std::max(num_called_, num_read_); num_called_ < until; ++num_called_) {
    call_for(folder_, files_[num_called_].name);
  }
}

bool Merge::end(const Batch& batch) {
  for (const auto& weigher : weighers_) {
    if (weigher->end()) continue;
    problem_ = weigher->problem();
    return false;
  }
  for (std::size_t i = 0; i < batch.inputs().size(); ++i) {
    const bool is_kept = std::ranges::any_of(weighers_, [&](const auto& weigher) { return weigher->is_new(i); });
    const std::string& name = batch.inputs()[i].name;
    (is_kept ? kept_ : superfluous_).push_back(name);
    for (std::size_t k = 0; is_kept && k < weighers_.size(); ++k) times_[k].add(name, weighers_[k]->nanoseconds(i));
  }
  return true;
}

// Several at a time: where a file's blocks are given back to the disk at once, each waits for that.
void Merge::remove() {
  std::atomic<std::size_t> at = 0;
  std::vector<std::jthread> threads(std::min(kMostThreads, superfluous_.size()));
  for (std::jthread& thread : threads) {
    thread = std::jthread([&] {
      for (std::size_t i = at++; i < superfluous_.size() && !is_asked_to_end; i = at++) {
        ::unlinkat(folder_, superfluous_[i].c_str(), 0);
      }
    });
  }
}

// What one measurement says may be the doing of whatever else the machine was at: the least of several counts. False
// with a problem: a target could not be run again.
bool Merge::measure() {
  constexpr int kTimes = 3;
  for (std::size_t k = 0; k < weighers_.size() && !is_asked_to_end; ++k) {
    Batch batch;
    for (const std::string& name : times_[k].candidates()) {
      const auto file = std::ranges::find(files_, name, &File::name);
      if (!batch.take(folder_, name, file->size)) break;
    }
    for (int i = 0; i < kTimes && !batch.inputs().empty() && !is_asked_to_end; ++i) {
      weighers_[k]->begin(batch);
      if (!weighers_[k]->end()) {
        problem_ = weighers_[k]->problem();
        return problem_.empty();
      }
      for (std::size_t n = 0; n < batch.inputs().size(); ++n) {
        times_[k].add(batch.inputs()[n].name, weighers_[k]->nanoseconds(n));
      }
    }
  }
  return true;
}

Merge::~Merge() {
  if (folder_ >= 0) ::close(folder_);
}

int Merge::finish(bool is_good, double seconds) {
  const bool is_interrupted = is_asked_to_end;
  std::uint64_t reached = 0;
  for (const auto& weigher : weighers_) reached += weigher->num_seen();
  nlohmann::ordered_json summary = {{"version", 1}, {"verdict", is_good ? "PASS" : "NO VERDICT"}};
  if (!is_good) summary["problem"] = problem_;
  summary["interrupted"] = is_interrupted;
  for (const BuildOptions& build : options_.builds) summary["builds"].push_back(build.name);
  summary["executions"] = kept_.size() + superfluous_.size();
  summary["seconds"] = seconds;
  summary["corpus"] = {{"seeds", kept_.size()}, {"new", 0}};
  summary["merged"] = {{"files", files_.size()}, {"kept", kept_.size()}, {"reached", reached}};
  summary["slowest"] = nlohmann::ordered_json::array();
  constexpr std::uint64_t kThousand = 1000;
  for (std::size_t k = 0; k < times_.size(); ++k) {
    auto& build = summary["slowest"].emplace_back();
    build = {{"build", options_.builds[k].name}, {"usual_microseconds", times_[k].usual() / kThousand}};
    build["files"] = nlohmann::ordered_json::array();
    for (const Slowest::Timed& one : times_[k].slowest()) {
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
