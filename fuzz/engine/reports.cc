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

}  // namespace

bool Reports::open(std::string& problem) { return make_folder(options_.faults, problem); }

const Known* Reports::add(Known known, std::span<const std::uint8_t> input, std::string_view recipe, bool& good,
                          std::string& problem) {
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
    if (good) write_report(known, input);
  }
  all_.push_back(std::move(known));
  return &all_.back();
}

// The worker's report is told of content alone, of which it finds the events itself.
void Reports::write_report(const Known& known, std::span<const std::uint8_t> input) const {
  if (options_.sluice.empty()) return;
  const fs::path base = fs::path(options_.faults) / known.identity;
  std::string content = known.file;
  std::string problem;
  if (const auto container = bytes::read_fuzz_input(input)) {
    content = base.string() + ".content.bin";
    if (!write_whole(content, container->content, problem)) return;
  }
  const auto report = [&](const char* format, const char* end) {
    (void)run_sluice(options_,
                     {.files = {content}, .builds = {known.build}, .format = format, .output = base.string() + end});
  };
  report("text", ".report.txt");
  report("json", ".report.json");
}

}  // namespace sluice::engine
