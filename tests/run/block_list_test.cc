// What a worker says of blocks, believed only where it holds together.
#include "validator/run/block_list.h"

#include <catch2/catch.hpp>

using namespace sluice::run;

namespace {

void put(std::string& out, std::uint64_t value, unsigned width) {
  for (unsigned i = 0; i < width; ++i) out += static_cast<char>(value >> 8 * i & 0xFF);
}

std::string row(std::uint32_t offset, std::uint32_t size, std::uint64_t address, std::uint32_t flags) {
  std::string out;
  put(out, offset, 4);
  put(out, size, 4);
  put(out, address, 8);
  put(out, flags, 4);
  put(out, 0, 4);
  return out;
}

// What is wrong with it, or nothing.
std::string refusal(std::string_view json, const std::string& blob) {
  std::string problem;
  const auto answer = read_blocks_answer(json, blob, 9, problem);
  CHECK(answer.has_value() == problem.empty());
  return problem;
}

constexpr std::string_view kTwo = R"({"id":9,"blocks":2,"hit":1,"reachable":2,"fault":null})";
const std::string kGood = row(0x1000, 5, 0x2000, 3) + row(0x1008, 2, UINT64_MAX, 2) + "\1\4\2";

}  // namespace

TEST_CASE("a list of blocks is read") {
  std::string problem;
  const auto answer = read_blocks_answer(kTwo, kGood, 9, problem);
  REQUIRE(answer);
  REQUIRE(answer->list);
  const BlockList& list = *answer->list;
  REQUIRE(list.blocks.size() == 2);
  CHECK(list.blocks[0].is_hit);
  CHECK(list.blocks[0].is_reachable);
  CHECK(!list.blocks[1].is_hit);
  CHECK(list.blocks[1].is_reachable);
  CHECK(list.instructions(list.blocks[0]) == std::vector<std::uint64_t>{0x2000, 0x2001});
  CHECK(list.instructions(list.blocks[1]).empty());
}

TEST_CASE("that nothing is counted is an answer") {
  std::string problem;
  const auto answer = read_blocks_answer(R"({"id":9,"blocks":null,"hit":null,"fault":null})", "", 9, problem);
  REQUIRE(answer);
  CHECK(!answer->list);
}

TEST_CASE("what does not hold together is refused") {
  CHECK(refusal(kTwo, kGood).empty());
  CHECK(refusal("[]", kGood).find("not an object") != std::string::npos);
  CHECK(refusal("{", kGood).find("not an object") != std::string::npos);
  CHECK(refusal(R"({"id":8,"blocks":2})", kGood).find("not for this request") != std::string::npos);
  CHECK(refusal(R"({"id":9,"blocks":-1})", kGood).find("no number") != std::string::npos);
  CHECK(refusal(R"({"id":9,"blocks":18446744073709551615})", kGood).find("fewer blocks") != std::string::npos);
  CHECK(refusal(R"({"id":9,"blocks":3})", kGood).find("fewer blocks") != std::string::npos);
  CHECK(refusal(R"({"id":9,"fault":{"text":"used too much"}})", "") == "used too much");
  for (std::size_t size = 0; size < kGood.size(); ++size) CHECK(!refusal(kTwo, kGood.substr(0, size)).empty());
  CHECK(refusal(kTwo, kGood + "\1").find("left over") != std::string::npos);
  CHECK(!refusal(kTwo, row(0x1000, 5, 0, 0) + row(0x1004, 2, 0, 0) + "\5\2").empty());  // overlap
  CHECK(!refusal(kTwo, row(0x1000, 5, 0, 0) + row(0xFF0, 2, 0, 0) + "\5\2").empty());   // falling
  CHECK(!refusal(kTwo, row(0x1000, 0, 0, 0) + row(0x1004, 2, 0, 0) + "\2").empty());    // empty
  CHECK(!refusal(kTwo, row(0x1000, 1, 0, 0) + row(kLargestImage, 2, 0, 0) + "\1\2").empty());
  CHECK(!refusal(kTwo, row(0x1000, 1, 0, 0) + row(0x1001, UINT32_MAX, 0, 0) + "\1\2").empty());
  CHECK(!refusal(kTwo, row(0x1000, 1, 0, 0) + row(0x1001, 2, UINT64_MAX - 1, 0) + "\1\2").empty());
  CHECK(!refusal(kTwo, row(0x1000, 5, 0, 0) + row(0x1008, 2, 0, 0) + std::string("\5\0\2", 3)).empty());
  CHECK(!refusal(kTwo, row(0x1000, 5, 0, 0) + row(0x1008, 2, 0, 0) + "\4\2\2").empty());
}
