#include "tests/attestation/samples.h"

#include <catch2/catch.hpp>

#include "validator/attestation/bundle.h"

namespace sluice::attestation::test {

namespace {

SigningKey parsed(std::string_view pem) {
  std::string why;
  auto key = SigningKey::parse(pem, why);
  INFO(why);
  REQUIRE(key);
  return std::move(*key);
}

}  // namespace

SigningKey signing_key() { return parsed(kPrivatePem); }

SigningKey other_key() {
  return parsed(
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5ba9GE2bC2bzD1NHpYTxaibpjPgxS5zEs0h\n"
      "-----END PRIVATE KEY-----\n");
}

Statement passing() {
  return {.subject = {"C-00000291.sys", std::string(64, '1')},
          .verdict = Verdict::pass,
          .passed = {"7.10", "7.12"},
          .failed = {"7.11"},
          .configuration = {{"channel.ksy", std::string(64, 'a')}, {"sluice", std::string(64, 'b')}},
          .policy_uri = "https://example.com/policy",
          .policy_sha256 = std::string(64, 'c'),
          .verifier_id = "https://example.com/gate/v1",
          .verifier_version = "0.1.0",
          .resource_uri = "https://example.com/content/C-00000291.sys",
          .time = "2026-11-26T22:00:00Z",
          .levels = {"SLUICE_SCHEMA_OK", "SLUICE_RUN_CLEAN"}};
}

Statement failing() {
  Statement statement = passing();
  statement.verdict = Verdict::fail;
  statement.levels.clear();
  return statement;
}

std::string bundle_of(const Statement& statement) {
  std::string why;
  const auto text = bundle(statement, signing_key(), why);
  INFO(why);
  REQUIRE(text);
  return *text;
}

std::string answer(std::string_view bundle, const Expected& expected, const PublicKey& key) {
  std::vector<std::string> reasons;
  const auto statement = verify(bundle, key, expected, reasons);
  if (statement) return reasons.empty() ? "verified" : "verified, with reasons not to";
  std::string out;
  for (const std::string& reason : reasons) out += (out.empty() ? "" : "\n") + reason;
  return out;
}

std::string answer(std::string_view bundle) {
  static const PublicKey key = signing_key().public_key();
  return answer(bundle, expected(), key);
}

Expected expected() {
  Expected all;
  all.content_sha256 = passing().subject.sha256;
  return all;
}

}  // namespace sluice::attestation::test
