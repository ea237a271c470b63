#include "validator/attestation/strict_json.h"

#include <catch2/catch.hpp>

namespace sluice::attestation {

namespace {

std::string why_not(std::string_view text) {
  std::string why = "accepted";
  const auto value = parse_strictly(text, why);
  return value ? "accepted" : why;
}

std::string nested(std::size_t depth) {
  return R"({"a":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

}  // namespace

TEST_CASE("JSON that means one thing is read") {
  std::string why;
  const auto value =
      parse_strictly(R"( {"a": {"b": "c"}, "n": [18446744073709551615, -9223372036854775808, 1.5e3]} )", why);
  REQUIRE(value);
  CHECK(text_at(*value, "a", "b") == "c");
  CHECK_FALSE(text_at(*value, "a"));
  CHECK_FALSE(text_at(*value, "a", "b", "c"));
  CHECK_FALSE(text_at(*value, "n", "b"));
  CHECK_FALSE(texts_at(*value, "n"));
  CHECK(member(*value, "z") == nullptr);
  CHECK(why_not(R"({"a":{"k":1},"b":{"k":1},"c":[{"k":1},{"k":1}]})") == "accepted");
  CHECK(why_not(nested(32)) == "accepted");
}

TEST_CASE("JSON that two readers would read in two ways is refused") {
  using namespace std::string_literals;
  const std::pair<std::string, std::string_view> rows[] = {
      {R"({"result":"FAILED","result":"PASSED"})", "the key \"result\" is there twice"},
      {R"({"result":"FAILED","resul\u0074":"PASSED"})", "the key \"result\" is there twice"},
      {R"({"a":[0,{"b":{"c":1,"d":2,"c":1}}]})", "the key \"c\" is there twice"},
      {R"({"":1,"":1})", "the key \"\" is there twice"},
      {"{\"a\\u001b[1m\":1,\"a\\u001b[1m\":1}", "the key \"a\\x1b[1m\" is there twice"},
      {R"({"a":18446744073709551616})", "the integer 18446744073709551616 does not fit into 64 bits"},
      {R"({"a":-9223372036854775809})", "the integer -9223372036854775809 does not fit into 64 bits"},
      {R"({"a":1e999})", "it is not JSON at byte 10"},
      {"{\"a\":\"\xFF\"}", "it is not UTF-8 at byte 6"},
      {"{\"a\":\"\xC0\xAF\"}", "it is not UTF-8 at byte 6"},
      {R"({"a":"\ud800"})", "it is not JSON at byte 13"},
      {"{}\0{}"s, "it is not JSON at byte 2"},
      {"\xEF\xBB\xBF{}", "it is not JSON at byte 0"},
      {"{} {}", "it is not JSON at byte 4"},
      {"", "it is not JSON at byte 1"},
      {"{\"a\":1,}", "it is not JSON at byte 8"},
      {"{\"a\":1", "it is not JSON at byte 7"},
      {"{'a':1}", "it is not JSON at byte 2"},
      {"{/**/}", "it is not JSON at byte 2"},
      {"{\"a\":NaN}", "it is not JSON at byte 6"},
      {"[]", "it is not a JSON object"},
      {"1", "it is not a JSON object"},
      {nested(33), "it is nested more than 32 deep"},
      {std::string(1'000'000, '['), "it is nested more than 32 deep"},
  };
  for (const auto& [text, why] : rows) {
    CAPTURE(text.substr(0, 100));
    CHECK(why_not(text) == why);
  }
}

}  // namespace sluice::attestation
