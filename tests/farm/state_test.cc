#include "fuzz/farm/state.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/scratch_folder.h"
#include "tests/store/raw.h"

namespace sluice::farm {
namespace {

using store::execute;

LaneNight lane(std::int64_t night) {
  LaneNight one;
  one.night = night;
  one.target = "t";
  one.build = "b";
  return one;
}

std::string told(State& state) {
  std::string all;
  for (const std::string& message : state.messages()) all += message + "\n";
  return all;
}

TEST_CASE("a night that did not end goes on; then the next begins") {
  const test::ScratchFolder folder;
  {
    State state(folder / "w.sqlite");
    auto night = state.begin_night(1000);
    REQUIRE(night);
    CHECK(night->number == 1);
    Turn turn{.target = "t", .build = "b", .seed = 5};
    REQUIRE(state.begin_turn(*night, turn));
    CHECK(turn.number == 1);
  }
  {
    State state(folder / "w.sqlite");
    auto night = state.begin_night(500);  // the clock was set back
    REQUIRE(night);
    CHECK(night->number == 1);
    CHECK(night->begun == 1000);
    CHECK(night->turns == 1);
    const std::vector<Turn> open = state.open_turns(1);
    REQUIRE(open.size() == 1);
    CHECK(open[0].seed == 5);
    LaneNight done = lane(1);
    done.executions = 40;
    REQUIRE(state.end_turn(open[0], {.lane = done, .executions = 40, .problem = {}, .point = {}}));
    CHECK(state.open_turns(1).empty());
    night->code = 0;
    REQUIRE(state.save(*night));
  }
  State state(folder / "w.sqlite");
  const auto night = state.begin_night(400);
  REQUIRE(night);
  CHECK(night->number == 2);
  CHECK(state.lanes(1).at(0).executions == 40);
  CHECK(state.lanes(2).empty());
  CHECK(told(state).empty());
}

TEST_CASE("a state of a newer sluice is not touched") {
  const test::ScratchFolder folder;
  {
    State state(folder / "w.sqlite");
  }
  execute(folder / "w.sqlite", "PRAGMA user_version = 3");
  State state(folder / "w.sqlite");
  CHECK_FALSE(state.is_good());
  CHECK_FALSE(state.begin_night(1));
  CHECK_THAT(told(state), Catch::Contains("is of version 3, and this sluice knows version 2"));
}

TEST_CASE("a database of the gate is not one of a farm") {
  const test::ScratchFolder folder;
  {
    store::Database gate(folder / "w.sqlite");
  }
  State state(folder / "w.sqlite");
  CHECK_FALSE(state.is_good());
  CHECK_THAT(told(state), Catch::Contains("is a database of another program"));
}

TEST_CASE("dark is what no turn of a night has come to, since the first night of those in a row") {
  const test::ScratchFolder folder;
  State state(folder / "w.sqlite");
  const auto play = [&](std::initializer_list<std::vector<std::string>> turns) {
    auto night = state.begin_night(0);
    REQUIRE(night);
    for (const std::vector<std::string>& dark : turns) {
      Turn turn{.target = "t", .build = "b"};
      REQUIRE(state.begin_turn(*night, turn));
      const LaneNight of = lane(night->number);
      REQUIRE(state.end_turn(turn, {.lane = of, .problem = {}, .point = {}, .dark = &dark}));
    }
    night->code = 0;
    REQUIRE(state.save(*night));
    std::string text;
    for (const DarkRecord& dark : state.records("w").dark) text += fmt::format("{}{} ", dark.text, dark.first_night);
    return text;
  };
  CHECK(play({{"a", "b", "c"}, {"b", "c", "d"}}) == "b1 c1 ");
  CHECK(play({{"c", "b", "e"}, {"c", "e"}}) == "c1 e2 ");
  CHECK(play({{"b", "e"}}) == "b3 e2 ");
  CHECK(play({{}}).empty());
  CHECK(play({{"e"}}) == "e5 ");
}

TEST_CASE("of slow contents the last night's are kept, five of each lane") {
  const test::ScratchFolder folder;
  State state(folder / "w.sqlite");
  const auto save = [&](const std::string& target, std::int64_t night, std::int64_t count) {
    std::vector<SlowRecord> slow;
    for (std::int64_t i = 0; i < count; ++i) slow.push_back({target, "b", fmt::format("c{}", i), night, 90 - i, 10});
    REQUIRE(state.save_slow(target, slow));
    std::string text;
    for (const SlowRecord& one : state.records("w").slow) {
      text += fmt::format("{}/{}:{}@{} ", one.target, one.content, one.microseconds, one.night);
    }
    return text;
  };
  CHECK(save("t", 1, 7) == "t/c0:90@1 t/c1:89@1 t/c2:88@1 t/c3:87@1 t/c4:86@1 ");
  CHECK(save("t", 2, 1) == "t/c0:90@2 ");
  CHECK(save("u", 2, 1) == "t/c0:90@2 u/c0:90@2 ");
  // A target that has gone from the document is not told of for ever.
  CHECK(save("u", 3, 2) == "u/c0:90@3 u/c1:89@3 ");
}

TEST_CASE("numbers of a state that somebody has changed leave room for sums") {
  const test::ScratchFolder folder;
  State state(folder / "w.sqlite");
  auto night = state.begin_night(INT64_MAX);
  REQUIRE(night);
  LaneNight of = lane(1);
  of.executions = INT64_MAX;
  of.blocks_covered = INT64_MIN;
  REQUIRE(state.save(of));
  const Records records = state.records("w");
  CHECK(records.lanes.at(0).executions == 100'000'000'000'000);
  CHECK(records.lanes.at(0).blocks_covered == 0);
  CHECK(records.night.begun == 100'000'000'000'000);
}

TEST_CASE("a night of a target grows by less than a MiB, however many turns it has") {
  const test::ScratchFolder folder;
  State state(folder / "w.sqlite");
  auto night = state.begin_night(0);
  REQUIRE(night);
  std::vector<std::string> dark;
  for (int i = 0; i < 1000; ++i)
    dark.push_back(fmt::format("template type {} \"a name\", input {}, operator contains", i / 20, i % 20));
  constexpr std::int64_t kTurns = 2 * State::kMostTurns + 400;
  LaneNight of = lane(1);
  for (std::int64_t i = 0; i < kTurns; ++i) {
    Turn turn{.target = "t", .build = "b", .seed = i};
    REQUIRE(state.begin_turn(*night, turn));
    of.executions += 100'000;
    const std::string problem = i % 2 == 0 ? "" : std::string(100, 'x');
    REQUIRE(state.end_turn(turn, {.lane = of,
                                  .executions = 100'000,
                                  .problem = problem,
                                  .point = Point{of.executions, i, 100, 200},
                                  .dark = i % 100 == 0 ? &dark : nullptr}));
  }
  const std::vector<Point> points = state.points(1, "t", "b");
  CHECK(points.size() <= static_cast<std::size_t>(State::kMostPoints));
  CHECK(points.size() >= static_cast<std::size_t>(State::kMostPoints) / 2 - 1);
  CHECK(points.back().executions == of.executions);
  CHECK(execute(folder / "w.sqlite", "SELECT count(*) FROM turns") == std::to_string(State::kMostTurns));
  for (int i = 0; i < 1000; ++i) REQUIRE(state.tell(1, fmt::format("{} went wrong", i)));
  CHECK(state.records("w").told.size() == static_cast<std::size_t>(State::kMostTold));
  CHECK(std::filesystem::file_size(folder / "w.sqlite") < 1u << 20);
}

}  // namespace
}  // namespace sluice::farm
