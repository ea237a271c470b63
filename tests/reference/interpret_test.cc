#include <catch2/catch.hpp>

#include "fuzz/reference/sensor.h"
#include "tests/reference/naive.h"

namespace sluice {

namespace {

std::vector<std::pair<std::uint32_t, std::uint32_t>> reached;

constexpr std::uint32_t kFile = 2;  // text 0..3, bytes 4, numbers 5..7

sensor_criterion criterion(std::uint16_t input, int op, int kind, const std::string& operand) {
  return {input, static_cast<std::uint8_t>(op), static_cast<std::uint8_t>(kind),
          static_cast<std::uint32_t>(operand.size()), reinterpret_cast<const std::uint8_t*>(operand.data())};
}

// Content as loading leaves it, and one event of the type `file`.
struct Bench {
  std::vector<sensor_group> groups;
  std::vector<sensor_criterion> criteria;
  std::vector<sensor_instance> instances;
  sensor_event event{kFile, SENSOR_FILE_DEFINED, {}};

  sensor_instance& add(std::uint32_t id, std::initializer_list<sensor_criterion> given) {
    sensor_instance instance{};
    instance.id = id;
    instance.num_criteria = static_cast<std::uint16_t>(given.size());
    instance.state = SENSOR_ENABLED;
    instance.action = SENSOR_DETECT;
    instance.first_criterion = static_cast<std::uint32_t>(criteria.size());
    instance.definition = sensor_definition(kFile);
    criteria.insert(criteria.end(), given);
    instances.push_back(instance);
    return instances.back();
  }

  sensor_verdict evaluate() {
    const sensor sensor{static_cast<std::uint32_t>(groups.size()), static_cast<std::uint32_t>(instances.size()),
                        groups.data(), criteria.data(), instances.data()};
    sensor_verdict verdict{99, 99, 99, 99};
    reached.clear();
    REQUIRE(sensor_evaluate(&sensor, &event, &verdict) == SENSOR_OK);
    return verdict;
  }

