// Files that try to make comparing dear: deep, many, all alike, and views of the same bytes.
#include <catch2/catch.hpp>
#include <chrono>

#include "tests/difference/diff.h"

namespace sluice::difference {
namespace {

const std::string kNested =
    "meta: { id: nested }\nseq:\n  - { id: more, type: u1 }\n"
    "  - { id: inner, type: nested, if: more == 1 }\n";

TEST_CASE("structures nested as deep as the limit allows") {
  std::string deep(4000, '\x01');
  const program::Limits limits{.depth = 5000};
  std::string other = deep;
  deep += '\0';
  other += '\x02';
  const std::string out = changes_of_bytes({.schema = kNested, .older = {deep}, .now = other, .limits = limits});
  CHECK(out.ends_with("inner.inner.more: 0 -> 2\n"));
  CHECK(first_uses_of_bytes({.schema = kNested, .older = {deep}, .now = other, .limits = limits}).empty());
}

TEST_CASE("many records with one key") {
  const std::string schema =
      "meta: { id: rows }\nseq: [{ id: rows, type: row, repeat: eos }]\n"
      "types: { row: { seq: [{ id: id, type: u1 }, { id: weight, type: u1 }] } }\n";
  std::string before;
  for (int k = 0; k < 100'000; ++k) before += "\x07\x01";
  std::string now = before;
  now[now.size() - 1] = '\x02';
  CHECK(changes_of_bytes({.schema = schema, .older = {before}, .now = now}) == "~ rows[id 7 #100000].weight: 1 -> 2\n");
}

// Each of the rows is a view of the whole file.
const std::string kViews = R"(meta: { id: views }
seq: [{ id: rows, type: row, repeat: eos }]
types:
  row:
    seq: [{ id: weight, type: u1 }]
    instances:
      all: { io: _root._io, pos: 0, size: _root._io.size - 1 }
)";

TEST_CASE("comparing the same bytes again and again is work that is charged") {
  const std::string before(20'000, '\x01');
  std::string now = before;
  now.back() = '\x02';
  const auto begin = std::chrono::steady_clock::now();
  CHECK(changes_of_bytes({.schema = kViews, .older = {before}, .now = now}) == "failed: 16000000 steps reached\n");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}

TEST_CASE("values without end are first uses up to a limit of memory") {
  const std::string schema =
      "meta: { id: wild, endian: le }\nseq: [{ id: words, type: u4, enum: e, repeat: eos }]\n"
      "enums: { e: { 0: none } }\n";
  std::string now;
  for (std::uint32_t k = 0; k < 32'000; ++k) {
    for (int shift = 0; shift < 32; shift += 8) now += static_cast<char>(k >> shift & 0xFF);
  }
  const std::string zero(4, '\0');
  const std::string many = first_uses_of_bytes({.schema = schema, .older = {zero}, .now = now});
  CHECK(many.ends_with("31899 more\n"));
  // The tree itself fits.
  const program::Limits limits{.memory = 3u << 20};
  CHECK(first_uses_of_bytes({.schema = schema, .older = {zero}, .now = now, .limits = limits}) ==
        "failed: 3145728 bytes reached\n");
  CHECK(first_uses_of_bytes({.schema = schema, .older = {now}, .now = zero, .limits = {.memory = 2'900'000}}) ==
        "failed: 2900000 bytes reached\n");
}

TEST_CASE("an instance that cannot be read is no tree to compare") {
  const std::string schema =
      "meta: { id: torn }\nseq: [{ id: ofs, type: u1 }]\n"
      "instances: { word: { pos: ofs, type: u2le } }\n";
  CHECK(changes({.schema = schema, .older = {"01 02 03"}, .now = "02 02 03"}) ==
        "failed: requested 2 bytes, but only 1 byte available\n");
}

}  // namespace
}  // namespace sluice::difference
