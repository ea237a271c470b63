// All schemas of one and two fields, and a sample of those of three, over contents of up to six bytes of
// {00 01 7F 80 FF}: walk and twin must say the same.
#include <fmt/core.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/agree/agree.h"
#include "tests/agree/vocabulary.h"

namespace sluice::agree {
namespace {

using Content = std::vector<std::uint8_t>;

constexpr std::uint64_t kSeed = 20240719;
#if defined(__SANITIZE_ADDRESS__) || (defined(__has_feature) && __has_feature(address_sanitizer))
constexpr std::uint64_t kFraction = 16;  // of the samples, under sanitizers
#else
constexpr std::uint64_t kFraction = 1;
#endif

// Every content of up to `length` bytes, shortest first.
std::vector<Content> all_contents(std::size_t length) {
  std::vector<Content> out{{}};
  for (std::size_t begin = 0; length > 0; --length) {
    std::size_t end = out.size();
    for (; begin < end; ++begin) {
      for (int byte : {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
        Content longer = out[begin];
        longer.push_back(static_cast<std::uint8_t>(byte));
        out.push_back(longer);
      }
    }
  }
  return out;
}

struct Run {
  std::uint64_t schemas = 0;
  std::uint64_t refused = 0;
  std::uint64_t differing = 0;
  Tally tally;
  std::mt19937_64 random{kSeed};
};

// Compares over `budget` contents: all of them if that suffices, otherwise a sample drawn anew for each schema.
void compare_fields(std::span<const Fragment* const> fields, const std::vector<Content>& contents, std::uint64_t budget,
                    Run& run) {
  auto text = schema_text(fields);
  if (!text) return;
  auto pair = load_pair(*text);
  ++run.schemas;
  if (!pair) {
    ++run.refused;
    return;
  }
  bool all = budget >= contents.size();
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(budget, contents.size()); ++i) {
    const Content& content = contents[all ? i : run.random() % contents.size()];
    std::string difference = compare(*pair, content, run.tally);
    if (difference.empty()) continue;
    ++run.differing;
    if (run.differing <= 20) UNSCOPED_INFO(difference);
    return;
  }
}

void print_covered(const char* what, const Run& run) {
  std::cout << fmt::format(
      "{}: {} schemas ({} refused by the loader), {} walks, {} accepted, {} redone, {} out of limits, seed {}\n", what,
      run.schemas, run.refused, run.tally.walks, run.tally.accepted, run.tally.redone, run.tally.out_of_limits, kSeed);
}

TEST_CASE("walk and twin agree on every schema of one field and every content") {
  Run run;
  auto contents = all_contents(6);
  for (const Fragment& a : vocabulary()) {
    const Fragment* fields[] = {&a};
    compare_fields(fields, contents, contents.size() / kFraction, run);
  }
  print_covered("one field", run);
  CHECK(run.differing == 0);
  CHECK(run.refused == 0);
  CHECK(run.tally.accepted > 0);
}

TEST_CASE("walk and twin agree on every schema of two fields") {
  Run run;
  auto contents = all_contents(6);
  for (const Fragment& a : vocabulary()) {
    for (const Fragment& b : vocabulary()) {
      const Fragment* fields[] = {&a, &b};
      compare_fields(fields, contents, 600 / kFraction, run);
    }
  }
  print_covered("two fields", run);
  CHECK(run.differing == 0);
  CHECK(run.tally.redone > 0);
}

TEST_CASE("walk and twin agree on schemas of three fields") {
  Run run;
  auto contents = all_contents(6);
  auto draw = [&] { return &vocabulary()[run.random() % vocabulary().size()]; };
  while (run.schemas < 20000 / kFraction) {
    const Fragment* fields[] = {draw(), draw(), draw()};
    compare_fields(fields, contents, 200, run);
  }
  print_covered("three fields", run);
  CHECK(run.differing == 0);
}

}  // namespace
}  // namespace sluice::agree
