// Content made to be expensive: what a rule costs is bounded whatever keys the file chooses.
#include <catch2/catch.hpp>
#include <chrono>
#include <random>

#include "tests/rules/judge.h"
#include "validator/program/collector.h"

namespace sluice::rules {
namespace {

using program::Value;

double seconds_of_unique(const std::vector<std::uint64_t>& keys) {
  program::Collector collector(program::RuleKind::unique, {});
  const auto begin = std::chrono::steady_clock::now();
  for (const std::uint64_t key : keys) {
    const Value value = Value::unsigned_integer(key);
    if (collector.add({&value, 1}, {}, 0)) FAIL("a key is there twice");
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double best_of_three(const std::vector<std::uint64_t>& keys) {
  double best = 1e9;
  for (int k = 0; k < 3; ++k) best = std::min(best, seconds_of_unique(keys));
  return best;
}

TEST_CASE("keys that met in a hash without a secret cost what other keys cost") {
  constexpr std::size_t kKeys = 30'000;
  std::mt19937_64 random(20240719);
  std::vector<std::uint64_t> others(kKeys), chosen(kKeys);
  for (auto& key : others) key = random();
  // Times 0x9E3779B97F4A7C15 they are 0 .. 29,999, of which nothing is left above the lowest 16 bits.
  for (std::size_t k = 0; k < kKeys; ++k) chosen[k] = k * 0xF1DE83E19937733Du;
  CHECK(best_of_three(chosen) < 20 * best_of_three(others));
}

std::string hex(std::size_t count, const std::string& bytes) {
  std::string out;
  for (std::size_t k = 0; k < count; ++k) out += bytes;
  return out;
}

TEST_CASE("one long text as the key of many elements is work in proportion to its length") {
  const std::string schema = R"(meta: { id: long, encoding: ASCII }
seq:
  - { id: name, type: str, size: 40000 }
  - { id: rows, type: row, repeat: expr, repeat-expr: 2 }
  - { id: users, type: row, repeat: eos }
types:
  row:
    seq:
      - { id: value, type: u1 }
)";
  const std::string bytes = hex(40'000, "41") + hex(20'000, "01");
  const auto ask = [&](const std::string& rule) {
    return judge({.schema = schema, .rules = "rules:\n  - { id: it, each: users, " + rule + " }\n", .bytes = bytes});
  };
  CHECK(ask("sorted: _root.name").find("limit_steps") != std::string::npos);
  CHECK(ask("where: _.value > 1, unique: _root.name").empty());
  CHECK(ask("unique: _root.name").find("limit_steps") != std::string::npos);
  CHECK(ask("join: { r: { in: rows, key: _root.name, equals: _root.name } }, require: true").find("limit_steps") !=
        std::string::npos);
}

}  // namespace
}  // namespace sluice::rules
