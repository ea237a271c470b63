#include "fuzz/cause/merge.h"

#include <catch2/catch.hpp>

namespace sluice::cause {
namespace {

using Causes = std::vector<std::vector<std::size_t>>;

Shown bad(const std::string& function, engine::Step step = engine::Step::load) {
  return {.kind = "bad-address", .step = step, .function = function};
}

// Of one of two builds, which shows it alone.
Place place(std::size_t build, const Shown& shown, const std::string& field) {
  Place out{.build = build, .shown = shown, .field = field, .everywhere = {{}, {}}};
  out.everywhere[build].push_back(shown);
  return out;
}

TEST_CASE("places of one build are one cause if they owe the fault to one field, in whatever step") {
  CHECK(causes_of(std::vector{place(0, bad("f"), "a.b"), place(0, bad("g"), "a.b")}) == Causes{{0, 1}});
  CHECK(causes_of(std::vector{place(0, bad("f"), "a.b"), place(0, bad("f"), "a.c")}) == Causes{{0}, {1}});
  CHECK(causes_of(std::vector{place(0, bad("f"), "a"), place(0, bad("g", engine::Step::unload), "a")}) ==
        Causes{{0, 1}});
  Place other = place(0, bad("f"), "a");
  other.shown.kind = "double-free";
  CHECK(causes_of(std::vector{place(0, bad("f"), "a"), other}) == Causes{{0}, {1}});
}

TEST_CASE("places of one build are one cause if `check` has the same against both, whatever the fields") {
  Place a = place(0, bad("f"), "length");
  Place b = place(0, bad("g"), "offset");
  a.refusals = b.refusals = {"SL0105  operand"};
  CHECK(causes_of(std::vector{a, b}) == Causes{{0, 1}});
  b.refusals.insert("SL0301 no-holes header");
  CHECK(causes_of(std::vector{a, b}) == Causes{{0}, {1}});
  a.refusals.clear();
  b.refusals.clear();
  CHECK(causes_of(std::vector{a, b}) == Causes{{0}, {1}});
  a.refusals = b.refusals = {"SL0105  operand"};
  b.shown.kind = "double-free";
  CHECK(causes_of(std::vector{a, b}) == Causes{{0}, {1}});
}

TEST_CASE("what has no end uses up the time or the stack") {
  Place slow = place(0, {.kind = "not-in-time", .step = engine::Step::evaluate, .function = "f"}, "pattern");
  Place deep = place(0, {.kind = "stack-exhausted", .step = engine::Step::load, .function = "g"}, "pattern");
  CHECK(causes_of(std::vector{slow, deep}) == Causes{{0, 1}});
  deep.field = "parent";
  CHECK(causes_of(std::vector{slow, deep}) == Causes{{0}, {1}});
  deep.field = slow.field;
  deep.shown.kind = "bad-address";
  CHECK(causes_of(std::vector{slow, deep}) == Causes{{0}, {1}});
}

TEST_CASE("where nobody knows a field the function stands for it") {
  CHECK(causes_of(std::vector{place(0, bad("f"), ""), place(0, bad("f"), "")}) == Causes{{0, 1}});
  CHECK(causes_of(std::vector{place(0, bad("f"), ""), place(0, bad("g"), "")}) == Causes{{0}, {1}});
  CHECK(causes_of(std::vector{place(0, bad("f"), ""), place(0, bad("f"), "a")}) == Causes{{0}, {1}});
  CHECK(causes_of(std::vector{place(0, bad("f"), ""), place(0, bad("f", engine::Step::unload), "")}) ==
        Causes{{0}, {1}});
}

TEST_CASE("two builds have one cause if each falls for the other's file") {
  Place a = place(0, bad("f"), "x");
  Place b = place(1, bad("f"), "x");
  CHECK(causes_of(std::vector{a, b}) == Causes{{0}, {1}});
  a.everywhere[1] = {bad("g"), bad("f")};
  CHECK(causes_of(std::vector{a, b}) == Causes{{0}, {1}});  // a mistake that b corrected in part
  b.everywhere[0] = {bad("f")};
  CHECK(causes_of(std::vector{a, b}) == Causes{{0, 1}});
  b.field = "y";  // of which the builds need not tell the same
  CHECK(causes_of(std::vector{a, b}) == Causes{{0, 1}});
}

TEST_CASE("places of different functions are not one over builds, though each build falls for both files") {
  Place a = place(0, bad("f"), "x");
  Place b = place(1, bad("g"), "x");
  a.everywhere = {{bad("f")}, {bad("g")}};
  b.everywhere = {{bad("f")}, {bad("g")}};
  CHECK(causes_of(std::vector{a, b}) == Causes{{0}, {1}});
}

TEST_CASE("what is one with a third is one with the others") {
  Place a = place(0, bad("f"), "x");
  const Place b = place(0, bad("g"), "x");
  Place c = place(1, bad("f"), "z");
  a.everywhere[1] = {bad("f")};
  c.everywhere[0] = {bad("f")};
  const Place other = place(1, bad("h"), "w");
  CHECK(causes_of(std::vector{b, other, c, a}) == Causes{{0, 2, 3}, {1}});
  CHECK(causes_of({}).empty());
}

}  // namespace
}  // namespace sluice::cause
