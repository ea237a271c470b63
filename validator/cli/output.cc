#include "validator/cli/output.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "validator/finding/finding.h"
#include "validator/report/escape.h"

namespace sluice::cli {

namespace {

constexpr std::size_t kWorthWriting = 64u << 10;

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

void Output::fail() {
  if (problem_.empty()) problem_ = fmt::format("cannot write the report: {}", std::strerror(errno));
}

bool Output::open(const std::string& path) { return path.empty() || file_.open(path); }

void Output::write(const std::string& text) {
  if (file_.is_open()) {
    file_.write(text);
  } else if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    fail();
  }
}

void Output::drain(std::string& text) {
  if (text.size() < kWorthWriting) return;
  write(text);
  text.clear();
}

bool Output::close(std::string& text) {
  write(text);
  text.clear();
  if (file_.is_open()) return file_.close();
  if (std::fflush(stdout) != 0) fail();
  return problem_.empty();
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
