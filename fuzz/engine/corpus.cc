#include "fuzz/engine/corpus.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "fuzz/engine/shared.h"
#include "validator/bytes/sha256.h"

namespace sluice::engine {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kHashLength = 64;
constexpr std::size_t kDefaultLength = 4096;

std::string error_text() { return std::strerror(errno); }

// The regular files of a folder, sorted by name; of a file itself.
std::vector<fs::path> files_of(const fs::path& folder, std::string& problem) {
  std::vector<fs::path> files;
  std::error_code error;
  if (fs::is_regular_file(folder, error)) return {folder};
  fs::recursive_directory_iterator at(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::error_code ignored;
    if (!name.starts_with('.') && at->is_regular_file(ignored)) files.push_back(at->path());
  }
  if (error) problem = folder.string() + ": " + error.message();
  std::ranges::sort(files);
  return files;
}

constexpr std::string_view kUnfinished = ".sluice-";

// What a campaign that was killed was writing. One that runs beside this has finished its files long before.
void remove_unfinished(const fs::path& folder) {
  constexpr auto kLong = std::chrono::minutes(1);
  std::error_code error;
  for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator(); at.increment(error)) {
    std::error_code of_file;
    const auto written = fs::last_write_time(at->path(), of_file);
    const bool is_old = !of_file && fs::file_time_type::clock::now() - written > kLong;
    if (is_old && at->path().filename().string().starts_with(kUnfinished)) fs::remove(at->path(), of_file);
  }
}

}  // namespace

bool is_corpus_name(const std::string& name) {
  return name.size() == kHashLength && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool write_whole(const fs::path& path, std::span<const std::uint8_t> bytes, std::string& problem) {
  std::string other = (path.parent_path() / ".sluice-XXXXXX").string();
  const auto fail = [&] {
    problem = path.string() + ": " + error_text();
    ::unlink(other.c_str());
    return false;
  };
  const int file = ::mkostemp(other.data(), O_CLOEXEC);
  if (file < 0) {
    problem = path.string() + ": " + error_text();
    return false;
  }
  ::fchmod(file, 0644);
  bool good = true;
  for (std::span<const std::uint8_t> rest = bytes; good && !rest.empty();) {
    const ssize_t written = ::write(file, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    good = written >= 0;
    if (good) rest = rest.subspan(static_cast<std::size_t>(written));
  }
  const int error = errno;
  good = ::close(file) == 0 && good;
  if (!good) {
    if (error != 0) errno = error;
    return fail();
  }
  return ::rename(other.c_str(), path.c_str()) == 0 || fail();
}

bool make_folder(const std::string& folder, std::string& problem) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    problem = folder + ": " + error.message();
    return false;
  }
  // Asking for rights does not say whether a disk can be written to.
  std::string probe = folder + "/.sluice-XXXXXX";
  const int file = ::mkostemp(probe.data(), O_CLOEXEC);
  if (file < 0) {
    problem = folder + ": cannot be written to: " + error_text();
    return false;
  }
  ::close(file);
  ::unlink(probe.c_str());
  return true;
}

bool read_whole(const fs::path& path, std::uint64_t most, std::vector<std::uint8_t>& bytes, std::string& problem) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status{};
  if (file < 0 || ::fstat(file, &status) != 0) {
    problem = path.string() + ": " + error_text();
    if (file >= 0) ::close(file);
    return false;
  }
  if (static_cast<std::uint64_t>(status.st_size) > most) {
    problem = fmt::format("{}: has {} bytes, more than {}", path.string(), status.st_size, most);
    ::close(file);
    return false;
  }
  bytes.resize(static_cast<std::size_t>(status.st_size));
  std::size_t got = 0;
  bool good = true;
  while (got < bytes.size()) {
    const ssize_t more = ::read(file, bytes.data() + got, bytes.size() - got);
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) problem = path.string() + ": " + error_text();
    good = more >= 0;
    if (more <= 0) break;
    got += static_cast<std::size_t>(more);
  }
  ::close(file);
  bytes.resize(got);
  return good;
}

bool Corpus::open(const std::string& folder, std::string& problem) {
  if (!make_folder(folder, problem)) return false;
  folder_ = folder;
  std::error_code error;
  remove_unfinished(folder_);
  if (!work_.open(problem)) return false;
  fs::create_directories(work_.path() / "seeds", error);
  fs::create_directories(work_.path() / "out" / "found", error);
  if (error) problem = work_.path().string() + ": " + error.message();
  return !error;
}

