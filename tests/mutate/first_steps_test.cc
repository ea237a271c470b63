#include "fuzz/mutate/first_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "fuzz/mutate/mutator.h"
#include "tests/approved.h"
#include "tests/mutate/samples.h"

namespace sluice::mutate {

namespace {

constexpr std::size_t kRoom = 4096;

Bytes replayed(Mutator& mutator, const Bytes& content, const Recipe& recipe) {
  Bytes bytes = content;
  bytes.resize(kRoom);
  bytes.resize(mutator.replay(bytes.data(), content.size(), kRoom, recipe));
  return bytes;
}

// The step in a person's words, whether sizes and counts follow it, and what becomes of the file.
std::string told(const Tree& tree, const Recipe& recipe, const Bytes& out) {
  std::string text;
  for (const Step& step : recipe.steps) {
    const std::string path = step.node == kNoNode ? "the sector"
                             : step.node == 0     ? "the file"
                                                  : path_of(tree, step.node);
    text += fmt::format("{} {} {}, ", name_of(step.verb), path, static_cast<std::int64_t>(step.value));
  }
  const std::string follows = recipe.repair == RepairMode::all ? "repaired" : "";
  const std::string hex = to_hex(std::span(out).first(std::min<std::size_t>(out.size(), 16)));
  return fmt::format("{:52} {:8}  {:3} bytes: {}{}\n", text.substr(0, text.size() - 2), follows, out.size(), hex,
                     out.size() > 16 ? " .." : "");
}

}  // namespace

TEST_CASE("the first steps on a small file") {
  const auto format = format_of(R"(
meta: {id: pairs, endian: le, encoding: ASCII}
seq:
  - {id: kind, type: u1, enum: kind}
  - {id: name, type: str, size: 2}
  - {id: num_pairs, type: u1, valid: {max: 4}}
  - {id: pairs, type: pair, repeat: expr, repeat-expr: num_pairs}
enums: {kind: {1: plain, 3: signed}}
types:
  pair: {seq: [{id: a, type: s1}, {id: b, type: u1}]}
)");
  const Bytes file = from_hex("01 61 00 02 05 06 07 08");
  Tree tree(*format);
  REQUIRE(tree.parse(file));
  FirstSteps steps(*format);
  Mutator mutator(*format);
  std::string text;
  for (const Recipe& recipe : steps.next(tree, kRoom)) text += told(tree, recipe, replayed(mutator, file, recipe));
  test::check_approved("mutate/first_steps.txt", text);
}

TEST_CASE("each member of a schema has its first steps once") {
  FirstSteps steps(channel());
  Tree tree(channel());
  std::set<SiteId> seen;
  const auto take = [&](const char* name) {
    const Bytes file = channel_file(name);
    REQUIRE(tree.parse(file));
    std::set<SiteId> here;
    const auto recipes = steps.next(tree, kRoom);
    CHECK(recipes.size() <= FirstSteps::kMost);
    for (const Recipe& recipe : recipes) {
      const bool is_use = recipe.steps.back().verb == Verb::use_unused_field;
      if (!is_use && recipe.steps.front().verb == Verb::set_field) here.insert(tree[recipe.steps.front().node].site);
    }
    for (const SiteId site : here) CHECK(seen.insert(site).second);
    return recipes.size();
  };
  CHECK(take("wildcard_only") > 300);
  CHECK(take("wildcard_only") == 0);
  CHECK(take("good_mixed") > 50);  // groups, operands
}

TEST_CASE("first steps replay, also after they were printed") {
  Mutator mutator(channel());
  FirstSteps steps(channel());
  Tree tree(channel());
  const Bytes file = channel_file("good_mixed");
  REQUIRE(tree.parse(file));
  std::size_t unchanged = 0;
  for (const Recipe& recipe : steps.next(tree, kRoom)) {
    const auto read = parse_recipe(print(recipe));
    REQUIRE(read);
    const Bytes out = replayed(mutator, file, recipe);
    REQUIRE(out == replayed(mutator, file, *read));
    unchanged += out == file;
  }
  CHECK(unchanged < 20);
}

TEST_CASE("a member that has nothing to change is tried where it has") {
  const auto format = format_of("meta: {id: m, endian: le}\nseq: [{id: n, type: u2}, {id: all, size: n}]\n");
  FirstSteps steps(*format);
  Tree tree(*format);
  const auto texts = [&](const Bytes& file) {
    tree.parse(file);
    return std::ranges::count_if(steps.next(tree, kRoom),
                                 [](const Recipe& r) { return r.steps[0].verb == Verb::change_bytes; });
  };
  CHECK(texts(from_hex("00 00")) == 0);
  CHECK(texts(from_hex("02 00 01 02")) == 3);
}

TEST_CASE("an array without an element is tried with one") {
  const auto format = format_of(
      "meta: {id: m, endian: le}\nseq: [{id: n, type: u1}, {id: all, type: u1, repeat: expr, "
      "repeat-expr: n}]\n");
  FirstSteps steps(*format);
  Tree tree(*format);
  const Bytes file = from_hex("00");
  REQUIRE(tree.parse(file));
  Mutator mutator(*format);
  std::set<std::string> made;
  for (const Recipe& recipe : steps.next(tree, kRoom)) made.insert(to_hex(replayed(mutator, file, recipe)));
  CHECK(made.contains("02 00 00"));
  CHECK(made.contains("01 ff"));
  CHECK(made.contains("11 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"));
}

TEST_CASE("what refers to others of its kind is made a circle and chains of some length") {
  FirstSteps steps(channel());
  Tree tree(channel());
  const Bytes file = channel_file("wildcard_only");  // without a group
  REQUIRE(tree.parse(file));
  Mutator mutator(channel());
  std::set<std::string> parents;
  for (const Recipe& recipe : steps.next(tree, kRoom)) {
    if (recipe.steps.back().verb != Verb::make_cycle) continue;
    Tree made(channel());
    made.parse(replayed(mutator, file, recipe));
    std::string of_groups;
    for (NodeId id = 0; id < made.size(); ++id) {
      const std::string path = path_of(made, id);
      if (path.starts_with("groups[") && path.ends_with("].parent"))
        of_groups += fmt::format("{} ", static_cast<int>(made.integer(id)));
    }
    parents.insert(of_groups);
  }
  CHECK(parents.contains("1 "));
  CHECK(parents.contains("2 1 "));
  CHECK(parents.contains("0 1 2 3 4 5 6 7 "));
}

TEST_CASE("what nothing uses is put to use first, but for one byte") {
  FirstSteps steps(channel());
  Tree tree(channel());
  REQUIRE(tree.parse(channel_file("wildcard_only")));
  const auto recipes = steps.next(tree, kRoom);
  CHECK(recipes[0].steps.front().verb == Verb::truncate_at_field);
  CHECK(recipes[0].steps.front().value == 1);
  REQUIRE(recipes[1].steps.front().verb == Verb::use_unused_field);
  CHECK(path_of(tree, recipes[1].steps.front().node) == "instances[0].criteria[11]");
}

TEST_CASE("first steps on a tree that was cut") {
  const auto format = format_of(
      "meta: {id: m, endian: le}\nseq: [{id: big, type: u1, repeat: expr, repeat-expr: 99997}, "
      "{id: tail, type: u1, repeat: eos}]\n");
  Tree tree(*format);
  tree.parse(Bytes(100'100, 1));
  REQUIRE(tree.size() == kMostNodes);
  FirstSteps steps(*format);
  CHECK(steps.next(tree, kRoom).size() > 10);
}

}  // namespace sluice::mutate
