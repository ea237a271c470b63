#include "validator/attestation/envelope.h"

#include <catch2/catch.hpp>

#include "tests/attestation/samples.h"
#include "validator/attestation/base64.h"

namespace sluice::attestation {

namespace {

constexpr std::string_view kBody =
    R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"C-00000291.sys","digest":{"sha256":)"
    R"("0000000000000000000000000000000000000000000000000000000000000000"}}],)"
    R"("predicateType":"https://example.com/test/v1","predicate":{}})";
// By another implementation, with the key of samples.h.
constexpr std::string_view kSignature =
    "vpzx0RCc75HTc7wy0CAtGMVFe6UPduH3biePUxDKdTiIEYNC9FkjpL6ty+QrDdLz8L0dnd3+yTRVwrEN6MwhBg==";

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

std::string sealed() {
  const auto line = seal(kBody, test::signing_key());
  REQUIRE(line);
  return *line;
}

// The payload, or why there is none.
std::string opened(std::string_view line) {
  std::string why;
  const auto payload = unseal(line, test::signing_key().public_key(), why);
  return payload ? *payload : why;
}

std::string signed_as(std::string_view type, std::string_view payload) {
  const auto signature = test::signing_key().sign(view_of(pre_authentication_encoding(type, payload)));
  REQUIRE(signature);
  return R"({"payloadType":")" + std::string(type) + R"(","payload":")" + to_base64(view_of(payload)) +
         R"(","signatures":[{"sig":")" + to_base64(*signature) + R"("}]})";
}

}  // namespace

TEST_CASE("what is signed, as the specification of DSSE has it") {
  CHECK(pre_authentication_encoding("http://example.com/HelloWorld", "hello world") ==
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  CHECK(pre_authentication_encoding("", "") == "DSSEv1 0  0 ");
}

TEST_CASE("an envelope is what another implementation makes of the same key and payload") {
  const std::string line = sealed();
  CHECK(line == R"({"payloadType":"application/vnd.in-toto+json","payload":")" + to_base64(view_of(kBody)) +
                    R"(","signatures":[{"keyid":")" + std::string(test::kKeyId) + R"(","sig":")" +
                    std::string(kSignature) + R"("}]})");
  CHECK(opened(line) == kBody);
}

TEST_CASE("an envelope opens whatever is written beside what is signed") {
  const std::string line = sealed();
  const std::string no_id = replaced(line, R"("keyid":")" + std::string(test::kKeyId) + R"(",)", "");
  CHECK(opened(no_id) == kBody);
  CHECK(opened(replaced(line, test::kKeyId, "anything")) == kBody);
  CHECK(opened(replaced(line, R"("keyid":)", R"("keyid":7,"key":)")) == kBody);
  CHECK(opened(replaced(line, "{", R"({"mediaType":"text/plain","more":[1,{}],)")) == kBody);
  CHECK(opened(replaced(line, R"([{"keyid")", R"([{"keyid":"x","sig":"AAAA"},{"keyid")")) == kBody);
  std::string url_safe = line;
  for (char& c : url_safe) c = c == '+' ? '-' : c;
  url_safe = replaced(url_safe, "application/vnd.in-toto-json", kStatementType);
  CHECK(url_safe.find('+', url_safe.find("payload\"")) == std::string::npos);
  CHECK(opened(url_safe) == kBody);
}

TEST_CASE("an envelope that does not open says why") {
  const std::string line = sealed();
  const std::string id(test::kKeyId);
  const std::string changed = "it was changed after it was signed: its signature by " + id + " does not fit";
  const std::string by_others = "it is not signed by this key, " + id + ", but by ";
  const std::pair<std::string, std::string> rows[] = {
      {replaced(line, "eyJfdHlwZSI6", "eyJfdHlwZSI7"), changed},
      {replaced(line, "+json", "+jsom"), changed},
      {replaced(line, R"("vpzx)", R"("upzx)"), changed},
      {replaced(line, kSignature, ""), changed},
      {replaced(line, kSignature, "vpzx"), changed},
      {replaced(replaced(line, test::kKeyId, "SHA256:x"), R"("vpzx)", R"("upzx)"), by_others + "SHA256:x"},
      {replaced(signed_as(kStatementType, "{}"), "e30=", "e2Fh"), by_others + "a key without a name"},
      {signed_as("application/json", "{}"), "its payload is of a type that is not known here: application/json"},
      {signed_as("", "{}"), "its payload is of a type that is not known here: "},
      {replaced(line, "payloadType", "payloadtype"), "it has no text `payloadType`"},
      {replaced(line, R"("payload":)", R"("payload":1,"more":)"), "it has no text `payload`"},
      {replaced(line, "eyJf", "eyJ*"), "`payload` is not base64"},
      {replaced(line, R"(Bg==")", R"(Bg")"), "`sig` is not base64"},
      {replaced(line, R"("sig":)", R"("seal":)"), "it has no text `sig`"},
      {R"({"payloadType":"a","payload":"e30=","signatures":[]})", "it has no signatures"},
      {R"({"payloadType":"a","payload":"e30=","signatures":{}})", "it has no signatures"},
      {R"({"payloadType":"a","payload":"e30="})", "it has no signatures"},
      {R"({"payloadType":"a","payload":"e30=","signatures":[1]})", "it has no text `sig`"},
      {replaced(line, "{", R"({"payload":"e30=",)"), "the key \"payload\" is there twice"},
      {replaced(line, R"("sig":)", R"("sig":"","sig":)"), "the key \"sig\" is there twice"},
      {line.substr(0, line.size() - 1), "it is not JSON at byte " + std::to_string(line.size())},
  };
  for (const auto& [text, why] : rows) {
    CAPTURE(text);
    CHECK(opened(text) == why);
  }
}

TEST_CASE("signatures are counted before they are tried") {
  std::string many = R"({"payloadType":"a","payload":"e30=","signatures":[{"sig":""})";
  for (int i = 1; i < 16; ++i) many += R"(,{"sig":""})";
  CHECK(opened(many + "]}").starts_with("it is not signed by this key"));
  CHECK(opened(many + R"(,{"sig":""}]})") == "it has 17 signatures, more than 16");
}

}  // namespace sluice::attestation
