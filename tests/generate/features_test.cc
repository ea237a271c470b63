#include "fuzz/mutate/features.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <set>

#include "tests/generate/formats.h"

using namespace sluice;
using namespace sluice::mutate;

namespace {

constexpr const char* kSchema = R"(
meta: {id: small, endian: le}
seq:
  - {id: num, type: u1, valid: {min: 1, max: 9}}
  - {id: tag, type: u1, enum: tag}
  - id: items
    type: item
    repeat: expr
    repeat-expr: num
  - {id: more, type: u2, if: tag == tag::b}
  - id: body
    type: {switch-on: tag, cases: {'tag::a': u1, 'tag::b': u2}}
types:
  item: {seq: [{id: type, type: u1}, {id: input, type: u1}, {id: op, type: u1, enum: op}]}
enums:
  tag: {1: a, 2: b}
  op: {0: none, 1: less, 2: more}
)";
constexpr const char* kRules =
    "format: small\nuses: {each: items, where: _.op != op::none, type: _.type, input: _.input}\n";
const std::vector<program::BuildFacts> kBuilds = {
    {.name = "1", .support = "fielded", .supplies = {{3, 4}, {7, 2}}, .defines = {{3, 5}, {7, 2}}, .caps = {}}};

std::set<std::string> names_in(const Format& format, const std::vector<std::uint8_t>& bytes) {
  const Features features(format);
  std::vector<std::uint8_t> counters(features.size());
  Tree tree(format);
  (void)tree.parse(bytes);
  features.mark(tree, counters);
  std::set<std::string> names;
  for (std::size_t i = 0; i < counters.size(); ++i) {
    if (counters[i] != 0) names.insert(features.name(i));
  }
  return names;
}

}  // namespace

TEST_CASE("features tell what is in a file") {
  const auto format = make_format(kSchema, kRules, kBuilds);
  const std::vector<std::uint8_t> bytes = {2, 2, 3, 4, 1, 7, 0, 2, 5, 5, 6, 6};
  const auto names = names_in(*format, bytes);
  for (const char* name :
       {"type 3 input 4 op less", "type 7 input 0 op more", "small.num one above its minimum", "small.tag is b",
        "small.more is there", "small.body case tag::b", "2 elements of small.items", "item.op is more", "depth 1"}) {
    INFO(name);
    CHECK(names.contains(name));
  }
  for (const char* name : {"small.tag is a", "item.op is none", "small.more is not there", "type 7 input 0 op less"}) {
    INFO(name);
    CHECK(!names.contains(name));
  }
}

TEST_CASE("characters count by their meaning, and by how often one text has them") {
  const auto format = make_format(R"(
meta: {id: texts, endian: le, encoding: ASCII}
seq:
  - {id: name, type: str, size: 8}
  - {id: codes, type: code, repeat: eos}
types:
  code: {seq: [{id: unit, type: u1}]}
)");
  const std::string text = "[a.bb...**Z*";
  const auto names = names_in(*format, {text.begin(), text.end()});
  for (const char* name : {"texts.name has '[', 1 times", "texts.name has '.', 3 times",
                           "texts.name has '.', 4 or more times", "texts.name has a small letter, 3 times",
                           "code.unit has '*', 3 times", "code.unit has a capital letter, 1 times"}) {
    INFO(name);
    CHECK(names.contains(name));
  }
  CHECK(!names.contains("texts.name has '[', 2 times"));
  CHECK(!names.contains("code.unit has '.', 1 times"));
}

TEST_CASE("bytes that are numbers have no characters") {
  const auto format = make_format(R"(
meta: {id: bytes, endian: le}
seq:
  - {id: few, type: u1, valid: {max: 9}}
  - {id: one, type: u1, valid: 65}
  - {id: listed, type: u1, valid: {any-of: [48, 65, 122]}}
  - {id: by_another, type: u1, valid: {max: few}}
  - {id: printable, type: u1, valid: {min: 0x20, max: 0x7e}}
  - {id: any, type: u1}
)");
  const auto names = names_in(*format, {'A', 'A', 'A', 'A', 'A', 'A'});
  for (const char* name : {"few", "one", "listed", "by_another"}) {
    INFO(name);
    CHECK(!names.contains(std::string("bytes.") + name + " has a capital letter, 1 times"));
  }
  CHECK(names.contains("bytes.printable has a capital letter, 1 times"));
  CHECK(names.contains("bytes.any has a capital letter, 1 times"));
}

