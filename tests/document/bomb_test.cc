// Documents made to exhaust a reader: each must end quickly, in little memory, with a problem.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "validator/document/document.h"

namespace sluice::document {
namespace {

std::string repeat(std::string_view unit, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += unit;
  return out;
}

struct Cost {
  double seconds = 0;  // of processor time: the machine may be busy
  long mebibytes = 0;
  int status = 0;
};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// Parses in a child, so that the peak memory is its own and a crash is seen as one.
Cost cost_of(const std::string& text, bool expect_refusal) {
  const pid_t child = ::fork();
  if (child == 0) {
    Problem problem;
    const bool parsed = parse("bomb", text, problem).has_value();
    ::_exit(parsed == expect_refusal ? 1 : 0);
  }
  Cost cost;
  struct rusage usage{};
  REQUIRE(::wait4(child, &cost.status, 0, &usage) == child);
  cost.seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  cost.mebibytes = usage.ru_maxrss / 1024;
  return cost;
}

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
constexpr long kMebibytes = 1024;
constexpr double kSeconds = 30;
#else
constexpr long kMebibytes = 128;
constexpr double kSeconds = 5;
#endif

TEST_CASE("bombs end quickly and small") {
  const char* units[] = {
      "[",      "{",    "[\n", "- ",  "? ",  ": ",   ", ",     "a: ",  "[a: ", "{a: ",  "[{",     "[[],",
      "{a: b,", "\"\"", "[\"", "!a ", "&a ", "*a ",  "- - \n", "-\n",  "|\n",  "a:\n",  "--- \n", "%a\n",
      "[\"\",", "[? ",  "[: ", "- [", "''",  "[&a ", "[!a ",   "[*a ", "a,\n", "? -\n", "- ? ",   "{? "};
  for (const char* unit : units) {
    CAPTURE(unit);
    const Cost cost = cost_of(repeat(unit, 1'000'000), true);
    CHECK(cost.status == 0);
    CHECK(cost.seconds < kSeconds);
    CHECK(cost.mebibytes < kMebibytes);
  }
}

TEST_CASE("a long list in one flow collection is refused, the same in block form is read") {
  CHECK(cost_of("[" + repeat("a, ", 1'000'000) + "a]", true).status == 0);
  CHECK(cost_of("[" + repeat("a, ", 200'000) + "a]", false).status == 0);
  CHECK(cost_of(repeat("- a\n", 1'000'000), false).status == 0);
}

TEST_CASE("many distinct keys cost no more than their number") {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  CHECK(cost_of(text, false).seconds < kSeconds);
}

TEST_CASE("limits are exact") {
  struct Row {
    std::string text;
    Limits limits;
    bool parsed;
  };
  const Row rows[] = {
      {"[[[[]]]]", {.depth = 4}, true},
      {"[[[[]]]]", {.depth = 3}, false},
      {"a:\n  b:\n    c: 1", {.depth = 3}, true},
      {"a:\n  b:\n    c: 1", {.depth = 2}, false},
      {"[a, b]", {.nodes = 3}, true},
      {"[a, b]", {.nodes = 2}, false},
      {"abcd", {.bytes = 4}, true},
      {"abcd", {.bytes = 3}, false},
      {"\"" + repeat("x", 4u << 20) + "\"", {}, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text.substr(0, 40));
    Problem problem;
    CHECK(parse("t", row.text, problem, row.limits).has_value() == row.parsed);
    CHECK(problem.message.empty() == row.parsed);
  }
}

}  // namespace
}  // namespace sluice::document
