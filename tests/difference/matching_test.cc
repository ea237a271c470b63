// Which record is which: by keys, by position, and where a key is not unique.
#include <catch2/catch.hpp>

#include "validator/difference/matching.h"

namespace sluice::difference {
namespace {

using program::Value;

std::vector<Value> numbers(std::initializer_list<std::uint64_t> keys) {
  std::vector<Value> out;
  for (const std::uint64_t key : keys) out.push_back(Value::unsigned_integer(key));
  return out;
}

// `2=0 +1`: the record at 2 was at 0, the one at 1 is new; `-3` was there; `#2` is the second of its key.
std::string pairs(const std::vector<Value>& before, const std::vector<Value>& now) {
  Budget budget({}, 0);
  const auto matching = Matching::by_key(before, now, budget);
  REQUIRE(matching);
  std::string out;
  for (std::uint64_t k = 0; k < matching->size(); ++k) {
    const Match m = matching->at(k);
    out += out.empty() ? "" : " ";
    if (m.before == kNone) {
      out += "+" + std::to_string(m.now);
    } else if (m.now == kNone) {
      out += "-" + std::to_string(m.before);
    } else {
      out += std::to_string(m.now) + "=" + std::to_string(m.before);
    }
    if (m.repeat > 1) out += "#" + std::to_string(m.repeat);
  }
  return out + (matching->reordered() ? " reordered" : "");
}

TEST_CASE("records are matched by their keys, wherever they stand") {
  CHECK(pairs(numbers({10, 20, 30}), numbers({10, 20, 30})) == "0=0 1=1 2=2");
  CHECK(pairs(numbers({10, 20, 30}), numbers({20, 25, 30})) == "-0 0=1 +1 2=2");
  CHECK(pairs(numbers({}), numbers({7})) == "+0");
  CHECK(pairs(numbers({7, 8}), numbers({})) == "-0 -1");
  CHECK(pairs({}, {}).empty());
}

TEST_CASE("another order is not another record") {
  CHECK(pairs(numbers({10, 20, 30}), numbers({30, 10, 20})) == "0=2 1=0 2=1 reordered");
  CHECK(pairs(numbers({10, 20, 30}), numbers({5, 20, 30, 40})) == "-0 +0 1=1 2=2 +3");
}

TEST_CASE("of several records with one key the first is the first") {
  CHECK(pairs(numbers({7, 7}), numbers({7, 7, 7})) == "0=0 1=1#2 +2#3");
  CHECK(pairs(numbers({7, 7, 8}), numbers({7, 8})) == "-1#2 0=0 1=2");
}

TEST_CASE("keys of all kinds, and none, have an order") {
  const std::string_view a = "a";
  const Value text = Value::bytes({reinterpret_cast<const std::uint8_t*>(a.data()), 1}, program::Tag::string);
  const auto nan = Value::floating(std::numeric_limits<double>::quiet_NaN());
  CHECK(pairs({text, Value::null(), Value::signed_integer(-1)}, {Value::signed_integer(-1), text, Value::null()}) ==
        "0=2 1=0 2=1 reordered");
  CHECK(pairs({nan}, {nan}) == "0=0");
  CHECK(pairs({Value::unsigned_integer(UINT64_MAX)}, {Value::signed_integer(-1)}) == "-0 +0");
}

TEST_CASE("by position the longer one has records left") {
  const Matching matching = Matching::by_index(1, 3);
  CHECK(matching.size() == 3);
  CHECK(matching.at(0).before == 0);
  CHECK(matching.at(2).before == kNone);
  CHECK(matching.at(2).now == 2);
}

TEST_CASE("matching is charged") {
  Budget few_steps({.steps = 10}, 0);
  CHECK(!Matching::by_key(numbers({1, 2, 3, 4, 5, 6, 7, 8}), numbers({1}), few_steps));
  CHECK(few_steps.failure()->id == FindingId::limit_steps);
  Budget little_memory({.memory = 64}, 0);
  CHECK(!Matching::by_key(numbers({1, 2, 3}), numbers({1}), little_memory));
  CHECK(little_memory.failure()->id == FindingId::limit_memory);
  Budget enough({.memory = 4096}, 0);
  for (int k = 0; k < 1000; ++k) {
    const auto matching = Matching::by_key(numbers({1, 2, 3}), numbers({1}), enough);
    REQUIRE(matching);  // what was held is given back
    enough.give_back(matching->memory());
  }
}

}  // namespace
}  // namespace sluice::difference
