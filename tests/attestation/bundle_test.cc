#include "validator/attestation/bundle.h"

#include <catch2/catch.hpp>
#include <functional>

#include "tests/approved.h"
#include "tests/attestation/samples.h"
#include "validator/attestation/envelope.h"
#include "validator/bytes/sha256.h"

namespace sluice::attestation {

namespace {

std::string why_not(const std::function<void(Statement&)>& change, Statement statement = test::passing()) {
  change(statement);
  std::string why;
  return bundle(statement, test::signing_key(), why) ? "signed" : why;
}

// What each line of a bundle holds.
std::string payloads_of(std::string_view bundle) {
  std::string out;
  std::string why;
  while (!bundle.empty()) {
    const std::size_t end = bundle.find('\n');
    REQUIRE(end != std::string_view::npos);
    out += unseal(bundle.substr(0, end), test::signing_key().public_key(), why).value_or(why) + "\n";
    bundle.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

TEST_CASE("the statements of a pass and of a fail") {
  ::sluice::test::check_approved("attestation/pass.txt", payloads_of(test::bundle_of(test::passing())));
  ::sluice::test::check_approved("attestation/fail.txt", payloads_of(test::bundle_of(test::failing())));
}

TEST_CASE("the same statement gives the same bytes") {
  CHECK(test::bundle_of(test::passing()) == test::bundle_of(test::passing()));
}

TEST_CASE("a statement that keeps no promise is not signed") {
  const std::pair<std::string_view, std::function<void(Statement&)>> rows[] = {
      {"signed", [](Statement&) {}},
      {"signed", [](Statement& s) { s.failed.clear(); }},
      {"there is no verdict to attest", [](Statement& s) { s.verdict = Verdict::no_verdict; }},
      {"there is no name of the content", [](Statement& s) { s.subject.name.clear(); }},
      {"C-00000291.sys has no SHA-256", [](Statement& s) { s.subject.sha256[0] = 'G'; }},
      {"C-00000291.sys has no SHA-256", [](Statement& s) { s.subject.sha256.clear(); }},
      {"the name of the content is not UTF-8: a\\xff", [](Statement& s) { s.subject.name = "a\xFF"; }},
      {"it passed for no build", [](Statement& s) { s.passed.clear(); }},
      {"build 7.11 has two results", [](Statement& s) { s.passed.emplace_back("7.11"); }},
      {"build 7.10 has two results", [](Statement& s) { s.passed.emplace_back("7.10"); }},
      {"there is no name of a build", [](Statement& s) { s.failed.emplace_back(""); }},
      {"nothing is said of what it was judged with", [](Statement& s) { s.configuration.clear(); }},
      {"channel.ksy has no SHA-256", [](Statement& s) { s.configuration[0].sha256 += '0'; }},
      {"there is no level", [](Statement& s) { s.levels.clear(); }},
      {"SLSA_BUILD_LEVEL_3 is no level to give", [](Statement& s) { s.levels.emplace_back("SLSA_BUILD_LEVEL_3"); }},
      {"FAILED is no level to give", [](Statement& s) { s.levels.emplace_back("FAILED"); }},
      {"what failed has no levels", [](Statement& s) { s.verdict = Verdict::fail; }},
      {"there is no URI of the policy", [](Statement& s) { s.policy_uri.clear(); }},
      {"the policy has no SHA-256", [](Statement& s) { s.policy_sha256.clear(); }},
      {"there is no URI of the verifier", [](Statement& s) { s.verifier_id.clear(); }},
      {"there is no version of the verifier", [](Statement& s) { s.verifier_version.clear(); }},
      {"there is no URI of the resource", [](Statement& s) { s.resource_uri.clear(); }},
      {"'' is no time in UTC", [](Statement& s) { s.time.clear(); }},
      {"'2026-11-26T22:00:00+01:00' is no time in UTC", [](Statement& s) { s.time = "2026-11-26T22:00:00+01:00"; }},
  };
  for (const auto& [why, change] : rows) {
    CAPTURE(why);
    CHECK(why_not(change) == why);
  }
  CHECK(why_not([](Statement& s) { s.passed.clear(); }, test::failing()) == "signed");
}

TEST_CASE("a policy's digest is what sha256sum prints") {
  const std::string a(64, 'a');
  const std::string b(64, 'b');
  const auto digest_of = [](const std::string& text) { return bytes::hex(bytes::sha256(text)); };
  CHECK(policy_digest({}) == digest_of(""));
  const std::vector<Digested> files = {{"schema", b}, {"rules", a}, {"adapter", b}};
  CHECK(policy_digest(files) == digest_of(a + "  rules\n" + b + "  adapter\n" + b + "  schema\n"));
  CHECK(policy_digest(std::vector{files[2], files[0], files[1]}) == policy_digest(files));
  CHECK(policy_digest(std::vector{Digested{"a\nb\\c\r", a}}) == digest_of("\\" + a + "  a\\nb\\\\c\\r\n"));
  CHECK(policy_digest(std::vector{Digested{"rules", b}}) != policy_digest(std::vector{Digested{"rules", a}}));
  CHECK(policy_digest(std::vector{Digested{"rules", b}}) != policy_digest(std::vector{Digested{"Rules", b}}));
}

}  // namespace sluice::attestation
