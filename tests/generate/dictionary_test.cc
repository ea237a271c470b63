#include "fuzz/mutate/dictionary.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/approved.h"
#include "tests/generate/formats.h"

using namespace sluice;
using namespace sluice::mutate;

TEST_CASE("the words of the reference format") {
  const auto format = load_format("schemas/channel.ksy", "schemas/channel.rules.yaml");
  test::check_approved("generate/channel.dict", as_dictionary(words_of(format->schema())));
}

TEST_CASE("a word is as long as its field and lies in it the same way") {
  const auto format = make_format(R"(
meta: {id: small, endian: be}
seq:
  - {id: a, type: u4, valid: {min: 258, max: 0x10203}}
  - {id: b, type: u2le, valid: 5}
  - {id: c, type: u1, enum: e}
  - {id: d, contents: ["q\"\\", 0]}
  - {id: x, size: 70}
enums: {e: {7: seven}}
)");
  const std::string text = as_dictionary(words_of(format->schema()));
  INFO(text);
  CHECK(text.find(R"(small_a_min="\x00\x00\x01\x02")") != text.npos);
  CHECK(text.find(R"(small_a_min_outside="\x00\x00\x01\x01")") != text.npos);
  CHECK(text.find(R"(small_a_max_outside="\x00\x01\x02\x04")") != text.npos);
  CHECK(text.find(R"(small_b="\x05\x00")") != text.npos);
  CHECK(text.find(R"(small_c_seven="\x07")") != text.npos);
  CHECK(text.find(R"(small_d="q\x22\x5c\x00")") != text.npos);
}

TEST_CASE("no word is there twice, is empty, or is longer than a fuzzer takes") {
  for (const char* schema : {"schemas/channel.ksy", "schemas/regulatory_db.ksy", "fuzz/example/policy.ksy"}) {
    const auto format = load_format(schema);
    std::set<std::vector<std::uint8_t>> seen;
    for (const Word& word : words_of(format->schema())) {
      INFO(schema << " " << word.name);
      CHECK(!word.bytes.empty());
      CHECK(word.bytes.size() <= kLongestWord);
      CHECK(seen.insert(word.bytes).second);
    }
    CHECK(!seen.empty());
  }
}
