// Several processes on one file, and processes that end in the middle.
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <functional>

#include "tests/scratch_folder.h"
#include "tests/store/raw.h"
#include "tests/store/stored.h"

namespace sluice::store {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kDigests = 800;

pid_t start(const std::function<bool()>& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work() ? 0 : 1);
  return child;
}

int end_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

// Every entry is one that was put in, and every release has all its features or is not there.
void expect_whole(const fs::path& path, std::uint64_t releases_at_most) {
  Database database(path);
  REQUIRE(database.is_usable());
  const std::string messages = told(database);
  CHECK((messages.empty() || messages == path.string() + " was empty: it is begun anew\n"));
  History history(database);
  for (const Release& release : history.list()) {
    const std::uint64_t number = std::stoull(release.schema);
    CHECK(number < releases_at_most);
    const Recorded expected = recorded(release.schema, number);
    CHECK(release == expected.release);
    const Known known = history.known(release.schema);
    CHECK(known.is_whole);
    CHECK(known.features.size() == expected.features.size());
    for (const std::string& feature : expected.features) CHECK(known.features.contains(feature));
  }
  CHECK(execute(path, "SELECT count(DISTINCT schema) FROM uses") == execute(path, "SELECT count(*) FROM releases"));
  CHECK(execute(path, "PRAGMA integrity_check") == "ok");
  Cache cache(database, kNow);
  std::uint64_t found = 0;
  for (std::uint64_t k = 0; k < kDigests; ++k) {
    const std::string digest = digest_of(k);
    const auto value = cache.get(digest, "check");
    if (!value) continue;
    ++found;
    if (*value != value_of(digest)) FAIL_CHECK("entry " << k << " is another");
  }
  CHECK(std::to_string(found) == execute(path, "SELECT count(*) FROM entries"));
  CHECK(told(database).empty());
}

// Writes the release numbers from `begin` on, each under a schema of its own, and results between them.
bool write_all(const fs::path& path, std::uint64_t begin, std::uint64_t count) {
  Database database(path);
  Cache cache(database, kNow);
  History history(database);
  for (std::uint64_t number = begin; number < begin + count; ++number) {
    if (!history.record({recorded(std::to_string(number), number)})) return false;
    for (std::uint64_t k = number * 8 % kDigests; k < number * 8 % kDigests + 8; ++k) {
      cache.put(digest_of(k), "check", value_of(digest_of(k)));
    }
    if (!cache.flush()) return false;
  }
  return true;
}

TEST_CASE("four processes write at once, from the file's beginning on") {
  const test::ScratchFolder folder;
  const fs::path path = folder / "store.db";
  constexpr std::uint64_t kEach = 15;
  std::vector<pid_t> children;
  for (std::uint64_t k = 0; k < 4; ++k) {
    children.push_back(start([&] { return write_all(path, k * kEach, kEach); }));
  }
  for (const pid_t child : children) CHECK(end_of(child) == 0);
  CHECK(execute(path, "SELECT count(*) FROM releases") == "60");
  CHECK(execute(path, "SELECT count(*) FROM entries") == "480");
  expect_whole(path, 4 * kEach);
}

TEST_CASE("processes that are killed while they write leave whole releases and whole results") {
  const test::ScratchFolder folder;
  const fs::path path = folder / "store.db";
  constexpr std::uint64_t kSeed = 29120;
  constexpr std::uint64_t kEach = 100'000;  // more than there is time for
  std::mt19937_64 random(kSeed);
  int killed = 0;
  for (std::uint64_t round = 0; round < 30; ++round) {
    CAPTURE(kSeed, round);
    // Two at once: one is killed while the other may wait for it.
    const pid_t first = start([&] { return write_all(path, 2 * round * kEach, kEach); });
    const pid_t second = start([&] { return write_all(path, (2 * round + 1) * kEach, kEach); });
    for (const pid_t child : {first, second}) {
      usleep(static_cast<useconds_t>(random() % 40'000));
      REQUIRE(kill(child, SIGKILL) == 0);
      killed += WIFSIGNALED(end_of(child)) ? 1 : 0;
    }
    expect_whole(path, 60 * kEach);
  }
  CHECK(killed == 60);
  // And the next run completes.
  CHECK(write_all(path, 60 * kEach, 1));
  expect_whole(path, 60 * kEach + 1);
}

}  // namespace
}  // namespace sluice::store
