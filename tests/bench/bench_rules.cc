// What rules cost beside the walk of the same file with `valid` alone, and whether they cost the same for each instance
// of a small file and of a large one.
#include <fmt/core.h>

#include <algorithm>

#include "tests/bench/bench.h"
#include "tests/bench/content.h"
#include "tests/bench/measure.h"
#include "tests/bench/peers.h"
#include "tests/bench/schemas.h"
#include "validator/program/walk.h"
#include "validator/rules/load.h"
#include "validator/schema/compile.h"
#include "validator/schema/load.h"

namespace sluice::bench {

namespace {

constexpr std::uint32_t kTypes = 1000;

const std::string kSchema = R"(meta:
  id: rated
  endian: le
seq:
  - { id: num_types, type: u4 }
  - { id: num_instances, type: u4 }
  - { id: types, type: template_type, repeat: expr, repeat-expr: num_types }
  - { id: instances, type: instance, repeat: expr, repeat-expr: num_instances }
types:
  template_type:
    seq:
      - { id: id, type: u2 }
      - { id: num_inputs, type: u2, valid: { max: 64 } }
  instance:
    seq:
      - { id: id, type: u4 }
      - { id: type_id, type: u2, valid: { max: 999 } }
      - { id: num_criteria, type: u2, valid: { max: 64 } }
      - { id: criteria, type: criterion, repeat: expr, repeat-expr: num_criteria }
  criterion:
    seq:
      - { id: op, type: u1, enum: op }
      - { id: input, type: u1, valid: { max: 63 } }
      - { id: weight, type: u2, valid: { max: 1000 } }
enums:
  op: { 0: any, 1: equal, 2: not_equal, 3: prefix }
)";

const std::string kRules = R"(format: rated
uses:
  each: instances.criteria
  where: _.op != op::any
  type: _._parent.type_id
  input: _.input
  defined: { in: types, key: id, count: num_inputs }
rules:
  - { id: few-types, each: types, limit: { count: build.caps.types } }
  - { id: types-once, each: types, unique: _.id }
  - { id: types-sorted, each: types, sorted: { by: _.id, strict: true } }
  - { id: types-supplied, each: types, require: "_.num_inputs <= build.supplies[_.id]" }
  - { id: few-instances, each: instances, limit: { count: build.caps.instances } }
  - { id: instances-sorted, each: instances, sorted: _.id }
  - { id: instances-named, each: instances, require: _.id != 0xffff_ffff }
  - { id: instances-judge, each: instances, require: _.num_criteria > 0 }
  - id: criteria-defined
    each: instances
    join: { type: { in: types, key: id, equals: _.type_id } }
    require: _.num_criteria <= type.num_inputs
  - { id: capped, each: instances, require: _.num_criteria <= build.caps.criteria }
  - { id: weight, each: instances, limit: { sum: _.num_criteria, at_most: 1_000_000_000 } }
  - { id: heavy, each: instances.criteria, where: _.weight > 900, require: _.op != op::any }
)";

Bytes content(std::uint32_t instances) {
  Bytes out;
  const auto put = [&](std::uint64_t value, int width) {
    for (int k = 0; k < width; ++k) out.push_back(static_cast<std::uint8_t>(value >> (8 * k)));
  };
  put(kTypes, 4);
  put(instances, 4);
  for (std::uint32_t k = 0; k < kTypes; ++k) {
    put(k, 2);
    put(21, 2);
  }
  for (std::uint32_t k = 0; k < instances; ++k) {
    put(k, 4);
    put(k * 2654435761u % kTypes, 2);
    put(8, 2);
    for (std::uint32_t c = 0; c < 8; ++c) {
      put(c % 4, 1);
      put((k + c) % 20, 1);
      put((k * 7 + c) % 900, 2);
    }
  }
  return out;
}

std::vector<program::BuildFacts> eight_builds() {
  std::vector<program::BuildFacts> builds;
  for (int k = 0; k < 8; ++k) {
    program::BuildFacts build{.name = fmt::format("7.{}", k),
                              .support = "fielded",
                              .supplies = {},
                              .defines = {},
                              .caps = {{"types", 2000}, {"instances", 2'000'000}, {"criteria", 64}}};
    for (std::uint32_t t = 0; t < kTypes; ++t) build.supplies[t] = build.defines[t] = 21;
    builds.push_back(std::move(build));
  }
  return builds;
}

program::Program with_rules() {
  std::vector<schema::Problem> problems;
  auto schema = schema::load_schema_text("bench.ksy", kSchema, problems);
  require(schema.has_value(), "the schema does not load");
  const auto builds = eight_builds();
  const bool loaded = rules::load_rules_text("bench.rules.yaml", kRules, *schema, builds, problems);
  require(loaded, problems.empty() ? "the rules do not load" : problems.back().message);
  return schema::compile(*schema, {.builds = builds});
}

}  // namespace

void bench_rules(const Setting& setting) {
  const program::Program rules = with_rules();
  const program::Program scan = compiled(kSchema);
  const program::Program machine = compiled(kSchema, false);
  double per_instance[2] = {};
  for (const std::uint32_t instances : {10'000u, 1'000'000u}) {
    const Bytes file = content(instances);
    std::uint64_t memory = 0;
    std::vector<Contender> race_of = {
        {"with 12 rules, 8 builds",
         [&] {
           Findings findings;
           memory = program::check(rules, file, {}, "content", findings).memory;
           require(findings.empty(), findings.empty() ? "" : because(findings.list()[0]));
         }},
        {"valid alone, by the machine", [&] { require(is_accepted(machine, file), "the machine refuses it"); }},
        {"valid alone, by the scan", [&] { require(is_accepted(scan, file), "the scan refuses it"); }},
    };
    race(race_of, std::min(setting.rounds, 5));
    fmt::print("  {} instances of 8 criteria, 1,000 template types\n", instances);
    for (const Contender& c : race_of) {
      print_speed(c.name, file.size(), c.best, fmt::format("{:.0f} ns an instance", c.best / instances * 1e9));
    }
    per_instance[instances == 1'000'000 ? 1 : 0] = race_of[0].best / instances;
    if (instances < 1'000'000) continue;
    print_target("time, of the walk's without rules (machine)", race_of[0].best / race_of[1].best, "x", 2, true);
    print_speed("the same, of the scan's", file.size(), race_of[2].best,
                fmt::format("{:.1f} x", race_of[0].best / race_of[2].best));
    print_target("memory that the walk keeps", static_cast<double>(memory) / (1 << 20), "MiB", 4, true);
  }
  print_target("time an instance, 1M to 10k", per_instance[1] / per_instance[0], "x", 1.3, true);
}

}  // namespace sluice::bench
