// Content made to be expensive: what a rule costs is bounded whatever keys the file chooses.
#include <fmt/core.h>

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

TEST_CASE("a rule that comes to thousands of instances, each by way of the next") {
  constexpr int kInstances = 5000;
  std::string schema =
      "meta: { id: far }\nseq:\n  - { id: rows, type: u1, repeat: expr, repeat-expr: 3 }\ninstances:\n";
  schema += "  i0: { value: rows.size }\n";
  for (int k = 1; k < kInstances; ++k) schema += fmt::format("  i{}: {{ value: i{} }}\n", k, k - 1);
  const auto ask = [&](int k) {
    return judge({.schema = schema,
                  .rules = fmt::format("rules:\n  - {{ id: it, each: rows, require: i{} == 3 }}\n", k),
                  .bytes = "00 00 00"});
  };
  CHECK(ask(20).empty());
  CHECK(ask(kInstances - 1).find("far/it") == std::string::npos);
}

TEST_CASE("following references takes no more room than there is") {
  constexpr std::uint64_t kNodes = 10'000;
  for (const auto kind : {program::RuleKind::acyclic, program::RuleKind::limit_depth}) {
    program::Collector chain(kind, {});
    for (std::uint64_t k = 0; k < kNodes; ++k) {
      const Value edge[] = {Value::unsigned_integer(k), Value::unsigned_integer(k + 1)};
      (void)chain.add(edge, {}, 0);
    }
    std::optional<std::string> wrong;
    CHECK(chain.judge(kNodes, kNodes * 500, wrong));
    CHECK_FALSE(wrong.has_value());
    CHECK_FALSE(chain.judge(kNodes, kNodes * 50, wrong));
    CHECK_FALSE(chain.judge(kNodes, 0, wrong));
  }
}

TEST_CASE("what is left open is counted as memory, and given back when it is closed") {
  program::Collector collector(program::RuleKind::nested, {});
  const Value open[] = {Value::boolean(true), Value::boolean(false)};
  const Value close[] = {Value::boolean(false), Value::boolean(true)};
  constexpr std::uint64_t kSequences = 1000;
  for (std::uint64_t k = 1; k <= kSequences; ++k) {
    for (int n = 0; n < 3; ++n) (void)collector.add(open, {}, k);
  }
  const std::uint64_t full = collector.memory();
  CHECK(full >= kSequences * 64);
  CHECK(full <= kSequences * 256);
  for (std::uint64_t k = 1; k <= kSequences; ++k) {
    for (int n = 0; n < 3; ++n) (void)collector.add(close, {}, k);
  }
  CHECK(collector.memory() == 0);
  std::optional<std::string> wrong;
  CHECK(collector.judge({}, 0, wrong));
  CHECK_FALSE(wrong.has_value());
}

TEST_CASE("a rule whose references do not fit is no verdict") {
  std::string bytes;
  for (unsigned k = 0; k < 2000; ++k)
    bytes += fmt::format("{:02x} {:02x} {:02x} {:02x} ", k & 0xFF, k >> 8, (k + 1) & 0xFF, (k + 1) >> 8);
  const auto ask = [&](std::uint64_t memory) {
    return judge(
        {.schema = "meta: { id: chain, endian: le }\nseq:\n  - { id: rows, type: row, repeat: eos }\ntypes:\n  row:\n"
                   "    seq:\n      - { id: from, type: u2 }\n      - { id: to, type: u2 }\n",
         .rules = "rules:\n  - { id: it, each: rows, acyclic: { node: _.from, to: _.to } }\n",
         .bytes = bytes,
         .memory = memory});
  };
  CHECK(ask(4 << 20).empty());
  // Room for the references (96 bytes each), and none for where each leads.
  CHECK(ask(250'000).find("lean:\nlimit_memory") == 0);
}

}  // namespace
}  // namespace sluice::rules
