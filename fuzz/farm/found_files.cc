#include "fuzz/farm/found_files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include "fuzz/farm/document.h"
#include "validator/bytes/new_file.h"
#include "validator/finding/finding.h"
#include "validator/members/members.h"

namespace sluice::farm {

namespace {

namespace fs = std::filesystem;
using members::is_true;
using members::text;
using nlohmann::json;

constexpr std::string_view kFound = ".found.json";
constexpr std::string_view kFiled = ".filed.json";
constexpr std::string_view kTriaged = ".triaged.json";
constexpr std::size_t kLargest = 1u << 20;
constexpr std::size_t kMostFound = 100'000;
constexpr std::size_t kLongestIdentity = 200;

// What a campaign left, if it is that.
std::optional<FoundFile> read_found(const std::string& path, const std::string& identity) {
  const json found = members::read_file(path, kLargest);
  if (!found.is_object() || text(found, "identity") != identity) return std::nullopt;
  FoundFile one{
      .identity = identity, .build = text(found, "build"), .sentence = text(found, "fault"), .worker = {}, .night = 0};
  if (is_true(found, "drift")) one.kind = FoundFile::Kind::drift;
  if (identity.find("-refused-") != std::string::npos) one.kind = FoundFile::Kind::refusal;
  return one;
}

std::optional<Filed> read_filed(const std::string& path) {
  const json filed = members::read_file(path, kLargest);
  if (!filed.is_object()) return std::nullopt;
  Filed by{.worker = text(filed, "worker")};
  const auto night = filed.find("night");
  if (night != filed.end() && night->is_number_unsigned()) by.night = night->get<std::int64_t>();
  if (!is_safe_name(by.worker)) return std::nullopt;
  return by;
}

bool is_plain(const std::string& identity) {
  return !identity.empty() && identity.size() <= kLongestIdentity && identity.find('/') == std::string::npos &&
         printable(identity, kLongestIdentity) == identity;
}

std::optional<Triaged> read_triaged(const std::string& path) {
  const json triaged = members::read_file(path, kLargest);
  if (!triaged.is_object()) return std::nullopt;
  Triaged its{.of_case = text(triaged, "case"),
              .cause = text(triaged, "cause"),
              .guilty = text(triaged, "guilty"),
              .suggestion = text(triaged, "suggestion"),
              .page = text(triaged, "page"),
              .why = text(triaged, "why")};
  if (!is_plain(its.of_case) && its.why.empty()) return std::nullopt;
  return its;
}

// A link has its name from the first moment with all of its content, and of two that want one name one gets it.
bool take(const std::string& folder, const std::string& path, const Filed& by, std::string& problem) {
  const json filed = {{"version", 1}, {"worker", by.worker}, {"night", by.night}};
  const std::string mine = fmt::format("{}/.sluice-filed-{}", folder, by.worker);
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

std::optional<Filed> file_once(const std::string& folder, const std::string& name, const Filed& asking,
                               std::string& problem) {
  const std::string path = fmt::format("{}/{}{}", folder, name, kFiled);
  if (auto filed = read_filed(path)) return filed;
  std::error_code error;
  if (fs::exists(path, error)) {
    problem = path + ": is no record of who filed it";
    return std::nullopt;
  }
  if (!take(folder, path, asking, problem)) return std::nullopt;
  auto filed = read_filed(path);
  if (!filed) problem = path + ": is no record of who filed it";
  return filed;
}

bool file_found(const std::string& folder, const std::string& worker, std::int64_t night, std::vector<FoundFile>& found,
                std::string& problem) {
  std::vector<std::string> identities;
  std::error_code error;
  for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!name.ends_with(kFound) || identities.size() == kMostFound) continue;
    std::string identity = name.substr(0, name.size() - kFound.size());
    if (is_plain(identity)) identities.push_back(std::move(identity));
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
    const auto filed = file_once(folder, identity, {worker, night}, problem);
    if (!filed) {
      is_good = false;
      continue;
    }
    one->worker = filed->worker;
    one->night = filed->night;
    one->triaged = read_triaged(base + std::string(kTriaged));
    found.push_back(std::move(*one));
  }
  return is_good;
}

bool write_triaged(const std::string& folder, const std::string& identity, const Triaged& triaged,
                   std::string& problem) {
  json out = {{"version", 1}};
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) out[key] = value;
  };
  add("case", triaged.of_case);
  add("cause", triaged.cause);
  add("guilty", triaged.guilty);
  add("suggestion", triaged.suggestion);
  add("page", triaged.page);
  add("why", triaged.why);
  const std::string text = out.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  return bytes::write_file(fmt::format("{}/{}{}", folder, identity, kTriaged), text, problem);
}

void forget_triaged(const std::string& folder, const std::string& identity) {
  ::unlink(fmt::format("{}/{}{}", folder, identity, kTriaged).c_str());
}

std::string content_of(const std::string& folder, const std::string& identity) {
  const std::string base = fmt::format("{}/{}", folder, identity);
  std::error_code error;
  const std::string content = base + ".content.bin";
  return fs::exists(content, error) ? content : base + ".bin";
}

}  // namespace sluice::farm
