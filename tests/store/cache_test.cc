#include "validator/store/cache.h"

#include <catch2/catch.hpp>
#include <thread>

#include "tests/scratch_folder.h"
#include "tests/store/raw.h"
#include "tests/store/stored.h"

namespace sluice::store {
namespace {

constexpr std::int64_t kDay = 86'400;

TEST_CASE("names and values do not run into each other") {
  const auto pairs = [](const std::vector<std::pair<std::string, std::string>>& all) {
    Digest digest;
    for (const auto& [name, value] : all) digest.add(name, value);
    return digest.hex();
  };
  const std::set<std::string> different = {
      pairs({}),
      pairs({{"", ""}}),
      pairs({{"a", "b"}}),
      pairs({{"ab", ""}}),
      pairs({{"", "ab"}}),
      pairs({{"a", ""}, {"b", ""}}),
      pairs({{"a", "b"}, {"", ""}}),
      pairs({{"b", ""}, {"a", ""}}),
      pairs({{"a", std::string("\0b", 2)}}),
  };
  CHECK(different.size() == 9);
  CHECK(pairs({{"a", "b"}}) == Digest().add("a", "b").hex());
  // The form is for ever: sha256 of 8 bytes of length and the text, for each name and value.
  CHECK(Digest().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(Digest().add("schema", "abc").hex() == "7d4e6b167c6b899407fcd4bcb15003b4fab3ab3f7e862af993df4be0914fadd0");
}

TEST_CASE("what was put is found, by this digest and kind alone, now and by the next run") {
  const test::ScratchFolder folder;
  const std::string bytes("\0\xff value \0", 10);
  {
    Database database(folder / "store.db");
    Cache cache(database, kNow);
    CHECK(!cache.get("d", "check 1"));
    cache.put("d", "check 1", bytes);
    cache.put("d", "run 1", "");
    cache.put("e", "check 1", "first");
    cache.put("e", "check 1", "second");
    CHECK(cache.get("d", "check 1") == bytes);
    CHECK(!cache.get("d", "check 2"));
  }
  Database database(folder / "store.db");
  Cache cache(database, kNow);
  CHECK(cache.get("d", "check 1") == bytes);
  CHECK(cache.get("d", "run 1") == "");
  CHECK(cache.get("e", "check 1") == "second");
  CHECK(!cache.get("f", "check 1"));
  CHECK(!cache.get("dcheck 1", ""));
  CHECK(told(database).empty());
}

TEST_CASE("thousands of results are written in few transactions") {
  const test::ScratchFolder folder;
  Database database(folder / "store.db");
  Cache cache(database, kNow);
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (std::uint64_t k = 0; k < 500; ++k) {
        const std::string digest = digest_of(t * 500 + k);
        cache.put(digest, "check", value_of(digest));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  REQUIRE(cache.flush());
  for (std::uint64_t k = 0; k < 2000; ++k) {
    const std::string digest = digest_of(k);
    REQUIRE(cache.get(digest, "check") == value_of(digest));
  }
  CHECK(told(database).empty());
}

TEST_CASE("a value above the largest is not kept, the largest is") {
  const test::ScratchFolder folder;
  Database database(folder / "store.db");
  Cache cache(database, kNow);
  cache.put("a", "big", std::string(Cache::kLargest + 1, 'x'));
  cache.put("b", "big", std::string(Cache::kLargest, 'x'));
  CHECK(cache.flush());
  CHECK(!cache.get("a", "big"));
  CHECK(cache.get("b", "big")->size() == Cache::kLargest);
}

TEST_CASE("a value that is not what was put, or stands under another key, is not found") {
  for (const char* change : {
           "UPDATE entries SET value = x'00'",
           "UPDATE entries SET seal = x'00'",
           "UPDATE entries SET kind = 'run'",
           "UPDATE entries SET digest = 'e'",
       }) {
    CAPTURE(change);
    const test::ScratchFolder folder;
    const auto path = folder / "store.db";
    {
      Database database(path);
      Cache cache(database, kNow);
      cache.put("d", "check", "values");
    }
    execute(path, change);
    Database database(path);
    Cache cache(database, kNow);
    for (const char* digest : {"d", "e"}) {
      for (const char* kind : {"check", "run"}) CHECK(!cache.get(digest, kind));
    }
    CHECK(told(database) == path.string() + " has a damaged result: it is computed again\n");
    // And then it is whole.
    cache.put("d", "check", "values");
    CHECK(cache.flush());
    CHECK(cache.get("d", "check") == "values");
  }
}

TEST_CASE("pruned by age: what nobody asked for") {
  const test::ScratchFolder folder;
  const auto path = folder / "store.db";
  {
    Database database(path);
    Cache cache(database, kNow - 40 * kDay);
    for (const char* digest : {"asked", "forgotten"}) cache.put(digest, "check", "value");
  }
  {
    Database database(path);
    Cache cache(database, kNow - 20 * kDay);
    CHECK(cache.get("asked", "check"));
    cache.put("new", "check", "value");
  }
  Database database(path);
  Cache cache(database, kNow);
  CHECK(cache.prune(1000, 30 * kDay));
  CHECK(cache.get("asked", "check"));
  CHECK(cache.get("new", "check"));
  CHECK(!cache.get("forgotten", "check"));
}

TEST_CASE("pruned by size: those asked for last stay") {
  const test::ScratchFolder folder;
  const auto path = folder / "store.db";
  for (const int day : {1, 3, 2, 4}) {
    Database database(path);
    Cache cache(database, kNow + day * kDay);
    cache.put(std::to_string(day), "check", std::string(100, 'x'));
  }
  Database database(path);
  Cache cache(database, kNow + 5 * kDay);
  CHECK(cache.prune(299, 30 * kDay));
  for (const int day : {1, 2, 3, 4}) {
    CAPTURE(day);
    CHECK(cache.get(std::to_string(day), "check").has_value() == (day >= 3));
  }
  CHECK(cache.prune(0, 30 * kDay));
  CHECK(!cache.get("4", "check"));
}

}  // namespace
}  // namespace sluice::store
