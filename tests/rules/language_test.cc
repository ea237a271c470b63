// What the loader refuses, with line and column.
#include <catch2/catch.hpp>

#include "tests/rules/judge.h"

namespace sluice::rules {
namespace {

const std::string kSchema = R"(meta: { id: things, encoding: ASCII }
seq:
  - { id: count, type: u1 }
  - { id: things, type: thing, repeat: expr, repeat-expr: count }
  - { id: numbers, type: u1, repeat: eos }
types:
  thing:
    seq:
      - { id: id, type: u1 }
      - { id: name, type: strz }
instances:
  twice: { value: count * 2 }
)";

std::string problems(const std::string& rules) { return problems_of({.schema = kSchema, .rules = rules, .bytes = ""}); }
std::string rule(const std::string& text) { return problems("rules:\n  - id: it\n    " + text + "\n"); }

TEST_CASE("another schema's rules") {
  CHECK(problems_of({.schema = "meta: { id: other }\nseq: []\n", .rules = "rules: []\n", .bytes = ""}).empty());
  CHECK(problems("format: x\n").find("duplicate") != std::string::npos);
}

TEST_CASE("unknown names and wrong types") {
  CHECK(rule("each: stuff\n    require: true") == "3:11 'things' has no field 'stuff'\n");
  CHECK(rule("each: things.id.x\n    require: true") == "3:11 'things.id.x' is not a structure\n");
  CHECK(rule("each: twice\n    require: true") ==
        "3:11 'twice' is computed, not read: there are no elements to visit\n");
  CHECK(rule("each: things\n    require: _.size > 1").find("4:14 ") == 0);
  CHECK(rule("each: things\n    require: _.name > 1").find("4:14 ") == 0);
  CHECK(rule("require: nothing > 1").find("3:14 ") == 0);
  CHECK(rule("require: count") == "3:14 expected a boolean, got an integer\n");
  CHECK(rule("each: things\n    unique: _").find("4:13 expected an integer, text or bytes") == 0);
  CHECK(rule("require: (1").find("3:14 ") == 0);
}

TEST_CASE("keys and kinds") {
  CHECK(rule("requires: true").find("3:5 unknown key found") != std::string::npos);
  CHECK(rule("each: things").find("expected exactly one of require / unique") != std::string::npos);
  CHECK(rule("each: things\n    require: true\n    unique: _.id").find("expected exactly one of") != std::string::npos);
  CHECK(rule("unique: count").find("`unique` is about many elements: `each` is missing") != std::string::npos);
  CHECK(rule("require: _root._io.pos == 3").find("`pos` and `eof` are about reading") != std::string::npos);
  CHECK(rule("each: things.id\n    closed: { open: true, close: true }").find("and this is none") != std::string::npos);
  CHECK(rule("each: things\n    closed: { open: true }").find("`close` is missing") != std::string::npos);
  CHECK(rule("each: things\n    closed: { open: 1, close: true }").find("expected a boolean, got an integer") !=
        std::string::npos);
  CHECK(rule("each: things\n    limit: { count: 1, sum: _.id }").find("expected one of count / sum / depth") !=
        std::string::npos);
  CHECK(rule("each: things\n    covers: true").find("`covers` is about the whole file") != std::string::npos);
  CHECK(rule("require: true\n    severity: fatal").find("expected error / warning / note") != std::string::npos);
  CHECK(rule("each: things\n    inside: { from: 0, size: 1 }").find("`region` is missing") != std::string::npos);
}

TEST_CASE("ids") {
  CHECK(problems("rules:\n  - { require: true }\n").find("`id` is missing") != std::string::npos);
  CHECK(problems("rules:\n  - { id: Big, require: true }\n").find("expected an id of small letters") !=
        std::string::npos);
  CHECK(problems("rules:\n  - { id: a, require: true }\n  - { id: a, require: true }\n")
            .find("3:11 there is a rule 'a' already") == 0);
}

TEST_CASE("names that are taken, and joins of different types") {
  CHECK(rule("let: { count: 1 }\n    require: true").find("'count' is the name of something else already") !=
        std::string::npos);
  CHECK(rule("let: { build: 1 }\n    require: true").find("is the name of something else already") !=
        std::string::npos);
  CHECK(rule("each: numbers\n    join: { t: { in: things, key: name, equals: _ } }\n    require: true")
            .find("key and equals are of different types: they are never equal") != std::string::npos);
  CHECK(rule("join: { t: { in: numbers, key: 1, equals: 1 } }\n    require: true")
            .find("'numbers' are no structures: they have no key") != std::string::npos);
}

TEST_CASE("kinds that remember elements remember them once for all builds") {
  CHECK(rule("each: things\n    unique: _.id + build.caps.most").find("4:13 ") == 0);
  CHECK(rule("each: things\n    where: build.caps.most > 1\n    limit: { count: 1 }").find("4:12 ") == 0);
  CHECK(rule("each: things\n    limit: { sum: build.caps.most, at_most: 1 }").find("4:19 ") == 0);
  CHECK(rule("each: things\n    sorted: _.id\n    message: \"{build.name}\"").find("5:14 ") == 0);
  CHECK(rule("each: things\n    limit: { count: build.caps.most }\n    message: \"{build.name}\"").empty());
}

TEST_CASE("messages") {
  CHECK(rule("require: true\n    message: \"{count\"").find("a `{` that nothing closes") != std::string::npos);
  CHECK(rule("require: true\n    message: \"count}\"").find("a `}` that closes nothing") != std::string::npos);
  CHECK(rule("require: true\n    message: \"{nobody}\"").find("4:14 ") == 0);
  CHECK(rule("require: true\n    message: \"{things}\"").find("a value that can be shown") != std::string::npos);
  CHECK(rule("each: things\n    limit: { count: 1 }\n    message: \"{_.id}\"").find("5:14 ") == 0);
}

TEST_CASE("a cap that a build lacks") {
  const auto said = [](const std::string& condition) {
    return problems_of({.schema = kSchema,
                        .rules = "rules:\n  - { id: a, require: " + condition + " }\n",
                        .bytes = "",
                        .builds = {{.name = "1", .support = "fielded", .supplies = {}, .defines = {}, .caps = {}}}});
  };
  CHECK(said("build.caps.most > count") == "2:23 build '1' has no cap 'most'\n");
  CHECK(said("build.caps.most.caps > 1").find("2:23 build '1' has no cap 'most'\n") != std::string::npos);
}

}  // namespace
}  // namespace sluice::rules
