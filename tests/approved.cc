#include "tests/approved.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace sluice::test {
namespace {

std::string full_path(const std::string& path) { return std::string(SLUICE_TESTS) + "/" + path; }

bool rebasing() { return std::getenv("SLUICE_REBASE") != nullptr; }

// Up to and including the first line that starts with `prefix`, or all of it.
std::string_view take_until_line(std::string_view& text, std::string_view prefix) {
  std::size_t at = 0;
  while (at < text.size() && !text.substr(at).starts_with(prefix)) {
    const std::size_t newline = text.find('\n', at);
    at = newline == text.npos ? text.size() : newline + 1;
  }
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at);
  return taken;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t newline = text.find('\n');
  const std::string_view line = text.substr(0, newline == text.npos ? newline : newline + 1);
  text.remove_prefix(line.size());
  return line;
}

}  // namespace

std::string read_file(const std::string& path) {
  std::ifstream in(full_path(path), std::ios::binary);
  INFO("reading " << path);
  REQUIRE(in);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void check_approved(const std::string& path, const std::string& actual) {
  if (rebasing()) {
    std::ofstream(full_path(path), std::ios::binary) << actual;
    return;
  }
  INFO("approved text " << path << " (SLUICE_REBASE=1 rewrites it)");
  CHECK(actual == read_file(path));
}

void check_cases(const std::string& path, const std::function<std::string(std::string_view)>& run) {
  const std::string file = read_file(path);
  std::string_view rest = file;
  std::string rewritten(take_until_line(rest, "=== "));
  std::size_t cases = 0;
  for (; !rest.empty(); ++cases) {
    const std::string_view title = take_line(rest);
    const std::string_view input = take_until_line(rest, ">>>");
    take_line(rest);
    const std::string_view expected = take_until_line(rest, "=== ");
    const std::string actual = run(input) + "\n";
    rewritten.append(title).append(input).append(">>>\n").append(actual);
    if (rebasing()) continue;
    INFO(path << ": " << title);
    CHECK(actual == expected);
  }
  CHECK(cases > 0);
  if (rebasing()) check_approved(path, rewritten);
}

}  // namespace sluice::test
