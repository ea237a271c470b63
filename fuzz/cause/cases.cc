#include "fuzz/cause/cases.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "fuzz/cause/signature.h"
#include "fuzz/engine/corpus.h"
#include "fuzz/engine/shared.h"
#include "validator/bytes/fuzz_input.h"
#include "validator/finding/finding.h"
#include "validator/members/members.h"

namespace sluice::cause {

namespace {

namespace fs = std::filesystem;
using members::text;
using members::texts;
using nlohmann::ordered_json;
using report::CaseState;

constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kLargestExpected = 1u << 20;
constexpr const char* kExpected = "expected.json";
constexpr std::array kFolders = {CaseState::fresh, CaseState::open, CaseState::regression};

std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

bool remove_whole(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  return !error;
}

// Of `from`, which goes; false with `problem`, and nothing has happened.
bool rename_new(const fs::path& from, const fs::path& to, std::string& problem) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  problem = to.string() + ": " + (errno == EEXIST ? "is there already" : std::generic_category().message(errno));
  return false;
}

bool write_files(const fs::path& folder, const Case& its, const CaseFiles& files, std::string& problem) {
  const auto content = bytes::content_part(files.input);
  bool good = engine::write_whole(folder / "content.bin", content, problem);
  if (content.size() != files.input.size())
    good = good && engine::write_whole(folder / "input.bin", files.input, problem);
  good = good && engine::write_whole(folder / "report.txt", as_bytes(files.report), problem);
  if (!files.patch.empty()) {
    good = good && engine::write_whole(folder / "suggestion.patch", as_bytes(files.patch), problem);
  }
  // Last: what has it is a case.
  return good && engine::write_whole(folder / kExpected, as_bytes(expected_json(its)), problem);
}

}  // namespace

std::string expected_json(const Case& its) {
  ordered_json json = {{"version", kVersion},        {"identity", its.identity}, {"since", its.since},
                       {"signature", its.signature}, {"kind", its.kind},         {"step", its.step},
                       {"field", its.field},         {"builds", its.builds},     {"driver", its.driver},
                       {"schema", its.schema}};
  if (!its.fixed.empty()) {
    json["fixed"] = its.fixed;
    json["unfixed"] = its.unfixed;
  }
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::optional<Case> read_expected(const std::string& json_text) {
  const auto json = nlohmann::json::parse(json_text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || json.value("version", nlohmann::json()) != kVersion) return std::nullopt;
  Case its{.identity = text(json, "identity"),
           .since = text(json, "since"),
           .fixed = text(json, "fixed"),
           .signature = text(json, "signature"),
           .kind = text(json, "kind"),
           .step = text(json, "step"),
           .field = text(json, "field"),
           .builds = texts(json, "builds"),
           .unfixed = texts(json, "unfixed"),
           .driver = text(json, "driver"),
           .schema = text(json, "schema")};
  if (its.identity.empty() || its.kind.empty()) return std::nullopt;
  return its;
}

Cases::Cases(std::string folder, std::vector<std::string>& problems) : folder_(std::move(folder)) {
  for (const CaseState state : kFolders) read(state, problems);
}

void Cases::read(CaseState state, std::vector<std::string>& problems) {
  const fs::path folder = fs::path(folder_) / report::name_of(state);
  std::error_code error;
  std::vector<fs::path> paths;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    std::error_code none;
    if (entry->is_directory(none) && !entry->path().filename().string().starts_with('.'))
      paths.push_back(entry->path());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    problems.push_back(folder.string() + ": " + error.message());
  }
  std::ranges::sort(paths);
  for (const fs::path& path : paths) {
    std::vector<std::uint8_t> bytes;
    std::string problem;
    if (!engine::read_whole(path / kExpected, kLargestExpected, bytes, problem)) {
      problems.push_back(problem);
      continue;
    }
    auto its = read_expected({bytes.begin(), bytes.end()});
    if (!its || its->identity != path.filename()) {
      problems.push_back((path / kExpected).string() + ": is not what `sluice triage` writes for this folder");
      continue;
    }
    its->state = state;
    its->path = path.string();
    all_.push_back(std::move(*its));
  }
}

const Case* Cases::find(const std::string& identity) const {
  const auto found = std::ranges::find(all_, identity, &Case::identity);
  return found == all_.end() ? nullptr : &*found;
}

std::string Cases::input_path(const Case& its) {
  std::error_code error;
  const std::string whole = its.path + "/input.bin";
  return fs::exists(whole, error) ? whole : content_path(its);
}

std::string Cases::new_path(const std::string& identity) const {
  return (fs::path(folder_) / report::name_of(CaseState::fresh) / identity).string();
}

bool Cases::write_new(const Case& its, const CaseFiles& files, std::string& problem) {
  const fs::path path = new_path(its.identity);
  const fs::path folder = path.parent_path();
  if (!engine::make_folder(folder.string(), problem)) return false;
  std::error_code error;
  if (fs::exists(path, error)) return write_files(path, its, files, problem);
  const fs::path hidden = folder / ("." + its.identity + "." + std::to_string(::getpid()));
  if (!engine::make_folder(hidden.string(), problem)) return false;
  if (write_files(hidden, its, files, problem) && rename_new(hidden, path, problem)) return true;
  (void)remove_whole(hidden);
  return false;
}

bool Cases::move(const Case& its, CaseState to, std::string& problem) {
  const fs::path folder = fs::path(folder_) / report::name_of(to);
  if (!engine::make_folder(folder.string(), problem)) return false;
  const fs::path path = folder / its.identity;
  std::error_code error;
  if (fs::exists(path, error)) {
    problem = path.string() + ": is there already";
    return false;
  }
  // What it says of being fixed counts in regression/ only, so that a move that is cut short says nothing wrong.
  return engine::write_whole(fs::path(its.path) / kExpected, as_bytes(expected_json(its)), problem) &&
         rename_new(its.path, path, problem);
}

}  // namespace sluice::cause
