#include "fuzz/mutate/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "validator/bytes/sha256.h"

namespace sluice::mutate {

namespace {

namespace fs = std::filesystem;

std::string reason() { return std::generic_category().message(errno); }

bool write_all(int file, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(file, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

}  // namespace

std::string write_file(const fs::path& path, std::string_view text) {
  std::string temporary = path.string() + ".XXXXXX";
  const int file = ::mkstemp(temporary.data());
  if (file < 0) return reason();
  std::string problem;
  // As a file that anybody makes: mkstemp lets its owner read it only.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (!write_all(file, text.data(), text.size()) || ::fchmod(file, 0666 & ~mask) != 0) problem = reason();
  if (::close(file) != 0 && problem.empty()) problem = reason();
  if (problem.empty() && ::rename(temporary.c_str(), path.c_str()) != 0) problem = reason();
  if (!problem.empty()) ::unlink(temporary.c_str());
  return problem;
}

bool Output::open(const fs::path& folder) {
  folder_ = folder;
  std::error_code error;
  fs::create_directories(folder, error);
  if (!fs::is_directory(folder)) {
    problem_ = error ? error.message() : "is not a directory";
    return false;
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    problem_ = reason();
    return false;
  }
  return true;
}

bool Output::write(const std::string& name, std::span<const std::uint8_t> bytes) {
  problem_ = write_file(folder_ / name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  return problem_.empty();
}

std::string name_by_content(std::span<const std::uint8_t> bytes) {
  return bytes::hex(bytes::sha256(bytes).substr(0, 20));
}

}  // namespace sluice::mutate
