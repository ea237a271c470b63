#include "fuzz/engine/reports.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "fuzz/engine/corpus.h"
#include "fuzz/engine/hash.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::engine {

namespace fs = std::filesystem;

namespace {

std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// "7.11-read-match_criterion-1a2b3c4d.2": what the name of its second input begins with.
std::string numbered(const fs::path& base, std::size_t number) {
  return number == 1 ? base.string() : fmt::format("{}.{}", base.string(), number);
}

// Of the inputs that campaigns before have written; how many these are goes to `count`.
std::set<std::size_t> hashes_of_files(const fs::path& base, std::size_t& count) {
  std::set<std::size_t> hashes;
  std::vector<std::uint8_t> bytes;
  std::string problem;
  std::error_code error;
  for (count = 0; fs::exists(numbered(base, count + 1) + ".bin", error); ++count) {
    if (read_whole(numbered(base, count + 1) + ".bin", kMaxInput, bytes, problem)) hashes.insert(hash_of_bytes(bytes));
  }
  return hashes;
}

// In the words of `sluice run --fault`.
std::string fault_text(const Known& known) {
  if (!known.id) return {};
  return fmt::format("{}={} (seen by `sluice fuzz`; the content by itself does not show it)", kind_of(*known.id).name,
                     known.sentence);
}

}  // namespace

bool Reports::open(std::string& problem) { return make_folder(options_.faults, problem); }

const Known* Reports::add(Known known, std::span<const std::uint8_t> input, std::string_view recipe,
                          FindBlame find_blame, bool& good, std::string& problem) {
  good = true;
  const auto old = std::ranges::find(all_, known.identity, &Known::identity);
  if (old != all_.end()) {
    good = add_input(static_cast<std::size_t>(old - all_.begin()), known, input, recipe, problem);
    return nullptr;
  }
  const std::string base = (fs::path(options_.faults) / known.identity).string();
  known.file = base + ".bin";
  std::error_code error;
  known.was_there = fs::exists(known.file, error);
  if (!known.was_there) good = write_input(known, base, input, recipe, problem);
  known.field = field_in(base + ".report.json");
  inputs_.push_back(known.was_there ? hashes_of_files(base, known.inputs) : std::set{hash_of_bytes(input)});
  all_.push_back(known);
  if (good && known.was_there) good = add_input(all_.size() - 1, known, input, recipe, problem);
  if (good && !known.was_there) good = order_report(all_.size() - 1, input, std::move(find_blame), problem);
  if (good && known.was_there && !fs::exists(base + ".report.txt", error)) good = order_missing(problem);
  return &all_.back();
}

bool Reports::write_input(const Known& known, const std::string& base, std::span<const std::uint8_t> input,
                          std::string_view recipe, std::string& problem) const {
  const nlohmann::ordered_json about = {
      {"identity", known.identity}, {"build", known.build},    {"escape", known.is_escape},
      {"drift", known.is_drift},    {"fault", known.sentence}, {"execution", known.execution},
      {"job", known.job},           {"seed", options_.seed},   {"recipe", recipe}};
  const std::string text = about.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  // Where there is the input there is all of it.
  return write_whole(base + ".found.json", as_bytes(text), problem) && write_whole(base + ".bin", input, problem);
}

bool Reports::add_input(std::size_t of, const Known& known, std::span<const std::uint8_t> input,
                        std::string_view recipe, std::string& problem) {
  std::size_t& count = all_[of].inputs;
  if (count >= options_.inputs_per_fault || !inputs_[of].insert(hash_of_bytes(input)).second) return true;
  ++count;
  return write_input(known, numbered(fs::path(options_.faults) / known.identity, count), input, recipe, problem);
}

// Of the last, whose campaign ended before it was made; that was perhaps of another input than this one has.
bool Reports::order_missing(std::string& problem) {
  std::vector<std::uint8_t> input;
  if (!read_whole(all_.back().file, kMaxInput, input, problem)) return false;
  return order_report(all_.size() - 1, input, {}, problem);
}

// The worker's report is made of content alone, of which it finds the events itself.
bool Reports::order_report(std::size_t of, std::span<const std::uint8_t> input, FindBlame find_blame,
                           std::string& problem) {
  if (options_.sluice.empty()) return true;
  const Known& known = all_[of];
  const std::string base = (fs::path(options_.faults) / known.identity).string();
  std::string content = known.file;
  if (const auto container = bytes::read_fuzz_input(input)) {
    content = base + ".content.bin";
    if (!write_whole(content, container->content, problem)) return false;
  }
  maker_.add({.base = base,
              .content = std::move(content),
              .build = known.build,
              .fault = fault_text(known),
              .find_blame = std::move(find_blame),
              .done = [this, of, base] {
                std::error_code error;
                all_[of].field = field_in(base + ".report.json");
                num_failed_ += !fs::exists(base + ".report.txt", error);
              }});
  return true;
}

}  // namespace sluice::engine
