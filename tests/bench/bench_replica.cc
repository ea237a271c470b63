// What running costs: the reference sensor in the worker, against the same sensor called in a loop without any care.
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/bench/bench.h"
#include "tests/bench/content.h"
#include "tests/bench/measure.h"
#include "validator/run/worker.h"

namespace sluice::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kEvents = 1'000;
constexpr int kFiles = 1'000;
constexpr int kBuilds = 4;

struct Work {
  Bytes content;
  run::Values values;
  std::vector<run::Event> events;
};

// A file of corpus/channel.
Bytes corpus_file(const Setting& setting, const std::string& name) {
  const std::string script = std::string(SLUICE_SOURCE) + "/corpus/channel/generate.py";
  require(run_program({"python3", script, setting.folder, name}).exit_code == 0, script + " does not run");
  return read_file(setting.folder + "/" + name + ".bin");
}

// Process and file events, half of each, as a machine makes them: few match, texts are of 40 characters.
Work make_work(const Setting& setting) {
  Work work{.content = corpus_file(setting, "good_mixed"), .values = {}, .events = {}};
  const auto text = [&](int k) {
    return work.values.add(run::utf16_value(fmt::format("C:\\Windows\\System32\\program-{:08}.exe  ", k % 50)));
  };
  const auto number = [&](run::InputKind kind, int k) { return work.values.add(run::number_value(kind, 12'000 + k)); };
  const std::uint32_t hash = work.values.add({run::InputKind::bytes, std::string(20, '\xA0')});
  for (int k = 0; k < kEvents; ++k) {
    run::Event event{.type = k % 2 == 0 ? 1u : 2u, .inputs = {}};
    const int texts = event.type == 1 ? 5 : 4;
    const int inputs = event.type == 1 ? 12 : 8;
    for (int input = 0; input < inputs; ++input) {
      const bool is_wide = input == 11 || (event.type == 2 && input == 7);
      event.inputs.push_back(input < texts    ? text(k + input)
                             : input == texts ? hash
                                              : number(is_wide ? run::InputKind::u64 : run::InputKind::u32, k % 20));
    }
    work.events.push_back(std::move(event));
  }
  return work;
}

// What a program says, a number.
double number_of(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  double value = 0;
  const bool good = pipe != nullptr && std::fscanf(pipe, "%lf", &value) == 1;
  require(pipe != nullptr && ::pclose(pipe) == 0 && good, command + " fails");
  return value;
}

struct Pace {
  double direct = 1e9;  // seconds for one content file with all events
  double worker = 1e9;
  double oracles = 1e9;  // with both poisons and leaks
};

Pace race_worker(const Setting& setting, const Work& work, const std::string& target, const std::string& loop) {
  const std::string content = setting.folder + "/good_mixed.bin";
  const std::string events = setting.folder + "/events.bin";
  std::ofstream(events, std::ios::binary) << run::encode(work.events, work.values);
  const std::string folder = std::filesystem::path(setting.sluice).parent_path().string();
  std::string problem;
  const auto worker = run::Worker::start({.program = folder + "/sluice-run", .budgets = {}},
                                         run::TargetFiles{.path = target, .image = {}}, problem);
  require(worker != nullptr && !worker->hello().fault, "the worker does not start: " + problem);
  const run::Content given{.bytes = work.content, .name = "good_mixed", .supplies = {{1, 12}, {2, 8}}};
  const auto timed = [&](const run::RunOptions& options) {
    const auto begin = Clock::now();
    const auto answer = worker->run(given, work.events, work.values, options, problem);
    const double took = std::chrono::duration<double>(Clock::now() - begin).count();
    require(answer && !answer->fault && answer->results.size() == kEvents, "the worker does not evaluate: " + problem);
    return took;
  };
  Pace pace;
  const std::string direct = fmt::format("{} {} {} {} 50", loop, target, content, events);
  for (int round = 0; round < setting.rounds; ++round) {
    pace.direct = std::min(pace.direct, number_of(direct));
    for (int k = 0; k < 50; ++k) {
      pace.worker = std::min(pace.worker, timed({.trace = false, .poisons = 1, .leaks = false}));
      pace.oracles = std::min(pace.oracles, timed({.trace = false, .poisons = 2, .leaks = true}));
    }
  }
  return pace;
}

void print_pace(std::string_view name, const Pace& pace) {
  const auto rate = [](double seconds) { return kEvents / seconds / 1e6; };
  fmt::print(
      "  {:<22} direct loop {:6.2f} M events/s ({:.3f} ms), worker {:6.2f}, with both poisons and leaks {:6.2f}\n",
      name, rate(pace.direct), pace.direct * 1e3, rate(pace.worker), rate(pace.oracles));
}

// Bytes that a process and its children hold; pages that several share count once.
std::uint64_t held_by(pid_t process) {
  std::uint64_t kib = 0;
  const std::string folder = fmt::format("/proc/{}", process);
  std::ifstream rollup(folder + "/smaps_rollup");
  for (std::string word; rollup >> word;) {
    if (word == "Pss:") {
      rollup >> kib;
      break;
    }
  }
  std::uint64_t bytes = kib << 10;
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(folder + "/task", gone)) {
    std::ifstream children(task.path() / "children");
    for (pid_t child = 0; children >> child;) bytes += held_by(child);
  }
  return bytes;
}

struct Campaign {
  double wall = 0;
  double processor = 0;
  std::uint64_t memory = 0;  // of sluice and all that it starts, together, at the most that was seen
};

Campaign run_all(const std::vector<std::string>& command) {
  const auto begin = Clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    (void)!std::freopen("/dev/null", "w", stdout);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  Campaign campaign;
  int status = 0;
  rusage usage{};
  while (::wait4(child, &status, WNOHANG, &usage) == 0) {
    campaign.memory = std::max(campaign.memory, held_by(child));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  require(status == 0, command[0] + " run finds something in the good files");
  campaign.wall = std::chrono::duration<double>(Clock::now() - begin).count();
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  campaign.processor = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  return campaign;
}

}  // namespace

void bench_replica(const Setting& setting) {
  run::ignore_broken_pipes();
  const Work work = make_work(setting);
  const std::string folder = std::filesystem::path(setting.sluice).parent_path().string();
  const Pace plain = race_worker(setting, work, folder + "/sensor/plain/7.12.so", folder + "/direct_loop");
  print_pace("without sanitizers", plain);
  const Pace sanitized = race_worker(setting, work, folder + "/sensor/7.12.so", folder + "/direct_loop-asan");
  print_pace("ASan and UBSan", sanitized);
  print_target("without sanitizers: the worker beyond the direct loop", 100 * (plain.worker / plain.direct - 1), "%",
               10, true);
  print_target("ASan and UBSan: the worker beyond the direct loop", 100 * (sanitized.worker / sanitized.direct - 1),
               "%", 10, true);
}

void bench_runs(const Setting& setting) {
  const std::string folder = setting.folder + "/content";
  std::filesystem::create_directory(folder);
  const Bytes content = corpus_file(setting, "good_mixed");
  for (int k = 0; k < kFiles; ++k) write_file(fmt::format("{}/{:04}.bin", folder, k), content);
  const Campaign campaign = run_all({setting.sluice, "run", folder});
  const double cores = std::thread::hardware_concurrency();
  fmt::print("  {} files x {} builds: {:.1f} s, {:.1f} ms a file and build; {:.2f} of {} cores\n", kFiles, kBuilds,
             campaign.wall, campaign.wall / (kFiles * kBuilds) * 1e3, campaign.processor / campaign.wall, cores);
  print_target("memory of all processes together", static_cast<double>(campaign.memory) / (1 << 20), "MiB", 200, true);
}

}  // namespace sluice::bench
