#include "fuzz/engine/drift.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "fuzz/engine/sluice_run.h"

namespace sluice::engine {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kAtOnce = 200;  // files: a command line has an end

using Fits = int (*)(int);

// "instances[3].criteria[20].input" -> "-instances-criteria-input", of letters; empty: there are none.
std::string word_of(std::string_view text, Fits fits) {
  std::string word;
  bool is_apart = true;
  for (const char c : text) {
    const bool is_in = fits(static_cast<unsigned char>(c)) != 0 || c == '_';
    if (is_in && is_apart) word += '-';
    if (is_in) word += c;
    is_apart = !is_in;
  }
  return word;
}

void gather(const nlohmann::json& report, std::vector<Drift>& found) {
  for (const auto& file : report.at("files")) {
    for (const auto& finding : file.at("findings")) {
      if (finding.at("name") != "drift") continue;
      const auto& what = finding.at("parameters");
      const bool is_load = what.at("what") == "load";
      // Errors of load are few. What an evaluation returns, and in which element, is another each time.
      const std::string word =
          is_load ? "load" + word_of(what.at("image").get<std::string>() + " " + what.at("replica").get<std::string>(),
                                     std::isalnum)
                  : "evaluation" + word_of(finding.at("path").get<std::string>(), std::isalpha);
      found.push_back(
          {.file = finding.at("file"), .build = finding.at("build"), .place = word, .sentence = finding.at("because")});
    }
  }
}

}  // namespace

bool find_drift(const Options& options, const std::vector<fs::path>& files, const fs::path& work,
                std::vector<Drift>& found, std::string& problem) {
  const fs::path output = work / "drift.json";
  SluiceRun run{.files = {}, .builds = {}, .format = "json", .output = output.string()};
  for (const BuildOptions& build : options.builds) run.builds.push_back(build.name);
  for (std::size_t at = 0; at < files.size(); at += kAtOnce) {
    run.files.clear();
    std::error_code error;
    for (std::size_t i = at; i < std::min(at + kAtOnce, files.size()); ++i) {
      if (fs::exists(files[i], error)) run.files.push_back(files[i].string());
    }
    if (run.files.empty()) continue;
    fs::remove(output, error);
    const bool is_run = run_sluice(options, run);
    std::ifstream text(output);
    const auto report = nlohmann::json::parse(text, nullptr, false);
    if (!is_run || report.is_discarded()) {
      problem = "`sluice run` cannot compare the driver with its replica";
      return false;
    }
    gather(report, found);
  }
  return true;
}

}  // namespace sluice::engine
