#include "validator/store/history.h"

#include <catch2/catch.hpp>

#include "tests/scratch_folder.h"
#include "tests/store/raw.h"
#include "tests/store/stored.h"

namespace sluice::store {
namespace {

Recorded small(const std::string& content, const std::string& name, std::vector<std::string> features) {
  return {{.schema = "channel",
           .content = content,
           .sha256 = "sha of " + content,
           .name = name,
           .time = kNow,
           .builds = {{"7.10", Verdict::pass}, {"7.11", Verdict::no_verdict}}},
          std::move(features)};
}

std::string features_of(const Known& known) {
  std::string all;
  for (const auto& [feature, origin] : known.features) {
    all += fmt::format("{}: {} of {}\n", feature, origin.content, origin.name);
  }
  return all;
}

TEST_CASE("a feature keeps its first use, and schemas are apart") {
  const test::ScratchFolder folder;
  Database database(folder / "store.db");
  History history(database);
  Recorded other = small("c", "fall", {"x", "z"});
  other.release.schema = "table";
  CHECK(history.known("channel").is_whole);
  CHECK(history.known("channel").contents == 0);
  REQUIRE(history.record({small("a", "spring", {"x", "y"})}));
  REQUIRE(history.record({small("b", "summer", {"w", "y"}), other}));
  CHECK(features_of(history.known("channel")) == "w: b of summer\nx: a of spring\ny: a of spring\n");
  CHECK(features_of(history.known("table")) == "x: c of fall\nz: c of fall\n");
  CHECK(history.known("channel").contents == 2);
  CHECK(history.known("channel").is_whole);
  CHECK(history.known("channel").features.at("w") == Origin{"b", "sha of b", "summer", kNow});
  CHECK(history.known("nothing").features.empty());
}

TEST_CASE("releases are listed as they were recorded, each once") {
  const test::ScratchFolder folder;
  std::vector<Release> expected;
  const std::string odd("\0\xff'; DROP TABLE uses; --\n", 25);
  Recorded changed = small("a", "spring", {});
  changed.release.builds[1].verdict = Verdict::fail;
  {
    Database database(folder / "store.db");
    History history(database);
    for (const Recorded& one : {small("a", "spring", {"x"}), small(odd, odd, {odd}), changed, small("", "", {""})}) {
      REQUIRE(history.record({one}));
      expected.push_back(one.release);
    }
    Recorded later = small("a", "spring", {"x"});
    later.release.time += 60;
    REQUIRE(history.record({later}));
  }
  Database database(folder / "store.db");
  History history(database);
  CHECK(history.list() == expected);
  CHECK(history.known("channel").features.contains(odd));
  CHECK(history.known("channel").features.contains(""));
  CHECK(history.known("channel").contents == 3);
}

TEST_CASE("what is changed in the file is left out, with a message, and can be recorded again") {
  struct Row {
    const char* change;
    const char* left;
  };
  const Row rows[] = {
      {"UPDATE uses SET feature = 'v' WHERE feature = 'x'", "y: a of spring\n"},
      {"UPDATE uses SET content = 'b' WHERE feature = 'x'", "y: a of spring\n"},
      {"UPDATE uses SET time = 0", ""},
      {"UPDATE uses SET seal = x''", ""},
      {"INSERT INTO uses SELECT schema, 'v', content, sha256, name, time, seal FROM uses WHERE feature = 'x'",
       "x: a of spring\ny: a of spring\n"},
  };
  for (const auto& [change, left] : rows) {
    CAPTURE(change);
    const test::ScratchFolder folder;
    const auto path = folder / "store.db";
    {
      Database database(path);
      REQUIRE(History(database).record({small("a", "spring", {"x", "y"})}));
    }
    execute(path, change);
    Database database(path);
    History history(database);
    CHECK(features_of(history.known("channel")) == left);
    CHECK(!history.known("channel").is_whole);
    CHECK(told(database) == path.string() + " has damaged entries in its history: they are left out\n");
    REQUIRE(history.record({small("b", "summer", {"x", "y"})}));
    const Known known = history.known("channel");
    CHECK(known.features.contains("x"));
    CHECK(known.features.contains("y"));
    CHECK(!known.features.contains("v"));
  }
}

TEST_CASE("a release that was changed in the file is left out of the list") {
  for (const char* change : {"UPDATE releases SET name = 'b'", "UPDATE releases SET builds = x''",
                             "UPDATE releases SET builds = x'0000000000000000'"}) {
    CAPTURE(change);
    const test::ScratchFolder folder;
    const auto path = folder / "store.db";
    {
      Database database(path);
      REQUIRE(History(database).record({small("a", "spring", {})}));
    }
    execute(path, change);
    Database database(path);
    CHECK(History(database).list().empty());
    CHECK(told(database) == path.string() + " has damaged entries in its history: they are left out\n");
  }
}

}  // namespace
}  // namespace sluice::store