TEST_CASE("values outside of their bounds and enums are features of their own") {
  const auto format = make_format(kSchema, kRules, kBuilds);
  const auto names = names_in(*format, {0, 9});
  CHECK(names.contains("small.num below its minimum"));
  CHECK(names.contains("small.tag is unknown to its enum"));
  CHECK(names.contains("0 elements of small.items"));
  CHECK(names_in(*format, {10, 1}).contains("small.num above its maximum"));
}

TEST_CASE("what a contract can be asked for is every input that some build defines, by every operator") {
  const auto format = make_format(kSchema, kRules, kBuilds);
  const Features features(*format);
  std::set<std::string> names;
  for (const std::size_t i : features.expressible_uses()) names.insert(features.name(i));
  CHECK(names.size() == (5 + 2) * 2);
  CHECK(names.contains("type 3 input 4 op more"));
  CHECK(!names.contains("type 3 input 5 op more"));
  CHECK(!names.contains("type 3 input 0 op none"));
}

TEST_CASE("uses have the numbers that a driver knows them by") {
  const auto uses_in = [](const Format& format, const std::vector<std::uint8_t>& bytes) {
    const Features features(format);
    Tree tree(format);
    (void)tree.parse(bytes);
    std::string all;
    for (const Features::Use& use : features.uses_of(tree)) {
      all += fmt::format("{}.{} {}; ", use.instance, use.criterion, features.name(use.feature));
    }
    return all;
  };
  // A single sequence: each element is an instance. The second is a wildcard.
  const auto flat = make_format(kSchema, kRules, kBuilds);
  CHECK(uses_in(*flat, {3, 1, 3, 4, 1, 7, 0, 0, 7, 1, 2, 0}) ==
        "0.0 type 3 input 4 op less; 2.0 type 7 input 1 op more; ");
  const auto deep = make_format(R"(
meta: {id: deep, endian: le}
seq: [{id: groups, type: group, repeat: eos}]
types:
  group:
    seq: [{id: type, type: u1}, {id: num, type: u1}, {id: items, type: item, repeat: expr, repeat-expr: num}]
  item: {seq: [{id: input, type: u1}]}
)",
                                "format: deep\nuses: {each: groups.items, where: _.input != 9, type: _._parent.type, "
                                "input: _.input}\n",
                                kBuilds);
  CHECK(uses_in(*deep, {3, 0, 3, 3, 0, 9, 4, 7, 1, 1}) ==
        "1.0 type 3 input 0; 1.2 type 3 input 4; 2.0 type 7 input 1; ");
}

TEST_CASE("each feature has a name of its own, and the table has a bound") {
  for (const char* schema : {"schemas/channel.ksy", "schemas/regulatory_db.ksy", "fuzz/example/policy.ksy"}) {
    const auto format = load_format(schema);
    const Features features(*format);
    CHECK(features.size() <= kMostFeatures);
    std::set<std::string> names;
    for (std::size_t i = 0; i < features.size(); ++i) {
      INFO(schema << ": " << features.name(i));
      CHECK(names.insert(features.name(i)).second);
    }
  }
}

TEST_CASE("a short table of counters is not written past its end") {
  const auto format = make_format(kSchema, kRules, kBuilds);
  const Features features(*format);
  std::vector<std::uint8_t> counters(features.size(), 0xAA);
  Tree tree(*format);
  (void)tree.parse(std::vector<std::uint8_t>{1, 1, 3, 0, 1, 5});
  features.mark(tree, std::span(counters).first(10));
  for (std::size_t i = 10; i < counters.size(); ++i) CHECK(counters[i] == 0xAA);
}
