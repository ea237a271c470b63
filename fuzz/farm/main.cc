// sluice-farm: fuzzes drivers every night (docs/farm.md). `sluice farm` starts it. It runs no code of a driver: it
// starts other programs of sluice, and writes down what they say.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <thread>

#include "fuzz/farm/night.h"
#include "fuzz/farm/status.h"
#include "validator/run/process.h"

namespace {

using namespace sluice;

constexpr int kTrouble = 2;

std::atomic<bool> is_asked_to_end = false;

struct Words {
  std::string document;
  std::string worker;
  bool is_status = false;
  farm::NightOptions night;
};

int fail(const std::string& why) {
  fmt::print(stderr, "sluice farm: {}\n", why);
  return kTrouble;
}

bool read(int argc, char** argv, Words& words) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view name = word.substr(0, equals);
    const std::string value(word.substr(equals + 1));
    if (name == "--farm") {
      words.document = value;
    } else if (name == "--worker") {
      words.worker = value;
    } else if (name == "--summary") {
      words.night.summary = value;
    } else if (name == "--html") {
      words.night.html = value;
    } else if (name == "--metrics") {
      words.night.metrics = value;
    } else if (name == "--status") {
      words.is_status = value == "1";
    } else {
      return false;
    }
  }
  return !words.document.empty();
}

// The machine's name, made one that files can have.
std::string name_of_machine() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "worker";
  std::string safe;
  constexpr std::size_t kLongest = 64;
  for (const char c : std::string_view(name.data()).substr(0, kLongest)) {
    safe += farm::is_safe_name(std::string("a") + c) ? c : '_';
  }
  return farm::is_safe_name(safe) ? safe : "worker";
}

int write_page(const farm::Farm& farm, const Words& words) {
  std::string problem;
  const farm::Status status(farm);
  const bool is_written = status.write_page(words.night.html, words.worker, name_of_machine(), problem);
  return is_written ? 0 : fail(problem);
}

int show_status(const farm::Farm& farm) {
  const bool is_live = ::isatty(STDOUT_FILENO) != 0;
  const farm::Status status(farm);
  do {
    std::string text;
    if (!status.tell(text)) return fail(text);
    if (is_live) fmt::print("\x1b[H\x1b[J");
    fmt::print("{}", text);
    std::fflush(stdout);
    constexpr int kSteps = 20;
    for (int i = 0; is_live && i < kSteps && !is_asked_to_end; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  } while (is_live && !is_asked_to_end);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Words words;
  if (!read(argc, argv, words)) return fail("`sluice farm` starts this program");
  std::vector<Finding> problems;
  auto farm = farm::load_farm(words.document, problems);
  for (const Finding& problem : problems) {
    const TextPlace place = problem.text.value_or(TextPlace{});
    fmt::print(stderr, "{}:{}:{}: {} {}\n{}", problem.file, place.line, place.column, code_of(problem.id),
               because(problem), problem.excerpt);
  }
  if (!farm) return kTrouble;
  if (farm->jobs == 0) farm->jobs = std::max(1u, std::thread::hardware_concurrency());
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action{};
    action.sa_handler = [](int) { is_asked_to_end = true; };
    ::sigaction(number, &action, nullptr);
  }
  run::ignore_broken_pipes();
  if (words.is_status) return words.night.html.empty() ? show_status(*farm) : write_page(*farm, words);
  if (words.worker.empty()) words.worker = name_of_machine();
  if (!farm::is_safe_name(words.worker)) return fail("--worker: " + words.worker + " cannot be the name of a file");
  const farm::Folders folders{.root = farm->folder, .worker = words.worker};
  farm::NightRun night(*farm, folders, words.night, [] { return is_asked_to_end.load(); });
  return static_cast<int>(night.run());
}
