// Features by names that outlive an edit of the schema, and first uses against what such names say.
#include "validator/difference/feature_name.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/difference/diff.h"
#include "validator/difference/novelty.h"
#include "validator/rules/load.h"
#include "validator/schema/compile.h"

namespace sluice::difference {
namespace {

const std::string kSensor = R"(meta: { id: sensor }
seq:
  - { id: version, type: u1 }
  - { id: rows, type: row, repeat: eos }
types:
  row:
    seq:
      - { id: kind, type: u1 }
      - { id: op, type: u1, enum: op }
      - { id: input, type: u1 }
      - { id: body, size: 1, type: { switch-on: kind, cases: { 1: small, 0x2: large, _root.version: small } } }
      - { id: extra, type: u1, if: kind == 2 }
    types:
      small: { seq: [{ id: weight, type: u1 }] }
      large: { seq: [{ id: weight, type: u1, enum: op }] }
enums:
  op: { 0: any, 1: equals, 2: prefix }
)";

const std::string kUses = R"(uses:
  each: rows
  where: _.op != op::any
  type: _.kind
  input: _.input
)";

// A schema, its rules and what is made of them.
class Words {
 public:
  explicit Words(const std::string& schema_text, const std::string& rules = kUses) {
    std::vector<schema::Problem> problems;
    schema_ = schema::load_schema_text("small.ksy", schema_text, problems);
    for (const auto& p : problems) UNSCOPED_INFO(p.path + ": " + p.message);
    REQUIRE(schema_.has_value());
    (void)rules::load_rules_text("small.rules.yaml", "format: " + schema_->id + "\n" + rules, *schema_, {}, problems);
    for (const auto& p : problems) {
      if (!p.is_warning) FAIL(p.path + ": " + p.message);
    }
    program_ = schema::compile(*schema_, {.keep_everything = true});
    plan_ = Plan::of(*schema_, program_);
    names_.emplace(program_, plan_);
  }

  [[nodiscard]] const FeatureNames& names() const { return *names_; }
  [[nodiscard]] const program::Program& program() const { return program_; }

  // The names of all that the content uses.
  std::vector<std::string> used_by(const std::string& hex) {
    const std::string content = bytes_of_hex(hex);
    program::Session session(program_, view_of(content), {});
    REQUIRE(session.read());
    Budget budget({}, 0);
    Usage usage(program_, budget);
    std::optional<Finding> failure;
    REQUIRE(survey(session, plan_, budget, usage, failure));
    return names().names_of(usage);
  }

  // The first uses of the content where these names are known.
  std::string first_uses(const std::string& hex, const std::vector<std::string>& known) {
    const std::string content = bytes_of_hex(hex);
    program::Session session(program_, view_of(content), {});
    REQUIRE(session.read());
    Budget budget({}, 0);
    Usage usage(program_, budget);
    REQUIRE(names().add(known, usage));
    Findings findings;
    std::optional<Finding> failure;
    REQUIRE(find_first_uses(session, plan_, budget, usage, 2, "", findings, failure));
    std::string out;
    for (const Finding& finding : findings.list()) out += because(finding) + "\n";
    return out;
  }

 private:
  static std::span<const std::uint8_t> view_of(const std::string& content) {
    return {reinterpret_cast<const std::uint8_t*>(content.data()), content.size()};
  }

  std::optional<schema::Schema> schema_;
  program::Program program_;
  Plan plan_;
  std::optional<FeatureNames> names_;
};

std::string joined(const std::vector<std::string>& lines) { return fmt::format("{}", fmt::join(lines, "\n")); }

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// Rows: kind 1 with a wildcard, kind 2 with input 9, a kind that is the version, and one that is nothing's.
const std::string kContent = "05  01 00 07 aa  02 01 09 02 ee  05 02 08 bb  09 00 00 cc";

const std::string kNames =
    "choice sensor::row.body\n"
    "choice sensor::row.body=1\n"
    "choice sensor::row.body=2\n"
    "choice sensor::row.body=_root.version\n"
    "field sensor.rows\n"
    "field sensor::row.extra\n"
    "input template_type=2 input=9\n"
    "input template_type=5 input=8\n"
    "template_type 1\n"
    "template_type 2\n"
    "template_type 5\n"
    "template_type 9\n"
    "value sensor::row.op=0\n"
    "value sensor::row.op=1\n"
    "value sensor::row.op=2\n"
    "value sensor::row::large.weight=2";

TEST_CASE("all that a file uses, by names") { CHECK(joined(Words(kSensor).used_by(kContent)) == kNames); }

TEST_CASE("each name leads back to its feature") {
  Words words(kSensor);
  for (const std::string& name : words.used_by(kContent)) {
    CAPTURE(name);
    const auto feature = words.names().feature(name);
    REQUIRE(feature.has_value());
    CHECK(words.names().name_of(*feature) == name);
  }
  const Feature extreme{Feature::Kind::input, 0, 0, kIntegerMin, kIntegerMax};
  CHECK(words.names().name_of(extreme) == "input template_type=-9223372036854775808 input=18446744073709551615");
  CHECK(words.names().feature(words.names().name_of(extreme)) == extreme);
}

