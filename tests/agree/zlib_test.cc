// Compressed content, which neither small alphabets nor random bytes ever hit: whole, torn, corrupt, followed by more.
#include <zlib.h>

#include <catch2/catch.hpp>

#include "tests/agree/agree.h"

namespace sluice::agree {
namespace {

using Content = std::vector<std::uint8_t>;

Content compressed(const Content& plain) {
  uLongf size = compressBound(plain.size());
  Content out(size);
  REQUIRE(compress(out.data(), &size, plain.data(), plain.size()) == Z_OK);
  out.resize(size);
  return out;
}

constexpr const char* kSchemas[] = {
    "seq: [{id: f, size-eos: true, process: zlib}]",
    "seq: [{id: f, size-eos: true, process: zlib, -sluice-allow: [trailing-bytes]}]",
    "seq: [{id: f, size-eos: true, process: zlib, pad-right: 0x61}]",
    "seq: [{id: f, size-eos: true, process: zlib, type: t}]\n"
    "types: {t: {seq: [{id: a, type: u1, valid: 0x61}, {id: b, type: u1}]}}",
    "seq: [{id: f, size: 9, process: zlib}, {id: g, type: u1, repeat: eos, valid: 0x61}]",
    "seq: [{id: f, size-eos: true, process: zlib, type: t}]\n"
    "types: {t: {seq: [{id: a, size-eos: true, process: zlib}]}}",
    "seq: [{id: f, size: 9, process: zlib, type: t}, {id: g, type: u2be}]\n"
    "types: {t: {seq: [{id: a, type: u1, repeat: eos, valid: 0x61}]}}",
    "seq: [{id: f, size: 3}]\n"
    "instances: {p: {pos: 0, size-eos: true, process: zlib}, q: {pos: 0, size: 9, process: zlib, if: p.length > 1}}",
};

std::vector<Content> contents() {
  std::vector<Content> out{{}};
  const Content plains[] = {
      {}, {'a'}, {'a', 'b'}, {'a', 'a', 'a', 'a', 'a', 'a'}, Content(5000, 'a'), compressed({'a'})};
  for (const Content& plain : plains) {
    const Content whole = compressed(plain);
    out.push_back(whole);
    for (std::size_t size = 1; size < whole.size(); ++size) out.emplace_back(whole.begin(), whole.begin() + size);
    for (std::size_t more = 1; more < 9; ++more) {
      out.push_back(whole);
      out.back().insert(out.back().end(), more, more % 2 == 0 ? 'a' : '\0');
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
      out.push_back(whole);
      out.back()[at] ^= 1;
    }
    out.push_back(whole);
    out.back().insert(out.back().end(), whole.begin(), whole.end());
  }
  return out;
}

TEST_CASE("walk and twin agree on compressed content") {
  Tally tally;
  for (const char* members : kSchemas) {
    const auto pair = load_pair(std::string("meta: {id: small}\n") + members + "\n");
    REQUIRE(pair);
    const std::uint64_t accepted = tally.accepted;
    for (const Content& content : contents()) {
      const std::string difference = compare(*pair, content, tally);
      INFO(difference);
      CHECK(difference.empty());
    }
    CAPTURE(members);
    CHECK(tally.accepted > accepted);
  }
  CHECK(tally.walks > 1000);
}

}  // namespace
}  // namespace sluice::agree
