#include "validator/cli/output.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "validator/finding/finding.h"
#include "validator/report/escape.h"

namespace sluice::cli {

namespace {

constexpr std::size_t kWorthWriting = 64 * 1024;

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

Output::~Output() {
  if (temporary_.empty()) return;
  if (file_ != nullptr) std::fclose(file_);
  ::unlink(temporary_.c_str());
}

bool Output::fail(const std::string& what) {
  if (problem_.empty()) problem_ = fmt::format("{}: {}", what, std::strerror(errno));
  return false;
}

bool Output::open(const std::string& path) {
  if (path.empty()) {
    file_ = stdout;
    return true;
  }
  path_ = path;
  std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return fail("cannot write " + path);
  temporary_ = std::move(temporary);
  file_ = ::fdopen(fd, "wb");
  return file_ != nullptr || fail("cannot write " + path);
}

void Output::write(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) fail("cannot write the report");
}

void Output::drain(std::string& text) {
  if (text.size() < kWorthWriting) return;
  write(text);
  text.clear();
}

bool Output::close(std::string& text) {
  write(text);
  text.clear();
  if (temporary_.empty()) {
    if (std::fflush(file_) != 0) fail("cannot write the report");
    return problem_.empty();
  }
  const int closed = std::fclose(file_);
  file_ = nullptr;
  if (closed != 0) fail("cannot write " + path_);
  if (!problem_.empty()) return false;
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) return fail("cannot write " + path_);
  temporary_.clear();
  return true;
}

int print(const std::string& text, int exit_code) {
  Output output;
  std::string rest = text;
  if (output.open("") && output.close(rest)) return exit_code;
  complain(output.problem());
  return static_cast<int>(Verdict::no_verdict);
}

void complain(const std::string& text) { fmt::print(stderr, "sluice: {}\n", report::visible(text)); }

bool wants_colour(bool no_color_given) {
  if (no_color_given || is_set("NO_COLOR")) return false;
  if (is_set("FORCE_COLOR")) return true;
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

}  // namespace sluice::cli