TEST_CASE("nothing is new to what has its own names, and all of it where one is missing") {
  Words words(kSensor);
  std::vector<std::string> known = words.used_by(kContent);
  CHECK(words.first_uses(kContent, known).empty());
  const auto without = [&](const std::string& name) {
    std::vector<std::string> less = known;
    std::erase(less, name);
    REQUIRE(less.size() + 1 == known.size());
    return words.first_uses(kContent, less);
  };
  CHECK(without("input template_type=2 input=9") ==
        "input 9 of template type 2 is dereferenced once; not once in 2 older files\n");
  CHECK(without("value sensor::row.op=2") == "row.op is prefix once; not once in 2 older files\n");
  CHECK(without("choice sensor::row.body") == "row.body is of case none once; not once in 2 older files\n");
  CHECK(without("choice sensor::row.body=2") == "row.body is of case `0x2` once; not once in 2 older files\n");
  CHECK(without("field sensor::row.extra") == "row.extra is there once; not once in 2 older files\n");
  CHECK(without("template_type 9") == "template type 9 is named once; not once in 2 older files\n");
}

TEST_CASE("an edit of the schema that moves everything changes no name") {
  // Another type before, other members before, the cases in another order and with one more, other labels.
  std::string edited = replaced(kSensor, "types:\n", "types:\n  a_new_one: { seq: [{ id: x, type: u1, enum: op }] }\n");
  edited = replaced(edited, "      - { id: kind, type: u1 }\n",
                    "      - { id: nothing, size: 0, if: false }\n      - { id: kind, type: u1 }\n");
  edited = replaced(edited, "{ 1: small, 0x2: large, _root.version: small }",
                    "{ 7: large, _root.version: small, 2: large, 1: small }");
  edited = replaced(edited, "{ 0: any, 1: equals, 2: prefix }", "{ 0: all, 1: same, 2: start, 3: end }");
  Words words(edited, replaced(kUses, "op::any", "op::all"));
  std::vector<std::string> known = Words(kSensor).used_by(kContent);
  CHECK(joined(words.used_by(kContent)) == kNames);
  CHECK(words.first_uses(kContent, known).empty());
  CHECK(words.first_uses("05  07 03 00 02", known) ==
        "template type 7 is named once; not once in 2 older files\n"
        "row.op is end once; not once in 2 older files\n"
        "row.body is of case `7` once; not once in 2 older files\n");
}

TEST_CASE("all that a file uses is new to what knows nothing, and to a type of another name") {
  Words words(kSensor);
  CHECK(words.first_uses("05  02 00 07 02 ee", {}) ==
        "sensor.rows is there once; not once in 2 older files\n"
        "template type 2 is named once; not once in 2 older files\n"
        "row.op is any once; not once in 2 older files\n"
        "row.body is of case `0x2` once; not once in 2 older files\n"
        "large.weight is prefix once; not once in 2 older files\n"
        "row.extra is there once; not once in 2 older files\n");
  const std::vector<std::string> known = words.used_by(kContent);
  std::string edited = replaced(kSensor, "0x2: large", "0x2: huge");
  edited = replaced(edited, "      large: {", "      huge: {");
  CHECK(Words(edited).first_uses(kContent, known) == "huge.weight is prefix once; not once in 2 older files\n");
}

TEST_CASE("what the schema does not have is skipped") {
  Words words(kSensor);
  for (const char* name : {
           "",
           "field sensor::row",
           "field sensor::row.gone",
           "field sensor::row.extra=1",
           "value sensor::row.op",
           "value sensor::row.op=",
           "value sensor::row.op=prefix",
           "value sensor::row.op=0x1",
           "value sensor::row.op=01",
           "value sensor::row.op=-0",
           "value sensor::row.op=1_0",
           "value sensor::row.op=18446744073709551616",
           "value sensor::row.op=-9223372036854775809",
           "value  sensor::row.op=1",
           "choice sensor::row.op=1",
           "choice sensor::row.body=",
           "choice sensor::row.body=0x2",
           "choice sensor::row.body=8",
           "template_type",
           "template_type x",
           "input template_type=1",
           "input template_type=1 input=",
           "input template_type=1 input=2 input=3",
           "inputs template_type=1 input=2",
       }) {
    CAPTURE(name);
    CHECK(!words.names().feature(name));
    Budget budget({}, 0);
    Usage usage(words.program(), budget);
    CHECK(words.names().add(std::vector<std::string>{name}, usage));
    CHECK(words.names().names_of(usage).empty());
  }
}

TEST_CASE("features that are known count against the budget") {
  Words words(kSensor);
  program::Limits limits;
  limits.memory = 1000;
  Budget budget(limits, 0);
  Usage usage(words.program(), budget);
  std::vector<std::string> names;
  for (int k = 0; k < 1000; ++k) names.push_back(fmt::format("template_type {}", k));
  CHECK(!words.names().add(names, usage));
  CHECK(usage.has(*words.names().feature("template_type 0")));
  CHECK(usage.failure()->id == FindingId::limit_memory);
}

}  // namespace
}  // namespace sluice::difference
