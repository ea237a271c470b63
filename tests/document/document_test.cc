#include "validator/document/document.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "tests/approved.h"
#include "tests/scratch_folder.h"

namespace sluice::document {
namespace {

std::string place(Mark mark) { return std::to_string(mark.line) + ":" + std::to_string(mark.column); }

// `{a: 1, "b": [~, 'x']}` with every scalar in quotes as it was written.
std::string print(const Node& node) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::null: return "~";
    case Node::Kind::scalar: return node.quoted ? "\"" + node.text + "\"" : node.text;
    case Node::Kind::sequence:
      for (const Node& item : node.items) out += (out.empty() ? "" : ", ") + print(item);
      return "[" + out + "]";
    case Node::Kind::mapping:
      for (const Entry& entry : node.entries) {
        const std::string quote = entry.key_quoted ? "\"" : "";
        out += (out.empty() ? "" : ", ") + quote + entry.key + quote + ": " + print(entry.value);
      }
      return "{" + out + "}";
  }
  return out;
}

std::string outcome(std::string_view text) {
  Problem problem;
  const auto document = parse("t", std::string(text), problem);
  if (document) return print(document->root);
  return place(problem.mark) + " " + problem.message + "\n" + excerpt(text, problem.mark);
}

TEST_CASE("text is kept as it was written") {
  struct Row {
    std::string_view yaml, tree;
  };
  const Row rows[] = {
      {"", "~"},
      {"# only a comment\n", "~"},
      {"a", "a"},
      {"\xEF\xBB\xBF"
       "a: 1",
       "{a: 1}"},
      {"a: 025\nb: yes\nc: 0x1_F\n", "{a: 025, b: yes, c: 0x1_F}"},
      {"a: '1'\nb: \"\"\nc: |\n  x\n  y\nd: >\n  z\n", "{a: \"1\", b: \"\", c: \"x\ny\n\", d: \"z\n\"}"},
      {"a:\nb: ~\nc: null\nd: '~'\ne: \"null\"\nf: nul", "{a: ~, b: ~, c: ~, d: \"~\", e: \"null\", f: nul}"},
      {"- 1\n- [2, {a: b}]\n-\n- - 3\n", "[1, [2, {a: b}], ~, [3]]"},
      {"'a b': 1\n? c\n: 2\n", "{\"a b\": 1, c: 2}"},
      {"a: 1\r\nb: 2\r\n", "{a: 1, b: 2}"},
      {"---\na: 1\n...\n", "{a: 1}"},
      {"a: \"\\u00e4\\n\"", "{a: \"\xC3\xA4\n\"}"},
      {"'<<': 1", "{\"<<\": 1}"},
      {"'!a': '!b'", "{\"!a\": \"!b\"}"},
  };
  for (const Row& row : rows) CHECK(outcome(row.yaml) == row.tree);
}

TEST_CASE("what is refused, and the place") { test::check_cases("document/refused.txt", outcome); }

TEST_CASE("bytes that are not allowed in the text") {
  struct Row {
    std::string_view yaml;
    std::string_view place_and_message;
  };
  using namespace std::string_view_literals;
  const Row rows[] = {
      {"a: \xff"sv, "1:4 not UTF-8"},
      {"a: 1\nb: \xC0\x80"sv, "2:4 not UTF-8"},
      {"a: \xED\xA0\x80"sv, "1:4 not UTF-8"},
      {"a: \0"sv, "1:4 a control character (U+0000)"},
      {"a: 1\n\x04\nb: 2"sv, "2:1 a control character (U+0004)"},  // to yaml-cpp the end of the file
      {"a: '\x1b[2J'"sv, "1:5 a control character (U+001B)"},
      {"a: 1\rb: 2"sv, "1:5 a carriage return without a line feed (U+000D)"},
      {"a: \xC2\x85"sv, "1:4 a line break that YAML readers disagree about (U+0085)"},
      {"a: \xE2\x80\xA8"sv, "1:4 a line break that YAML readers disagree about (U+2028)"},
      {"a: \xEF\xBB\xBF"sv, "1:4 a character that YAML does not allow (U+FEFF)"},
      {"\xFF\xFE"
       "a\0:\0"sv,
       "1:1 not UTF-8"},
  };
  for (const Row& row : rows) {
    Problem problem;
    CHECK(!parse("t", std::string(row.yaml), problem));
    CHECK(place(problem.mark) + " " + problem.message == row.place_and_message);
  }
}

TEST_CASE("nodes know their place") {
  Problem problem;
  const auto document = parse("t", "a: 1\nb:\n  - x\n  - {c: 'd'}\n", problem);
  REQUIRE(document);
  const Node& b = *document->root.find("b");
  CHECK(place(document->root.find_entry("a")->mark) == "1:1");
  CHECK(place(document->root.find("a")->mark) == "1:4");
  CHECK(place(b.items[0].mark) == "3:5");
  CHECK(place(b.items[1].find_entry("c")->mark) == "4:6");
  CHECK(place(b.items[1].find("c")->mark) == "4:9");
  CHECK(document->root.find("c") == nullptr);
  CHECK(b.find("a") == nullptr);
}

TEST_CASE("files that cannot be documents") {
  const test::ScratchFolder dir;
  dir.write("good.yaml", "a: 1\n");
  dir.write("large.yaml", "a: " + std::string(100, 'x'));
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);

  struct Row {
    const char* name;
    const char* message;
  };
  const Row rows[] = {
      {"absent.yaml", "cannot be read: No such file or directory"},
      {".", "cannot be read: is a directory"},
      {"fifo", "cannot be read: is a FIFO, not a regular file"},
      {"large.yaml", "cannot be read: larger than 50 bytes"},
  };
  Limits limits;
  limits.bytes = 50;
  for (const Row& row : rows) {
    Problem problem;
    CHECK(!load(dir / row.name, problem, limits));
    CHECK(problem.message == row.message);
    CHECK(place(problem.mark) == "1:1");
  }
  Problem problem;
  CHECK(load("/dev/null", problem) == std::nullopt);
  const auto good = load(dir / "good.yaml", problem, limits);
  REQUIRE(good);
  CHECK(good->name == (dir / "good.yaml").string());
  CHECK(good->text == "a: 1\n");
}

}  // namespace
}  // namespace sluice::document
