#include "validator/attestation/base64.h"

#include <catch2/catch.hpp>

namespace sluice::attestation {

TEST_CASE("base64 there and back") {
  // RFC 4648, section 10.
  const std::pair<std::string_view, std::string_view> rows[] = {{"", ""},
                                                                {"f", "Zg=="},
                                                                {"fo", "Zm8="},
                                                                {"foo", "Zm9v"},
                                                                {"foob", "Zm9vYg=="},
                                                                {"fooba", "Zm9vYmE="},
                                                                {"foobar", "Zm9vYmFy"},
                                                                {"\xFB\xFF\xFE", "+//+"}};
  for (const auto& [bytes, text] : rows) {
    CAPTURE(text);
    CHECK(to_base64(view_of(bytes)) == text);
    CHECK(from_base64(text) == std::string(bytes));
  }
  std::string all;
  for (int i = 0; i < 256; ++i) {
    CHECK(from_base64(to_base64(view_of(all))) == all);
    all += static_cast<char>(i);
  }
}

TEST_CASE("base64 by the URL-safe alphabet") {
  CHECK(from_base64("-__-") == "\xFB\xFF\xFE");
  CHECK(from_base64("_w==") == "\xFF");
}

TEST_CASE("what is not base64, or not the only way to write it") {
  const std::string_view rows[] = {"Z",      "Zg",   "Zg=",  "Zh==", "Zm9=", "Z===", "====",  "Zg==Zg==",
                                   "Zm8=\n", "Zm 8", "Zm9*", "+__+", "=Zm8", "Zg=g", "Zm9v=", "\xC3\xA4+="};
  for (const std::string_view text : rows) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text));
  }
}

TEST_CASE("what a SHA-256 looks like") {
  const std::string good(64, 'a');
  CHECK(is_sha256_hex(good));
  CHECK_FALSE(is_sha256_hex(good.substr(1)));
  CHECK_FALSE(is_sha256_hex(good + "a"));
  CHECK_FALSE(is_sha256_hex(std::string(64, 'A')));
  CHECK_FALSE(is_sha256_hex(std::string(64, 'g')));
}

}  // namespace sluice::attestation
