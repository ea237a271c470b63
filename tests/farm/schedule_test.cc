// Orders of turns as strings: one letter a turn, the lane that had it.
#include "fuzz/farm/schedule.h"

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <string>

namespace sluice::farm {
namespace {

struct Found {
  std::uint64_t blocks = 0;
  std::uint64_t contents = 0;
};

// Turns that all cost 1, one after the other. `find`: what the k-th turn of a lane comes to.
std::string order(
    Schedule& schedule, std::size_t turns,
    const std::function<Found(char lane, std::uint64_t turn)>& find = [](char, std::uint64_t) { return Found{}; }) {
  std::string text;
  for (std::size_t k = 0; k < turns; ++k) {
    const auto lane = schedule.next();
    if (!lane) break;
    const double charged = schedule.begin(*lane, 1);
    const char letter = static_cast<char>('a' + *lane);
    const Found found = find(letter, schedule.lanes()[*lane].turns);
    schedule.end(*lane, charged, 1, found.blocks, found.contents);
    text += letter;
  }
  return text;
}

std::size_t count(const std::string& text, char letter) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), letter));
}

TEST_CASE("lanes of one share take turns") {
  Schedule schedule({{}, {}, {}}, 0);
  CHECK(order(schedule, 9) == "abcabcabc");
}

TEST_CASE("a share of three has three turns for one") {
  Schedule schedule({{.share = 3}, {.share = 1}}, 0);
  CHECK(order(schedule, 12) == "abaaabaaabaa");
}

TEST_CASE("more goes to where coverage grows, and less when it stops") {
  Schedule schedule({{}, {}}, 0);
  const std::string while_it_grows =
      order(schedule, 50, [](char lane, std::uint64_t) { return Found{lane == 'a' ? 100u : 0u, 0}; });
  CHECK(count(while_it_grows, 'a') >= 36);
  CHECK(count(while_it_grows, 'b') >= 10);  // a quarter of what is its share, at least
  const std::string after = order(schedule, 50);
  CHECK(count(after, 'a') >= 22);
  CHECK(count(after, 'a') <= 30);
}

TEST_CASE("a block counts for more than a content") {
  Schedule schedule({{}, {}}, 0);
  const auto find = [](char lane, std::uint64_t) { return lane == 'a' ? Found{2, 0} : Found{0, 2}; };
  const std::string text = order(schedule, 60, find);
  CHECK(count(text, 'a') > count(text, 'b'));
}

TEST_CASE("every lane has a turn before any has two, however they share") {
  Schedule schedule({{.share = 1000}, {.share = 1}, {.share = 1}}, 0);
  CHECK(order(schedule, 3) == "abc");
  CHECK(schedule.num_waiting() == 0);
}

TEST_CASE("turns are bounded") {
  Schedule schedule({{.share = 5}, {}}, 2);
  CHECK(order(schedule, 100) == "abab");
  CHECK_FALSE(schedule.next());
}

TEST_CASE("what comes to nothing is as if it had never been, until the lane is left out") {
  Schedule schedule({{}, {}}, 1);
  CHECK(schedule.next() == 0u);
  schedule.fail(0, schedule.begin(0, 60));
  CHECK(schedule.lanes()[0].used == 0);
  CHECK(schedule.next() == 0u);
  schedule.leave_out(0);
  CHECK(schedule.num_waiting() == 1);
  CHECK(order(schedule, 9) == "b");
}

TEST_CASE("side by side: what runs is charged, so that the next place goes to another") {
  Schedule schedule({{}, {}}, 0);
  const double first = schedule.begin(0, 60);
  CHECK(schedule.next() == 1u);
  const double second = schedule.begin(1, 60);
  CHECK(schedule.next() == 0u);
  schedule.end(1, second, 6, 0, 0);  // it was done sooner
  CHECK(schedule.next() == 1u);
  schedule.end(0, first, 60, 0, 0);
  CHECK(schedule.next() == 1u);
}

TEST_CASE("a night that goes on gives turns as if it had not been ended") {
  Schedule whole({{.share = 2}, {}, {}}, 0);
  const auto find = [](char lane, std::uint64_t turn) { return Found{lane == 'c' && turn < 4 ? 9u : 0u, turn % 2}; };
  const std::string text = order(whole, 40, find);
  Schedule first({{.share = 2}, {}, {}}, 0);
  std::string parts = order(first, 13, find);
  Schedule second(first.lanes(), 0);
  parts += order(second, 27, find);
  CHECK(parts == text);
}

}  // namespace
}  // namespace sluice::farm
