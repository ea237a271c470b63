#include "fuzz/mutate/repair.h"

#include <catch2/catch.hpp>

#include "fuzz/mutate/minimal.h"
#include "tests/mutate/samples.h"

namespace sluice::mutate {

namespace {

std::string findings_of(const Format& format, std::span<const std::uint8_t> bytes) {
  Findings findings(20);
  format.judge(bytes, findings);
  std::string out;
  for (const Finding& f : findings.list()) out += shown_id(f) + " " + f.path + ": " + because(f) + "\n";
  return out;
}

Bytes copy(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

TEST_CASE("repair of a good file changes nothing") {
  for (const char* name : {"good_mixed", "wildcard_only", "replay_291"}) {
    const Bytes bytes = channel_file(name);
    Tree tree(channel());
    REQUIRE(tree.parse(bytes));
    INFO(name);
    CHECK(repair_everything(tree, 1));
    CHECK(copy(tree.bytes()) == bytes);
  }
}

TEST_CASE("a minimal channel file is of the right layout") {
  const Bytes bytes = minimal(channel());
  REQUIRE_FALSE(bytes.empty());
  Tree tree(channel());
  (void)tree.parse(bytes);
  INFO(print(tree) << findings_of(channel(), bytes));
  CHECK(channel().accepts_layout(bytes));
}

}  // namespace sluice::mutate
