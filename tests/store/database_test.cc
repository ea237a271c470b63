// Whatever stands where the file should be: a message, the file as it was, and no answer that was not put in.
#include "validator/store/database.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/scratch_folder.h"
#include "tests/store/raw.h"
#include "tests/store/stored.h"

namespace sluice::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWithoutIt = ": it is left as it is, and the run goes on without it\n";
constexpr std::uint64_t kEntries = 40;
constexpr std::uint64_t kReleases = 6;

void begin(const fs::path& path) {
  Database database(path);
  {
    Cache cache(database, kNow);
    for (std::uint64_t k = 0; k < kEntries; ++k) cache.put(digest_of(k), "check", value_of(digest_of(k)));
  }
  for (std::uint64_t k = 0; k < kReleases; ++k) REQUIRE(History(database).record({recorded("channel", k)}));
  REQUIRE(told(database).empty());
}

// The same as a copy.
void fill(const fs::path& path) {
  static const std::string kFilled = [] {
    const test::ScratchFolder folder;
    begin(folder / "store.db");
    return read_file(folder / "store.db");
  }();
  std::ofstream(path, std::ios::binary) << kFilled;
}

// How much of what `fill` put in is found; all that is found must be of that.
struct Found {
  std::uint64_t entries = 0;
  std::size_t features = 0;
  std::size_t releases = 0;
  bool is_whole = false;
};

// `again`: a release that was recorded once more, which may have healed what was damaged.
Found find(Database& database, const std::string& again = {}) {
  Found found;
  Cache cache(database, kNow);
  for (std::uint64_t k = 0; k < kEntries; ++k) {
    const auto value = cache.get(digest_of(k), "check");
    if (!value) continue;
    ++found.entries;
    CHECK(*value == value_of(digest_of(k)));
  }
  History history(database);
  std::map<std::string, Origin> truth;
  std::vector<Release> released;
  for (std::uint64_t k = 0; k < kReleases; ++k) {
    const auto [release, features] = recorded("channel", k);
    released.push_back(release);
    for (const std::string& feature : features) {
      truth.try_emplace(feature, Origin{release.content, release.sha256, release.name, release.time});
    }
  }
  const Known known = history.known("channel");
  for (const auto& [feature, origin] : known.features) {
    const auto true_one = truth.find(feature);
    CHECK((true_one != truth.end() && (true_one->second == origin || origin.name == again)));
  }
  found.features = known.features.size();
  found.is_whole = known.is_whole;
  for (const Release& release : history.list()) {
    ++found.releases;
    CHECK(std::ranges::find(released, release) != released.end());
  }
  return found;
}

constexpr std::size_t kFeatures = 40 * kReleases + 10;

// Opens it, asks it and writes to it.
std::string use(const fs::path& path) {
  Database database(path);
  const Found found = find(database);
  CHECK(found.entries == 0);
  CHECK(found.features == 0);
  CHECK(found.releases == 0);
  CHECK(!found.is_whole);
  CHECK(!database.is_usable());
  {
    Cache cache(database, kNow);
    cache.put("d", "check", "value");
    CHECK(!cache.flush());
    CHECK(!cache.prune(0, 0));
  }
  CHECK(!History(database).record({recorded("channel", 1)}));
  return told(database);
}

TEST_CASE("all that was put in is found by the next run") {
  const test::ScratchFolder folder;
  begin(folder / "store.db");
  Database database(folder / "store.db");
  const Found found = find(database);
  CHECK(found.entries == kEntries);
  CHECK(found.features == kFeatures);
  CHECK(found.releases == kReleases);
  CHECK(found.is_whole);
  CHECK(told(database).empty());
  // Nothing lies beside it that would have to be moved with it.
  CHECK(std::distance(fs::directory_iterator(folder / ""), {}) == 1);
}

TEST_CASE("a name that means something to SQLite is a name") {
  const test::ScratchFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder / "");
  for (const char* name : {":memory:", "file:x?mode=memory", "file::memory:"}) {
    CAPTURE(name);
    begin(name);
    CHECK(fs::exists(folder / name));
  }
  fs::current_path(before);
}

TEST_CASE("what is no file") {
  const test::ScratchFolder folder;
  const fs::path path = folder / "store.db";
  const auto expect = [&](const std::string& why) { CHECK(use(path) == path.string() + " " + why + kWithoutIt); };
  SECTION("a folder") {
    fs::create_directory(path);
    expect("is no regular file");
  }
  SECTION("a FIFO, which nobody waits for") {
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    expect("is no regular file");
  }
  SECTION("a device") {
    fs::create_symlink("/dev/zero", path);
    expect("is no regular file");
  }
  SECTION("a symlink loop") {
    fs::create_symlink("other.db", path);
    fs::create_symlink("store.db", folder / "other.db");
    expect("cannot be opened (Too many levels of symbolic links)");
  }
  SECTION("below a file") {
    fs::create_symlink(folder.write("file", "") / "store.db", path);
    expect("cannot be opened (Not a directory)");
  }
}

