#include "fuzz/farm/cases.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "fuzz/farm/document.h"
#include "validator/bytes/content_file.h"
#include "validator/bytes/new_file.h"
#include "validator/finding/finding.h"

namespace sluice::farm {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kFound = ".found.json";
constexpr std::string_view kFiled = ".filed.json";
constexpr std::size_t kLargest = 1u << 20;
constexpr std::size_t kMostCases = 100'000;
constexpr std::size_t kLongestIdentity = 200;

json read_json(const std::string& path) {
  bytes::ContentFile file;
  if (!file.open(path) || file.bytes().size() > kLargest) return {};
  const auto bytes = file.bytes();
  return json::parse(bytes.begin(), bytes.end(), nullptr, /*allow_exceptions=*/false);
}

std::string text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_true(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

// What a campaign left, if it is that.
std::optional<Case> read_found(const std::string& path, const std::string& identity) {
  const json found = read_json(path);
  if (!found.is_object() || text(found, "identity") != identity) return std::nullopt;
  Case one{
      .identity = identity, .build = text(found, "build"), .sentence = text(found, "fault"), .worker = {}, .night = 0};
  if (is_true(found, "drift")) one.kind = Case::Kind::drift;
  if (identity.find("-refused-") != std::string::npos) one.kind = Case::Kind::refusal;
  return one;
}

bool read_filed(const std::string& path, Case& one) {
  const json filed = read_json(path);
  if (!filed.is_object()) return false;
  one.worker = text(filed, "worker");
  const auto night = filed.find("night");
  if (night != filed.end() && night->is_number_unsigned()) one.night = night->get<std::int64_t>();
  return is_safe_name(one.worker);
}

// A link has its name from the first moment with all of its content, and of two that want one name one gets it.
bool take(const std::string& folder, const std::string& path, const std::string& worker, std::int64_t night,
          std::string& problem) {
  const json filed = {{"version", 1}, {"worker", worker}, {"night", night}};
  const std::string mine = fmt::format("{}/.sluice-filed-{}", folder, worker);
  if (!bytes::write_file(mine, filed.dump() + "\n", problem)) return false;
  const bool is_linked = ::link(mine.c_str(), path.c_str()) == 0;
  const int error = errno;
  // Where a folder has no links, a rename: then of two that file it in one moment the last is believed.
  const bool has_no_links = !is_linked && (error == EPERM || error == EOPNOTSUPP);
  std::error_code ignored;
  if (has_no_links && !fs::exists(path, ignored)) {
    if (::rename(mine.c_str(), path.c_str()) == 0) return true;
  }
  ::unlink(mine.c_str());
  if (is_linked || error == EEXIST || has_no_links) return true;
  problem = fmt::format("cannot write {}: {}", path, std::generic_category().message(error));
  return false;
}

}  // namespace

bool file_cases(const std::string& folder, const std::string& worker, std::int64_t night, std::vector<Case>& cases,
                std::string& problem) {
  std::vector<std::string> identities;
  std::error_code error;
  for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!name.ends_with(kFound) || identities.size() == kMostCases) continue;
    std::string identity = name.substr(0, name.size() - kFound.size());
    const bool is_plain = identity.size() <= kLongestIdentity && printable(identity, kLongestIdentity) == identity;
    if (is_plain) identities.push_back(std::move(identity));
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    problem = fmt::format("{}: {}", folder, error.message());
    return false;
  }
  std::ranges::sort(identities);
  bool is_good = true;
  for (const std::string& identity : identities) {
    const std::string base = fmt::format("{}/{}", folder, identity);
    auto one = read_found(base + std::string(kFound), identity);
    if (!one) continue;
    const std::string filed = base + std::string(kFiled);
    if (!read_filed(filed, *one) && (!take(folder, filed, worker, night, problem) || !read_filed(filed, *one))) {
      if (problem.empty()) problem = filed + ": is no record of who filed it";
      is_good = false;
      continue;
    }
    cases.push_back(std::move(*one));
  }
  return is_good;
}

std::string content_of(const std::string& folder, const Case& one) {
  const std::string base = fmt::format("{}/{}", folder, one.identity);
  std::error_code error;
  const std::string content = base + ".content.bin";
  return fs::exists(content, error) ? content : base + ".bin";
}

}  // namespace sluice::farm