  bool matches() { return evaluate().num_matches != 0; }
};

void set_number(sensor_value& value, std::uint64_t number) {
  value = {SENSOR_NUMBER, 1, 0, {nullptr}};
  value.number = number;
}

const std::string kA = "a";
const sensor_criterion kIsA = criterion(0, SENSOR_EQUALS, SENSOR_TEXT, kA);
const sensor_criterion kAny = criterion(1, SENSOR_ANY, SENSOR_NONE, "");

Bench bench_of_a() {
  Bench bench;
  bench.event.inputs[0] = {SENSOR_TEXT, 1, 1, {kA.data()}};
  return bench;
}

}  // namespace

extern "C" void sensor_reached(std::uint32_t instance, std::uint32_t c) { reached.emplace_back(instance, c); }

TEST_CASE("operators on text and bytes say what the obvious twin says, in either width") {
  std::vector<std::u32string> values{U""};
  for (std::size_t i = 0; i < values.size() && values[i].size() < 4; i++) {
    for (const char32_t c : {U'a', U'b'}) values.push_back(values[i] + c);
  }
  values.push_back(U"\u0161\u0162");  // whose low bytes are those of "ab"
  for (const int op : {SENSOR_EQUALS, SENSOR_PREFIX, SENSOR_SUFFIX, SENSOR_CONTAINS}) {
    for (const std::string operand : {"a", "b", "ab", "ba", "aab", "abab", "aaaaa"}) {
      for (const std::u32string& value : values) {
        const std::u16string wide(value.begin(), value.end());
        const std::string narrow(value.begin(), value.end());
        const auto length = static_cast<std::uint32_t>(value.size());
        CAPTURE(op, operand, narrow);
        Bench bench;
        bench.add(1, {criterion(0, op, SENSOR_TEXT, operand)});
        bench.event.inputs[0] = {SENSOR_TEXT, 2, length, {wide.data()}};
        CHECK(bench.matches() == naive::text_matches(op, operand, value));
        if (value[0] > 0xFF) continue;
        bench.event.inputs[0] = {SENSOR_TEXT, 1, length, {narrow.data()}};
        CHECK(bench.matches() == naive::text_matches(op, operand, value));
        bench.criteria[0] = criterion(4, op, SENSOR_BYTES, operand);
        bench.event.inputs[4] = {SENSOR_BYTES, 1, length, {narrow.data()}};
        CHECK(bench.matches() == naive::text_matches(op, operand, value));
      }
    }
  }
}

TEST_CASE("operators on numbers say what the obvious twin says") {
  const std::vector<std::uint32_t> edges = {0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF};
  const auto bytes_of = [](const std::vector<std::uint32_t>& numbers) {
    return std::string(reinterpret_cast<const char*>(numbers.data()), 4 * numbers.size());
  };
  std::vector<std::pair<int, std::vector<std::uint32_t>>> operands;
  for (const std::uint32_t low : edges) {
    operands.push_back({SENSOR_EQUALS, {low}});
    for (const std::uint32_t high : edges) {
      operands.push_back({SENSOR_RANGE, {low, high}});
      operands.push_back({SENSOR_IN_SET, {low, high, 2}});
    }
  }
  for (const auto& [op, numbers] : operands) {
    // One byte in front: an operand is not aligned for certain.
    const std::string operand = "?" + bytes_of(numbers);
    Bench bench;
    bench.add(1, {criterion(5, op, SENSOR_NUMBER, operand)});
    bench.criteria[0].operand++;
    bench.criteria[0].size--;
    for (const std::uint32_t edge : edges) {
      for (const std::uint64_t value : {std::uint64_t{edge}, edge + (std::uint64_t{1} << 32)}) {
        CAPTURE(op, numbers, value);
        set_number(bench.event.inputs[5], value);
        CHECK(bench.matches() == naive::number_matches(op, numbers, value));
      }
    }
  }
}

TEST_CASE("an absent value, or one of another kind, matches a wildcard only") {
  Bench bench;
  bench.add(1, {kIsA});
  CHECK_FALSE(bench.matches());
  set_number(bench.event.inputs[0], 'a');
  CHECK_FALSE(bench.matches());
  bench.criteria[0] = kAny;
  CHECK(bench.matches());
}

TEST_CASE("an instance is a conjunction, and the first criterion that fails is the last that is read") {
  const std::string b = "b";
  Bench bench = bench_of_a();
  bench.add(1, {kAny, kIsA, criterion(0, SENSOR_EQUALS, SENSOR_TEXT, b), kIsA});
  CHECK_FALSE(bench.matches());
  CHECK(reached == std::vector<std::pair<std::uint32_t, std::uint32_t>>{{0, 1}, {0, 2}});
}

TEST_CASE("what matches hands on, and what is off or of another type ends the chain") {
  Bench bench = bench_of_a();
  bench.add(1, {kIsA}).next = 2;
  bench.add(2, {kIsA});
  CHECK(bench.evaluate().num_matches == 3);  // the second for itself, and as the next of the first
  bench.instances[1].state = SENSOR_DISABLED;
  CHECK(bench.evaluate().num_matches == 1);
  bench.instances[1].state = SENSOR_ENABLED;
  bench.instances[1].definition = sensor_definition(1);
  CHECK(bench.evaluate().num_matches == 1);
  bench.instances[1].definition = nullptr;
  CHECK(bench.evaluate().num_matches == 1);
}

TEST_CASE("an instance is on if its group is, and all above it") {
  Bench bench = bench_of_a();
  bench.add(1, {kIsA}).group = 1;
  bench.groups = {{2, SENSOR_ENABLED}, {3, SENSOR_ENABLED}, {0, SENSOR_ENABLED}};
  CHECK(bench.matches());
  for (sensor_group& group : bench.groups) {
    group.state = SENSOR_DISABLED;
    CHECK_FALSE(bench.matches());
    group.state = SENSOR_ENABLED;
  }
}

TEST_CASE("the code tells the strongest action, and every match") {
  Bench bench = bench_of_a();
  bench.add(1, {kAny}).action = SENSOR_PREVENT;
  bench.add(2, {kAny}).action = SENSOR_OBSERVE;
  const sensor_verdict both = bench.evaluate();
  CHECK(both.action == SENSOR_PREVENT);
  CHECK(sensor_verdict_code(&both) >> 30 == SENSOR_PREVENT);
  bench.instances[1].id = 3;
  const sensor_verdict other = bench.evaluate();
  CHECK(sensor_verdict_code(&both) != sensor_verdict_code(&other));
  bench.instances.clear();
  CHECK(bench.evaluate().action == 0);
}

TEST_CASE("fuel ends what would take too long, and the verdict says so") {
  const std::string needle = std::string(30000, 'a') + "b";
  const std::string haystack(60000, 'a');
  Bench bench;
  bench.add(1, {criterion(0, SENSOR_CONTAINS, SENSOR_TEXT, needle)});
  bench.add(2, {kAny});
  bench.event.inputs[0] = {SENSOR_TEXT, 1, static_cast<std::uint32_t>(haystack.size()), {haystack.data()}};
  const sensor_verdict verdict = bench.evaluate();
  CHECK(verdict.tired == 1);
  CHECK(verdict.num_matches == 0);
}

TEST_CASE("an event has as many inputs as its type defines") {
  Bench bench;
  const sensor sensor{};
  sensor_verdict verdict{99, 99, 99, 99};
  for (const std::uint32_t num : {0u, SENSOR_FILE_DEFINED - 1u, SENSOR_FILE_DEFINED + 1u}) {
    bench.event.num_inputs = num;
    CHECK(sensor_evaluate(&sensor, &bench.event, &verdict) == SENSOR_BAD_EVENT);
  }
  bench.event = {77, SENSOR_FILE_DEFINED, {}};
  CHECK(sensor_evaluate(&sensor, &bench.event, &verdict) == SENSOR_BAD_EVENT);
  CHECK(verdict.hash == 99);
}

}  // namespace sluice
