// What is shown of the driver: lines of source, found or not, and never of a file that is none.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "fuzz/explain/code.h"
#include "tests/scratch_folder.h"

using namespace sluice;
using namespace sluice::explain;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string numbered(std::size_t lines) {
  std::string text;
  for (std::size_t k = 1; k <= lines; ++k) text += "line " + std::to_string(k) + "\n";
  return text;
}

std::string shown(const report::CodeExcerpt& excerpt) {
  std::string text;
  for (const report::CodeLine& line : excerpt.lines)
    text += (line.is_fault ? ">" : "") + line.place + ":" + line.text + "|";
  return text.empty() ? excerpt.note : text;
}

}  // namespace

TEST_CASE("a frame names a place of the source, or none") {
  const SourcePlace place = source_place("match_criterion  fuzz/reference/match.c:91");
  CHECK(place.function == "match_criterion");
  CHECK(place.file == "fuzz/reference/match.c");
  CHECK(place.line == 91);
  for (const char* other : {"", "sensor.sys+0x1942", "match  sensor.sys+0x1942", "match  a.c:", "match  a.c:12x",
                            "a.c:12", "match  a.c:99999999999999999999999", "C:\\a  b"}) {
    CHECK(source_place(other).line == 0);
  }
}

TEST_CASE("source is looked for above the documents by its name, and beside them by an end of it") {
  const test::ScratchFolder scratch;
  const fs::path root = scratch / ".";
  write(root / "driver/src/match.c", numbered(9));
  write(root / "build/nightly/x.yaml", "");
  write(root / "build/nightly/load.c", "\tint a;\r\nint b;");
  const fs::path folders[] = {root / "build/nightly"};
  CHECK(shown(source_around({"f", "driver/src/match.c", 6}, folders)) ==
        "2:line 2|3:line 3|4:line 4|5:line 5|>6:line 6|7:line 7|8:line 8|9:line 9|");
  CHECK(shown(source_around({"f", "driver/src/match.c", 1}, folders)) == ">1:line 1|2:line 2|3:line 3|4:line 4|");
  CHECK(shown(source_around({"f", (root / "driver/src/match.c").string(), 9}, folders)).ends_with(">9:line 9|"));
  CHECK(shown(source_around({"f", "/elsewhere/src/load.c", 2}, folders)) == "1:    int a;|>2:int b;|");
  CHECK(shown(source_around({"f", "driver/src/match.c", 10}, folders)) ==
        "the file that is here has no line 10: it is another version");
  CHECK(shown(source_around({"f", "src/other.c", 3}, folders)) == "line 3; the file is not here");
  CHECK(source_around({"f", "src/other.c", 3}, folders).title == "src/other.c");
}

TEST_CASE("what debug information names is shown only if it is called as source is") {
  const test::ScratchFolder scratch;
  const fs::path root = scratch / ".";
  write(root / "secret", numbered(3));
  write(root / "secret.key", numbered(3));
  fs::create_symlink(root / "secret", root / "link.c");
  fs::create_directories(root / "folder.c");
  const fs::path folders[] = {root};
  for (const std::string name : {"secret", "secret.key", "link.c", "folder.c", "", "/", "..", "/dev/zero"}) {
    CHECK(shown(source_around({"f", name, 1}, folders)) == "line 1; the file is not here");
    CHECK(shown(source_around({"f", (root / name).string(), 1}, folders)) == "line 1; the file is not here");
  }
}

TEST_CASE("an image that is none has no instructions, and that is said") {
  engine::HostFiles files;
  files.image = "/somewhere/broken.sys";
  files.image_bytes = "MZ and nothing";
  DriverCode code(files, "/nowhere/driver.yaml");
  const auto excerpts = code.around(0x1234, nullptr);
  REQUIRE(excerpts.size() == 1);
  CHECK(excerpts.front().title == "broken.sys");
  CHECK(excerpts.front().lines.empty());
  CHECK(excerpts.front().note.starts_with("it "));
  CHECK(code.around(engine::kNoOffset, nullptr).empty());
}
