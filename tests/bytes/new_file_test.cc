#include "validator/bytes/new_file.h"

#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/scratch_folder.h"

namespace sluice::bytes {

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::ptrdiff_t files_in(const std::filesystem::path& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

// Lets no file of this process grow past some bytes, as a full disk does.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

}  // namespace

TEST_CASE("a new file takes its name when all of it is there") {
  const test::ScratchFolder folder;
  const auto path = folder.write("report", "old");
  {
    NewFile file;
    REQUIRE(file.open(path.string()));
    CHECK(file.write("new "));
    CHECK(file.write("text"));
    CHECK(read(path) == "old");
    REQUIRE(file.close());
    CHECK_FALSE(file.is_open());
  }
  CHECK(read(path) == "new text");
  CHECK(files_in(folder / "") == 1);
}

TEST_CASE("a new file that is not closed leaves nothing") {
  const test::ScratchFolder folder;
  const auto path = folder.write("report", "old");
  {
    NewFile file;
    REQUIRE(file.open(path.string()));
    CHECK(file.write("new"));
  }
  CHECK(read(path) == "old");
  CHECK(files_in(folder / "") == 1);
}

TEST_CASE("two that write one file do not mix") {
  const test::ScratchFolder folder;
  const auto path = (folder / "report").string();
  NewFile first;
  NewFile second;
  REQUIRE(first.open(path));
  REQUIRE(second.open(path));
  CHECK(first.write("first"));
  CHECK(second.write("2nd"));
  REQUIRE(second.close());
  CHECK(read(path) == "2nd");
  REQUIRE(first.close());
  CHECK(read(path) == "first");
}

TEST_CASE("a full disk leaves what was there") {
  const test::ScratchFolder folder;
  const auto path = folder.write("report", "old");
  std::string reason;
  {
    const FullDisk full(10);
    CHECK_FALSE(write_file(path.string(), "more than ten bytes", reason));
  }
  CHECK(reason == "cannot write " + path.string() + ": File too large");
  CHECK(read(path) == "old");
  CHECK(files_in(folder / "") == 1);
  CHECK(write_file(path.string(), "more than ten bytes", reason));
  CHECK(read(path) == "more than ten bytes");
}

TEST_CASE("what failed once does not end well") {
  const test::ScratchFolder folder;
  const auto path = folder.write("report", "old");
  NewFile file;
  REQUIRE(file.open(path.string()));
  {
    const FullDisk full(10);
    CHECK_FALSE(file.write("more than ten bytes"));
  }
  CHECK_FALSE(file.write("and the rest"));
  CHECK_FALSE(file.close());
  CHECK(file.reason() == "cannot write " + path.string() + ": File too large");
  CHECK(read(path) == "old");
}

TEST_CASE("a folder that is not there, and one in the way") {
  const test::ScratchFolder folder;
  std::string reason;
  const std::string gone = (folder / "gone/report").string();
  CHECK_FALSE(write_file(gone, "text", reason));
  CHECK(reason == "cannot write " + gone + ": No such file or directory");
  std::filesystem::create_directory(folder / "report");
  CHECK_FALSE(write_file((folder / "report").string(), "text", reason));
  CHECK(reason == "cannot write " + (folder / "report").string() + ": Is a directory");
  CHECK(files_in(folder / "") == 1);
}

}  // namespace sluice::bytes
