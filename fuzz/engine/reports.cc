#include "fuzz/engine/reports.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "fuzz/engine/corpus.h"
#include "fuzz/engine/sluice_run.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::engine {

namespace fs = std::filesystem;

namespace {

std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Of the first finding that has one.
std::string field_in(const fs::path& report) {
  std::vector<std::uint8_t> bytes;
  std::string problem;
  constexpr std::uint64_t kMost = 16u << 20;
  if (!read_whole(report.string(), kMost, bytes, problem)) return {};
  const auto json = nlohmann::json::parse(bytes, nullptr, false);
  const nlohmann::json none = nlohmann::json::array();
  const auto list = [&](const nlohmann::json& in, const char* key) -> const nlohmann::json& {
    return in.is_object() && in.contains(key) && in[key].is_array() ? in[key] : none;
  };
  for (const auto& file : list(json, "files")) {
    for (const auto& finding : list(file, "findings")) {
      const auto path = finding.is_object() ? finding.find("path") : finding.end();
      if (finding.is_object() && path != finding.end() && path->is_string() && *path != "") return *path;
    }
  }
  return {};
}

}  // namespace

bool Reports::open(std::string& problem) { return make_folder(options_.faults, problem); }

const Known* Reports::add(Known known, std::span<const std::uint8_t> input, std::string_view recipe,
                          const FindBlame& find_blame, bool& good, std::string& problem) {
  good = true;
  if (std::ranges::find(all_, known.identity, &Known::identity) != all_.end()) return nullptr;
  const fs::path folder = options_.faults;
  known.file = (folder / (known.identity + ".bin")).string();
  std::error_code error;
  known.was_there = fs::exists(known.file, error);
  if (!known.was_there) {
    const nlohmann::ordered_json about = {
        {"identity", known.identity}, {"build", known.build},    {"escape", known.is_escape},
        {"drift", known.is_drift},    {"fault", known.sentence}, {"execution", known.execution},
        {"job", known.job},           {"seed", options_.seed},   {"recipe", recipe}};
    const std::string text = about.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    good = write_whole(known.file, input, problem) &&
           write_whole(folder / (known.identity + ".found.json"), as_bytes(text), problem);
    if (good) write_report(known, input, find_blame);
  }
  known.field = field_in(folder / (known.identity + ".report.json"));
  all_.push_back(std::move(known));
  return &all_.back();
}

// The worker's report is told of content alone, of which it finds the events itself.
void Reports::write_report(const Known& known, std::span<const std::uint8_t> input, const FindBlame& find_blame) const {
  if (options_.sluice.empty()) return;
  const fs::path base = fs::path(options_.faults) / known.identity;
  std::string content = known.file;
  std::string problem;
  if (const auto container = bytes::read_fuzz_input(input)) {
    content = base.string() + ".content.bin";
    if (!write_whole(content, container->content, problem)) return;
  }
  std::string blame;
  const auto report = [&](const char* format, const char* end) {
    (void)run_sluice(
        options_,
        {.files = {content}, .builds = {known.build}, .format = format, .output = base.string() + end, .blame = blame});
  };
  report("json", ".report.json");
  if (find_blame && field_in(base.string() + ".report.json").empty()) {
    blame = find_blame();
    if (!blame.empty()) report("json", ".report.json");
  }
  report("text", ".report.txt");
}

}  // namespace sluice::engine