bool Corpus::take_seeds(const std::vector<std::string>& folders, std::uint64_t max_len, const Say& say,
                        std::string& problem) {
  std::vector<fs::path> places = {folder_};
  places.insert(places.end(), folders.begin(), folders.end());
  max_len_ = max_len != 0 ? max_len : kDefaultLength;
  const std::uint64_t most = max_len != 0 ? max_len : kMaxInput;
  for (const fs::path& place : places) {
    for (const fs::path& path : files_of(place, problem)) {
      std::vector<std::uint8_t> bytes;
      std::string reason;
      if (!read_whole(path, most, bytes, reason)) {
        say(reason + ": skipped");
        continue;
      }
      if (bytes.empty()) {
        say(path.string() + ": is empty: skipped");
        continue;
      }
      const std::string name = bytes::hex(bytes::sha256(bytes));
      const bool is_ours = &place == places.data();
      if (is_ours && path.filename() == name) names_.insert(name);
      // What was given has room to grow. What was found has grown, and would more with each campaign.
      const std::size_t room = is_ours || max_len != 0 ? 0 : bytes.size() / 2;
      max_len_ = std::max(max_len_, std::min(bytes.size() + room, kMaxInput));
      if (!copy_seed(bytes, problem)) return false;
    }
    if (!problem.empty()) return false;
  }
  return write_list(problem);
}

bool Corpus::add_seed(std::span<const std::uint8_t> bytes, std::string& problem) {
  const std::string name = bytes::hex(bytes::sha256(bytes));
  if (!copy_seed(bytes, problem) || !write_list(problem) || !write_whole(folder_ / name, bytes, problem)) return false;
  names_.insert(name);
  return true;
}

bool Corpus::copy_seed(std::span<const std::uint8_t> bytes, std::string& problem) {
  const std::string name = bytes::hex(bytes::sha256(bytes));
  if (!seed_names_.insert(name).second) return true;
  num_seeds_ = seed_names_.size();
  news_.push_back(work_.path() / "seeds" / name);
  return write_whole(work_.path() / "seeds" / name, bytes, problem);
}

bool Corpus::write_list(std::string& problem) {
  std::string list;
  for (const std::string& name : seed_names_) {
    if (!list.empty()) list += ',';
    list += (work_.path() / "seeds" / name).string();
  }
  return write_whole(work_.path() / "seeds" / "list", {reinterpret_cast<const std::uint8_t*>(list.data()), list.size()},
                     problem);
}

bool Corpus::keep_found(bool is_last, std::string& problem) {
  const fs::path found = work_.path() / "out" / "found";
  const auto now = fs::file_time_type::clock::now();
  for (const fs::path& path : files_of(found, problem)) {
    if (looked_at_.contains(path.filename().string())) continue;
    std::error_code error;
    const auto written = fs::last_write_time(path, error);
    if (!is_last && (error || now - written < std::chrono::milliseconds(100))) continue;
    std::vector<std::uint8_t> bytes;
    std::string reason;
    if (!read_whole(path, kMaxInput, bytes, reason)) continue;
    looked_at_.insert(path.filename().string());
    const std::string name = bytes::hex(bytes::sha256(bytes));
    if (bytes.empty() || names_.contains(name) || seed_names_.contains(name)) continue;
    if (!write_whole(folder_ / name, bytes, problem)) return false;
    names_.insert(name);
    news_.push_back(folder_ / name);
    copied_[path.filename().string()] = name;
    ++num_new_;
  }
  if (is_last) drop_replaced();
  // libFuzzer says nothing where it could not write what it found.
  constexpr std::size_t kRoom = 1u << 16;
  const fs::path probe = work_.path() / "out" / "room";
  if (problem.empty() && !write_whole(probe, std::vector<std::uint8_t>(kRoom), problem)) return false;
  std::error_code ignored;
  fs::remove(probe, ignored);
  return problem.empty();
}

void Corpus::drop_replaced() {
  std::error_code ignored;
  for (const auto& [source, name] : copied_) {
    if (fs::exists(work_.path() / "out" / "found" / source, ignored)) continue;
    fs::remove(folder_ / name, ignored);
    names_.erase(name);
    --num_new_;
  }
  copied_.clear();
}

void Corpus::forget(std::span<const std::uint8_t> bytes) {
  const std::string name = bytes::hex(bytes::sha256(bytes));
  std::error_code ignored;
  std::string problem;
  if (seed_names_.erase(name) != 0) {
    num_seeds_ = seed_names_.size();
    fs::remove(work_.path() / "seeds" / name, ignored);
    write_list(problem);
  }
  for (const fs::path& path : files_of(work_.path() / "out" / "found", problem)) {
    std::vector<std::uint8_t> other;
    if (read_whole(path, kMaxInput, other, problem) && std::ranges::equal(other, bytes)) fs::remove(path, ignored);
  }
}

std::vector<fs::path> Corpus::ours() const {
  std::vector<fs::path> paths;
  for (const std::string& name : names_) {
    if (is_corpus_name(name)) paths.push_back(folder_ / name);
  }
  return paths;
}

}  // namespace sluice::engine
