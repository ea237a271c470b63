// Joins, and the three integers: what content uses against what each build supplies.
#include <catch2/catch.hpp>

#include "tests/rules/judge.h"

namespace sluice::rules {
namespace {

const std::string kSensor = R"(meta: { id: sensor, encoding: ASCII }
seq:
  - { id: num_types, type: u1 }
  - { id: types, type: template_type, repeat: expr, repeat-expr: num_types }
  - { id: num_instances, type: u1 }
  - { id: instances, type: instance, repeat: expr, repeat-expr: num_instances }
types:
  template_type:
    seq:
      - { id: id, type: u1 }
      - { id: num_inputs, type: u1 }
  instance:
    seq:
      - { id: type_id, type: u1 }
      - { id: num_criteria, type: u1 }
      - { id: criteria, type: criterion, repeat: expr, repeat-expr: num_criteria }
  criterion:
    seq:
      - { id: op, type: u1, enum: op }
      - { id: input, type: u1 }
enums:
  op: { 0: any, 1: equals }
)";

const std::string kUses = R"(uses:
  each: instances.criteria
  where: _.op != op::any
  type: _._parent.type_id
  input: _.input
  defined: { in: types, key: id, count: num_inputs }
)";

program::BuildFacts build(std::string name, std::map<Integer, Integer> supplies) {
  return {.name = std::move(name), .support = "fielded", .supplies = supplies, .defines = supplies, .caps = {}};
}

TEST_CASE("the three integers: a use past the supply of one build") {
  auto old = build("7.11", {{3, 20}});
  old.defines[3] = 21;
  const Question question{.schema = kSensor,
                          .rules = kUses,
                          .bytes = "01  03 15   01  03 02  01 00  01 14",
                          .builds = {build("7.10", {{1, 12}}), old, build("7.12", {{3, 21}})}};
  CHECK(judge(question) ==
        "unknown_template_type instances[0].criteria[0] @6..8 [7.10]: build 7.10 does not know template type 3\n"
        "unknown_template_type instances[0].criteria[1] @8..10 [7.10]: build 7.10 does not know template type 3\n"
        "inputs_beyond_supply instances[0].criteria[1].input @9..10 [7.11]: input 20 >= 20 supplied (build 7.11, "
        "template type 3, which defines 21)\n");
}

TEST_CASE("a use past the supply is told where the content's own definition cannot be computed") {
  const auto ask = [](const std::string& count, const std::string& name) {
    return judge(
        {.schema = kSensor,
         .rules = "uses:\n  each: instances.criteria\n  where: _.op != op::any\n  type: _._parent.type_id\n"
                  "  input: _.input\n  defined: { in: types, key: id, count: \"" +
                  count + "\", name: \"" + name +
                  "\" }\n"
                  "rules:\n  - { id: small, each: instances.criteria, require: _.input < 9 }\n",
         .bytes = "01  03 15   01  03 01  01 14",
         .builds = {{.name = "7.11", .support = "fielded", .supplies = {{3, 20}}, .defines = {}, .caps = {}}}});
  };
  // Of the element, and not of the row.
  const std::string after = "sensor/small instances[0].criteria[0] @6..8: _.input < 9: 20, 9\n";
  const std::string use = "inputs_beyond_supply instances[0].criteria[0].input @7..8 [7.11]: input 20 >= 20 supplied ";
  const std::string in_table = "division_by_zero types[0] @1..3: the divisor of 1 / (num_inputs - 21) is 0\n";
  const std::string in_use =
      "division_by_zero instances[0].criteria[0] @6..8: the divisor of 1 / (num_inputs - 21) is 0\n";
  CHECK(ask("num_inputs", "'name'") == use + "(build 7.11, template type 3 \"name\", which defines 21)\n" + after);
  CHECK(ask("1 / (num_inputs - 21)", "'name'") ==
        in_table + in_use + use + "(build 7.11, template type 3 \"name\", which defines an unknown number)\n" + after);
  CHECK(ask("num_inputs", "'name'.substring(0, 9)") ==
        "index_out_of_range instances[0].criteria[0] @6..8: index 9 >= 4 elements\n" + use +
            "(build 7.11, template type 3, which defines 21)\n" + after);
}

TEST_CASE("a use past the supply is told where the name of its type was no text") {
  std::string schema = kSensor;
  schema.insert(schema.find("  instance:\n"), "      - { id: name, type: str, size: 1 }\n");
  CHECK(judge({.schema = schema,
               .rules = "uses:\n  each: instances.criteria\n  type: _._parent.type_id\n  input: _.input\n"
                        "  defined: { in: types, key: id, count: num_inputs, name: name }\n"
                        "rules:\n  - { id: small, each: instances.criteria, require: _.input < 9 }\n",
               .bytes = "01  03 15 ff   01  03 01  01 14",
               .builds = {build("7.11", {{3, 20}})}}) ==
        "bad_string types[0].name @3..4: not valid ASCII at byte 0\n"
        "definition_differs types[0] @1..4 [7.11]: template type 3 has 21 inputs in the content and 20 in build 7.11\n"
        "inputs_beyond_supply instances[0].criteria[0].input @8..9 [7.11]: input 20 >= 20 supplied (build 7.11, "
        "template type 3, which defines 20)\n"
        "sensor/small instances[0].criteria[0] @7..9: _.input < 9: 20, 9\n");
}

TEST_CASE("a wildcard dereferences nothing") {
  CHECK(judge({.schema = kSensor,
               .rules = kUses,
               .bytes = "01  03 15   01  03 02  00 00  00 14",
               .builds = {build("7.10", {{1, 12}}), build("7.12", {{3, 21}})}})
            .empty());
}