TEST_CASE("a folder that is not there") {
  const test::ScratchFolder folder;
  const fs::path path = folder / "none/store.db";
  CHECK(use(path) == path.string() + " cannot be used (No such file or directory)" + kWithoutIt);
}

TEST_CASE("a symlink to the file is the file") {
  const test::ScratchFolder folder;
  fs::create_symlink("real.db", folder / "store.db");
  begin(folder / "store.db");
  Database database(folder / "real.db");
  CHECK(find(database).entries == kEntries);
}

TEST_CASE("what is no store of this version") {
  const test::ScratchFolder folder;
  const fs::path path = folder / "store.db";
  const auto expect = [&](const std::string& why) {
    const std::string before = read_file(path);
    CHECK(use(path) == path.string() + " " + why + kWithoutIt);
    CHECK(read_file(path) == before);
  };
  SECTION("text") {
    folder.write("store.db", std::string(5000, 'x'));
    expect("is damaged (file is not a database)");
  }
  SECTION("a few bytes") {
    folder.write("store.db", "SQLite");
    expect("is damaged (file is not a database)");
  }
  SECTION("a later version") {
    fill(path);
    execute(path, "PRAGMA user_version = 2");
    expect("is of version 2, and this sluice knows version 1");
  }
  SECTION("somebody else's database") {
    execute(path, "CREATE TABLE cookies(value)");
    expect("is a database of another program");
  }
  SECTION("a table more, that acts when another is read") {
    fill(path);
    execute(path, "CREATE TRIGGER t AFTER INSERT ON uses BEGIN DELETE FROM releases; END");
    expect("is damaged (its tables are others)");
  }
  SECTION("a table less") {
    fill(path);
    execute(path, "DROP TABLE uses");
    expect("is damaged (its tables are others)");
  }
  SECTION("an index that is not that of its table") {
    fill(path);
    execute(path, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 3 WHERE rootpage = 2");
    Database database(path);
    CHECK(!database.is_usable());
    CHECK_THAT(told(database), Catch::Contains("is damaged ("));
  }
}

TEST_CASE("an empty file is begun anew, and that is told") {
  const test::ScratchFolder folder;
  const fs::path path = folder.write("store.db", "");
  Database database(path);
  CHECK(database.is_usable());
  CHECK(told(database) == path.string() + " was empty: it is begun anew\n");
}

TEST_CASE("cut off anywhere") {
  const test::ScratchFolder folder;
  const fs::path path = folder / "store.db";
  fill(path);
  const std::string whole = read_file(path);
  for (std::size_t size = 1; size < whole.size(); size += size < 4096 ? 97 : 4093) {
    CAPTURE(size);
    folder.write("store.db", whole.substr(0, size));
    CHECK_THAT(use(path), Catch::Contains("is damaged ("));
    CHECK(read_file(path) == whole.substr(0, size));
  }
}

TEST_CASE("cut off while it is used") {
  const test::ScratchFolder folder;
  const fs::path path = folder / "store.db";
  fill(path);
  Database database(path);
  CHECK(find(database).entries == kEntries);
  fs::resize_file(path, 4096);
  execute(folder / "other.db", "SELECT 1");
  const Found found = find(database);
  CHECK(!found.is_whole);
  CHECK(found.releases < kReleases);
  CHECK(!database.is_usable());
  CHECK_THAT(told(database), Catch::Contains("is damaged (database disk image is malformed)"));
}

TEST_CASE("flipped bits and wiped pages are met without a false answer") {
  const test::ScratchFolder folder;
  const fs::path path = folder / "store.db";
  fill(path);
  const std::string whole = read_file(path);
  constexpr std::uint64_t kSeed = 20260716;
  std::mt19937_64 random(kSeed);
  int refused = 0;
  int whole_ones = 0;
  for (int round = 0; round < 150; ++round) {
    CAPTURE(kSeed, round);
    std::string damaged = whole;
    if (round % 10 == 1) {
      damaged.replace(random() % (whole.size() / 512) * 512, 512, 512, static_cast<char>(random()));
    } else {
      for (std::uint64_t flips = 1 + random() % 20; flips > 0; --flips) {
        damaged[random() % whole.size()] ^= static_cast<char>(1 << random() % 8);
      }
    }
    folder.write("store.db", damaged);
    Database database(path);
    refused += database.is_usable() ? 0 : 1;
    const Found found = find(database);
    const std::string messages = told(database);
    const bool is_all = found.entries == kEntries && found.features == kFeatures && found.releases == kReleases;
    whole_ones += is_all ? 1 : 0;
    CHECK((is_all || !messages.empty()));
    if (round % 5 != 0) continue;
    // Going on with it does no harm either.
    Cache cache(database, kNow);
    cache.put(digest_of(1), "check", value_of(digest_of(1)));
    (void)cache.flush();
    (void)History(database).record({recorded("channel", 3)});
    (void)find(database, "release 3");
    fs::remove(folder / "store.db-journal");
  }
  CHECK(refused > 20);
  CHECK(refused < 150);
  CHECK(whole_ones > 0);
}

TEST_CASE("a file that is read only is read") {
  const test::ScratchFolder folder;
  const fs::path path = folder / "store.db";
  fill(path);
  fs::permissions(path, fs::perms{0444});
  fs::permissions(folder / "", fs::perms{0755});
  const std::string before = read_file(path);
  const bool is_root = geteuid() == 0;
  if (is_root) REQUIRE(seteuid(65534) == 0);  // permissions do not bind root
  {
    Database database(path);
    CHECK(told(database) == path.string() + " is read only: nothing is added\n");
    CHECK(database.is_read_only());
    const Found found = find(database);
    CHECK(found.entries == kEntries);
    CHECK(found.features == kFeatures);
    CHECK(found.is_whole);
    {
      Cache cache(database, kNow);
      cache.put("d", "check", "value");
      CHECK(!cache.flush());
    }
    CHECK(!History(database).record({recorded("channel", 99)}));
    CHECK(find(database).features == kFeatures);
    CHECK(told(database).empty());
  }
  if (is_root) REQUIRE(seteuid(0) == 0);
  CHECK(read_file(path) == before);
}

TEST_CASE("a file in a folder that nothing can be added to is read") {
  const test::ScratchFolder folder;
  const fs::path path = folder / "store.db";
  fill(path);
  const bool is_root = geteuid() == 0;
  if (is_root) REQUIRE(chown(path.c_str(), 65534, 65534) == 0);
  fs::permissions(folder / "", fs::perms{0555});
  if (is_root) REQUIRE(seteuid(65534) == 0);
  {
    Database database(path);
    CHECK(find(database).features == kFeatures);
    CHECK(!History(database).record({recorded("channel", 99)}));
    CHECK(database.is_read_only());
    CHECK(find(database).features == kFeatures);
    CHECK_THAT(told(database), Catch::Contains("cannot be written to (") && Catch::Contains("): nothing is added"));
  }
  if (is_root) REQUIRE(seteuid(0) == 0);
  fs::permissions(folder / "", fs::perms::owner_all);
}

// Runs `work` in a process whose files cannot grow above `limit` bytes, and returns whether it said so.
template <typename Work>
bool on_full_disk(std::uint64_t limit, Work work) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit bound{limit, limit};
    setrlimit(RLIMIT_FSIZE, &bound);
    signal(SIGXFSZ, SIG_IGN);
    _exit(work() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_CASE("a full disk loses what is added then and nothing else") {
  const test::ScratchFolder folder;
  const fs::path path = folder / "store.db";
  fill(path);
  for (const std::uint64_t more : {0, 1, 5000, 20'000, 60'000}) {
    CAPTURE(more);
    CHECK(on_full_disk(fs::file_size(path) + more, [&] {
      Database database(path);
      Cache cache(database, kNow);
      for (std::uint64_t k = 1000; k < 1100; ++k) cache.put(digest_of(k), "check", value_of(digest_of(k)));
      const bool is_kept = cache.flush();
      const bool is_told = told(database).find("cannot be written to (") != std::string::npos;
      return !is_kept && is_told && !History(database).record({recorded("channel", 99)}) &&
             find(database).features == kFeatures && find(database).entries == kEntries;
    }));
    Database database(path);
    const Found found = find(database);
    CHECK(found.entries == kEntries);
    CHECK(found.features == kFeatures);
    CHECK(told(database).empty());
  }
}

TEST_CASE("a full disk where the file should begin") {
  const test::ScratchFolder folder;
  const fs::path path = folder / "store.db";
  CHECK(on_full_disk(100, [&] {
    Database database(path);
    return !database.is_usable() && told(database).find("cannot be written to (") != std::string::npos;
  }));
  Database database(path);
  CHECK(database.is_usable());
}

}  // namespace
}  // namespace sluice::store
