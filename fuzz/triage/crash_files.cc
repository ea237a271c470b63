#include "fuzz/triage/crash_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "fuzz/engine/corpus.h"
#include "fuzz/engine/shared.h"
#include "validator/finding/finding.h"
#include "validator/members/members.h"

namespace sluice::triage {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kInput = ".bin";
constexpr std::uint64_t kLargestNote = 1u << 20;

using members::text;

// Why nothing of it can fault as an input does; empty: it may.
std::string read_note(const fs::path& path, CrashFile& file) {
  std::vector<std::uint8_t> bytes;
  std::string problem;
  std::error_code error;
  if (!fs::exists(path, error) || !engine::read_whole(path, kLargestNote, bytes, problem)) return {};
  const auto json = nlohmann::json::parse(bytes, nullptr, false);
  if (!json.is_object()) return {};
  if (const std::string build = text(json, "build"); !build.empty()) file.builds = {build};
  file.identity = text(json, "identity");
  file.recipe = text(json, "recipe");
  if (members::is_true(json, "drift")) {
    return "an image and its replica differ, which is no fault: `sluice run` tells of it";
  }
  if (file.identity.contains("-refused-")) return "the driver refuses it, which is no fault: `sluice run` tells of it";
  return {};
}

// What lies beside inputs.
bool is_beside(const fs::path& path) {
  const std::string name = path.filename().string();
  constexpr std::array kOurs = {".found.json", ".report.json", ".report.txt"};
  if (name.starts_with('.') || std::ranges::any_of(kOurs, [&](const char* end) { return name.ends_with(end); }))
    return true;
  constexpr std::string_view kContent = ".content.bin";
  if (!name.ends_with(kContent)) return false;
  std::error_code error;
  const std::string base = name.substr(0, name.size() - kContent.size());
  return fs::exists(path.parent_path() / (base + std::string(kInput)), error);
}

void take(const fs::path& path, CrashFolder& folder) {
  const auto leave_out = [&](const std::string& why) { folder.left_out.push_back({path.string(), why}); };
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return leave_out("is no file");
  CrashFile file{.path = path.string()};
  file.size = fs::file_size(path, error);
  if (error) return leave_out("cannot be read: " + error.message());
  if (file.size == 0) return leave_out("is empty");
  if (file.size > engine::kMaxInput) return leave_out("is too long: an input has at most 1 MiB");
  std::string base = path.string();
  if (base.ends_with(kInput)) base.resize(base.size() - kInput.size());
  const std::string why = read_note(base + ".found.json", file);
  if (!why.empty()) return leave_out(why);
  folder.files.push_back(std::move(file));
}

}  // namespace

bool read_crash_folder(const std::string& path, CrashFolder& folder, std::string& problem) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) {
    take(path, folder);
    return true;
  }
  std::vector<fs::path> paths;
  for (auto entry = fs::directory_iterator(path, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    std::error_code none;
    if (!entry->is_directory(none) && !is_beside(entry->path())) paths.push_back(entry->path());
  }
  if (error) {
    problem = path + ": cannot be read: " + error.message();
    return false;
  }
  std::ranges::sort(paths);
  for (const fs::path& each : paths) take(each, folder);
  return true;
}

}  // namespace sluice::triage