TEST_CASE("the content's own definition of a type is compared with the build's") {
  CHECK(
      judge({.schema = kSensor, .rules = kUses, .bytes = "01  03 14   00", .builds = {build("7.12", {{3, 21}})}}) ==
      "definition_differs types[0] @1..3 [7.12]: template type 3 has 20 inputs in the content and 21 in build 7.12\n");
}

TEST_CASE("join: the partner, none, and two") {
  const std::string rules =
      "rules:\n  - id: few\n    each: instances\n    join: { type: { in: types, key: id, equals: _.type_id } }\n"
      "    require: _.num_criteria <= type.num_inputs\n";
  const auto ask = [&](const std::string& bytes) { return judge({.schema = kSensor, .rules = rules, .bytes = bytes}); };
  CHECK(ask("02  01 05  03 01   01  03 01  00 00").empty());
  CHECK(ask("01  03 00   01  03 01  00 00") ==
        "sensor/few instances[0] @4..8: _.num_criteria <= type.num_inputs: 1, 0\n");
  CHECK(ask("01  03 01   01  04 01  00 00") == "join_missing instances[0] @4..8: no row of types has id = 4\n");
  CHECK(ask("02  03 01  03 02   01  03 01  00 00") == "join_double instances[0] @6..10: 2 rows of types have id = 3\n");
}

TEST_CASE("rules that name the build are judged for each") {
  auto small = build("small", {{3, 20}});
  small.caps["most"] = 1;
  auto large = build("large", {{3, 21}});
  large.caps["most"] = 2;
  const std::string bytes = "01  03 15   02  03 00  03 00";
  CHECK(judge({.schema = kSensor,
               .rules = "rules:\n  - id: cap\n    each: instances\n    limit: { count: build.caps.most }\n",
               .bytes = bytes,
               .builds = {small, large}}) == "sensor/cap @0..8 [small]: there are 2, at most 1 is allowed\n");
  CHECK(judge({.schema = kSensor,
               .rules = "rules:\n  - id: cap\n    each: types\n    require: _.num_inputs <= build.supplies[_.id]\n"
                        "    message: \"{build.name} supplies {build.supplies[_.id]}\"\n",
               .bytes = bytes,
               .builds = {small, large}}) == "sensor/cap types[0] @1..3 [small]: small supplies 20\n");
  CHECK(judge({.schema = kSensor,
               .rules = "rules:\n  - id: cap\n    each: types\n    require: build.supplies[9] > 0\n",
               .bytes = bytes,
               .builds = {small}}) ==
        "unknown_template_type types[0] @1..3 [small]: build small does not know template type 9\n");
}

TEST_CASE("a missing partner is told to each rule and for each build") {
  const auto a = build("a", {{3, 5}});
  const auto b = build("b", {{3, 6}});
  const std::string join = "join: { t: { in: types, key: id, equals: _.type_id } }, require: t.num_inputs < 9 }\n";
  CHECK(judge({.schema = kSensor,
               .rules = "rules:\n  - { id: one, severity: note, each: instances, where: build.name == \"a\", " + join +
                        "  - { id: two, each: instances, where: build.name == \"b\", " + join,
               .bytes = "01  03 01   02  04 00  04 00",
               .builds = {a, b}}) ==
        "join_missing instances[0] @4..6 [a]: no row of types has id = 4\n"
        "join_missing instances[0] @4..6 [b]: no row of types has id = 4\n");
}

TEST_CASE("an instance that cannot be computed is wrong for every build") {
  std::string schema = kSensor;
  schema.insert(schema.find("  criterion:\n"),
                "    instances:\n      huge: { value: type_id * 9223372036854775807 }\n");
  auto a = build("a", {{3, 5}});
  auto b = build("b", {{3, 6}});
  a.caps["most"] = b.caps["most"] = 9;
  CHECK(judge({.schema = schema,
               .rules = "rules:\n  - { id: few, each: instances, require: _.huge < build.caps.most }\n",
               .bytes = "01  03 15   01  03 00",
               .builds = {a, b}}) ==
        "arithmetic_overflow instances[0].huge: type_id * 9223372036854775807 leaves the range of 64-bit integers\n");
}

TEST_CASE("a bound that cannot be computed for one build says nothing of the next") {
  const auto unknown = build("first", {{1, 5}});
  const auto small = build("second", {{3, 1}});
  CHECK(judge({.schema = kSensor,
               .rules = "rules:\n  - { id: few, each: instances, limit: { count: \"build.supplies[3]\" } }\n",
               .bytes = "01  03 15   02  03 00  03 00",
               .builds = {unknown, small}}) ==
        "unknown_template_type @0..8 [first]: build first does not know template type 3\n"
        "sensor/few @0..8 [second]: there are 2, at most 1 is allowed\n");
}

TEST_CASE("a rule that names the build is not judged without a driver") {
  CHECK(judge({.schema = kSensor, .rules = "rules:\n  - { id: cap, require: build.caps.most > 0 }\n", .bytes = "00 00"})
            .empty());
}

TEST_CASE("the range of builds that a file declares") {
  const std::string schema =
      "meta: { id: ranged, encoding: ASCII }\nseq:\n  - { id: a, type: strz }\n  - { id: b, type: strz }\n";
  CHECK(judge({.schema = schema, .rules = "builds: { from: a, to: b }\n", .bytes = "37 2e 31 00  38 00"}) ==
        "for 7.1 to 8\n");
}

}  // namespace
}  // namespace sluice::rules
