#include "validator/attestation/verify.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <random>

#include "tests/attestation/samples.h"
#include "validator/attestation/base64.h"
#include "validator/attestation/bundle.h"
#include "validator/attestation/envelope.h"
#include "validator/attestation/predicate.h"
#include "validator/bytes/sha256.h"

namespace sluice::attestation {

namespace {

using test::answer;
using test::bundle_of;
using test::expected;
using test::failing;
using test::passing;

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  INFO(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

std::string sealed(std::string_view payload) {
  const auto line = seal(payload, test::signing_key());
  REQUIRE(line);
  return *line;
}

// A bundle of payloads that the key signed, whatever they say. The second sums up the first.
std::string bundle_of(std::string_view test_result, const std::function<std::string(const std::string&)>& summary) {
  const std::string first = sealed(test_result);
  return first + "\n" + sealed(summary(bytes::hex(bytes::sha256(view_of(first))))) + "\n";
}

std::string summary_of_passing(const std::string& input) { return write_summary(passing(), input); }

// The answer to a bundle in which the key signed a test result with `what` replaced; and so with a summary.
std::string answer_to_test_result(std::string_view what, std::string_view by) {
  return answer(bundle_of(replaced(write_test_result(passing()), what, by), summary_of_passing));
}
std::string answer_to_summary(std::string_view what, std::string_view by) {
  return answer(bundle_of(write_test_result(passing()),
                          [&](const std::string& input) { return replaced(summary_of_passing(input), what, by); }));
}

std::string first_line(const std::string& bundle) { return bundle.substr(0, bundle.find('\n') + 1); }
std::string second_line(const std::string& bundle) { return bundle.substr(bundle.find('\n') + 1); }

}  // namespace

TEST_CASE("what was signed is what is read") {
  std::vector<std::string> reasons = {"of before"};
  const auto statement = verify(bundle_of(passing()), test::signing_key().public_key(), expected(), reasons);
  CHECK(reasons.empty());
  REQUIRE(statement);
  const Statement wanted = passing();
  CHECK(statement->subject == wanted.subject);
  CHECK(statement->verdict == Verdict::pass);
  CHECK(statement->passed == wanted.passed);
  CHECK(statement->failed == wanted.failed);
  CHECK(statement->configuration == wanted.configuration);
  CHECK(statement->policy_uri == wanted.policy_uri);
  CHECK(statement->policy_sha256 == wanted.policy_sha256);
  CHECK(statement->verifier_id == wanted.verifier_id);
  CHECK(statement->verifier_version == wanted.verifier_version);
  CHECK(statement->resource_uri == wanted.resource_uri);
  CHECK(statement->time == wanted.time);
  CHECK(statement->levels == wanted.levels);
}

TEST_CASE("a verdict of FAILED proves nothing, whatever stands beside it") {
  CHECK(answer(bundle_of(failing())) == "line 2: the verdict is FAILED for 7.11");
  CHECK(answer(bundle_of(passing()) + bundle_of(failing())) == "line 4: the verdict is FAILED for 7.11");
  CHECK(answer(bundle_of(failing()) + bundle_of(passing())) == "line 2: the verdict is FAILED for 7.11");
  CHECK(answer(second_line(bundle_of(failing()))) ==
        "no line is a test result (https://in-toto.io/attestation/test-result/v0.1)\nline 1: the verdict is FAILED");
  CHECK(answer_to_test_result("PASSED", "FAILED") == "line 1: the result is FAILED");
  CHECK(answer_to_test_result("PASSED", "WARNED") ==
        "line 1: `result` is WARNED, neither PASSED nor FAILED\nline 2: it sums up a test result that is not here");
  CHECK(answer_to_summary("PASSED", "passed") == "line 2: `verificationResult` is passed, neither PASSED nor FAILED");
  CHECK(answer_to_summary("SLUICE_RUN_CLEAN", "FAILED") == "line 2: it passed, and its levels say FAILED");
}

TEST_CASE("other content, another key") {
  const std::string bundle = bundle_of(passing());
  const auto key = test::signing_key().public_key();
  Expected other = expected();
  other.content_sha256 = std::string(64, '2');
  CHECK(answer(bundle, other, key) ==
        "lines 1, 2: it is about other content, C-00000291.sys with SHA-256 1111111111111111..; "
        "this has 2222222222222222..");
  other.content_sha256 = "";
  CHECK(answer(bundle, other, key) != "verified");

  const std::string id = test::other_key().public_key().id();
  const std::string by = "it is not signed by this key, " + id + ", but by " + std::string(test::kKeyId);
  CHECK(answer(bundle, expected(), test::other_key().public_key()) == "lines 1, 2: " + by);
}

TEST_CASE("a line each is about its own content") {
  Statement elsewhere = passing();
  elsewhere.subject = {"other.sys", std::string(64, '2')};
  const std::string about =
      "it is about other content, other.sys with SHA-256 2222222222222222..; this has 1111111111111111..";
  CHECK(answer(bundle_of(write_test_result(elsewhere), summary_of_passing)) ==
        "line 1: " + about + "\nline 2: it sums up a test result that is not here");
  CHECK(answer(bundle_of(write_test_result(passing()), [&](const std::string& input) {
          return write_summary(elsewhere, input);
        })) == "line 2: " + about);
  CHECK(answer_to_summary(R"("sha256":"1111)", R"("sha512":"1111)") == "line 2: it names no content by a SHA-256");
  CHECK(answer_to_summary(R"("subject":[)", R"("subject":[{"name":"first","digest":{"sha256":")" +
                                                std::string(64, '3') + R"("}},)") == "verified");
}

TEST_CASE("a summary is of the test result beside it") {
  Statement older = passing();
  older.passed.emplace_back("7.13");
  const std::string bundle = bundle_of(passing());
  CHECK(answer(first_line(bundle_of(older)) + second_line(bundle)) ==
        "line 2: it sums up a test result that is not here");
  CHECK(answer(replaced(bundle, test::kKeyId, "SHA256:x")) == "line 2: it sums up a test result that is not here");
  CHECK(answer_to_summary(R"("inputAttestations":[)", R"("inputAttestations":[{"digest":{"sha256":")" +
                                                          std::string(64, '3') + R"("}},)") == "verified");
}

TEST_CASE("lines that are not there") {
  const std::string bundle = bundle_of(passing());
  const std::string no_result = "no line is a test result (https://in-toto.io/attestation/test-result/v0.1)";
  const std::string no_summary = "no line is a summary (https://slsa.dev/verification_summary/v1)";
  CHECK(answer("") == "there is no attestation in it");
  CHECK(answer("\n\n") == "there is no attestation in it");
  CHECK(answer(first_line(bundle)) == no_summary);
  CHECK(answer(second_line(bundle)) == no_result + "\nline 1: it sums up a test result that is not here");
  const std::string provenance =
      sealed(replaced(write_test_result(passing()), kTestResult, "https://slsa.dev/provenance/v1"));
  const std::string unknown = "line 1: it says nothing that sluice asks for: https://slsa.dev/provenance/v1";
  CHECK(answer(provenance) == unknown + "\n" + no_result + "\n" + no_summary);
}

TEST_CASE("lines of others, and any order, take nothing away") {
  const std::string bundle = bundle_of(passing());
  CHECK(answer(second_line(bundle) + first_line(bundle)) == "verified");
  CHECK(answer("\n" + bundle.substr(0, bundle.size() - 1)) == "verified");
  CHECK(answer("not JSON\n" + bundle + "{}\n") == "verified");
  std::string why;
  const auto by_others = attestation::bundle(failing(), test::other_key(), why);
  REQUIRE(by_others);
  CHECK(answer(*by_others + bundle) == "verified");
  Statement of_others = failing();
  of_others.subject.sha256 = std::string(64, '2');
  CHECK(answer(bundle_of(of_others) + bundle) == "verified");
}

TEST_CASE("lines that prove nothing are told together, and not all") {
  std::string many;
  for (int i = 0; i < 100; ++i) many += "{}\n";
  CHECK(answer(many) == "lines 1, 2, 3, 4, ..: it has no text `payloadType`");
  many.clear();
  for (int i = 0; i < 100; ++i) many += std::string(i, '[') + "\n";
  const std::string told = answer(many + bundle_of(failing()));
  CHECK(std::ranges::count(told, '\n') == 21);
  CHECK(told.ends_with("\n79 more lines, for other reasons\nline 102: the verdict is FAILED for 7.11"));
}

TEST_CASE("builds that must have passed") {
  const std::string bundle = bundle_of(passing());
  const auto key = test::signing_key().public_key();
  Expected all = expected();
  all.builds = {"7.12", "7.10"};
  CHECK(answer(bundle, all, key) == "verified");
  all.builds = {"7.10", "7.11", "7.13", ""};
  CHECK(answer(bundle, all, key) ==
        "line 1: build 7.11 failed\nline 1: build 7.13 is not among those that passed\n"
        "line 1: build  is not among those that passed");
  // A gate that contradicts itself is not believed.
  const std::string both =
      replaced(write_test_result(passing()), R"("failedTests":["7.11"])", R"("failedTests":["7.10"])");
  all.builds = {"7.10"};
  CHECK(answer(bundle_of(both, summary_of_passing), all, key) == "line 1: build 7.10 failed");
}

TEST_CASE("policy, verifier, resource and levels") {
  const std::string bundle = bundle_of(passing());
  const auto key = test::signing_key().public_key();
  Expected all = expected();
  all.policy_sha256 = passing().policy_sha256;
  all.verifier_id = passing().verifier_id;
  all.resource_uri = passing().resource_uri;
  all.levels = passing().levels;
  CHECK(answer(bundle, all, key) == "verified");
  all.policy_sha256 = "";
  all.verifier_id = "https://example.com/gate/v2";
  all.resource_uri = "x";
  all.levels = {"SLUICE_FUZZED"};
  CHECK(answer(bundle, all, key) ==
        "line 2: the policy is '" + passing().policy_sha256 +
            "', not ''\n"
            "line 2: the verifier is 'https://example.com/gate/v1', not 'https://example.com/gate/v2'\n"
            "line 2: the resource is 'https://example.com/content/C-00000291.sys', not 'x'\n"
            "line 2: it does not say SLUICE_FUZZED");
}

TEST_CASE("payloads that were signed and are none") {
  CHECK(answer_to_test_result("{", R"({"predicate":{"result":"PASSED"},)") ==
        "line 1: the key \"predicate\" is there twice\nline 2: it sums up a test result that is not here");
  CHECK(answer_to_summary("PASSED\"", R"(FAILED","verificationResult":"PASSED")") ==
        "line 2: the key \"verificationResult\" is there twice");
  CHECK(answer_to_summary("Statement/v1", "Statement/v0.1") == "line 2: it is not an in-toto statement, version 1");
  const std::pair<std::string_view, std::string_view> summary_members[] = {
      {R"("subject")", "a statement without a proper `subject`"},
      {R"("predicateType")", "a statement without a proper `predicateType`"},
      {R"("predicate":)", "a summary without a proper `predicate`"},
      {R"("verificationResult")", "one without a proper `verificationResult`"},
      {R"("id")", "a summary without a proper `verifier.id`"},
      {R"("resourceUri")", "a summary without a proper `resourceUri`"},
      {R"("uri")", "a summary without a proper `policy.uri`"},
      {R"("verifiedLevels")", "a summary without a proper `verifiedLevels`"},
      {R"("inputAttestations")", "a summary without a proper `inputAttestations`"},
  };
  for (const auto& [name, why] : summary_members) {
    CAPTURE(name);
    CHECK(answer_to_summary(name, name.ends_with(':') ? R"("x":)" : R"("x")") == "line 2: it is " + std::string(why));
  }
  for (const std::string_view name : {"predicate\":", "result", "passedTests", "failedTests", "configuration"}) {
    CAPTURE(name);
    const std::string said = answer_to_test_result("\"" + std::string(name), "\"x" + std::string(name));
    CHECK(said.starts_with("line 1: it is "));
    CHECK(said.find(" without a proper `" + std::string(name.substr(0, name.find('"'))) + "`") != std::string::npos);
  }
}

TEST_CASE("a bundle as large as no gate writes is not looked at") {
  std::string bundle = bundle_of(passing());
  bundle.append(kLargestBundle - bundle.size(), '\n');
  CHECK(answer(bundle) == "verified");
  CHECK(answer(bundle + '\n') == "it is larger than 4 MiB");
}

TEST_CASE("every end of a bundle but the whole proves nothing") {
  const std::string bundle = bundle_of(passing());
  for (std::size_t size = 0; size + 1 < bundle.size(); size += 7) {
    CAPTURE(size);
    CHECK(answer(bundle.substr(0, size)) != "verified");
  }
}

TEST_CASE("no bit of a bundle can be another, but of the name of the key") {
  const std::string bundle = bundle_of(passing());
  // In line 1 the id is held by the digest in line 2. Nothing holds that of line 2, and nothing is decided by it.
  const std::size_t id_begin = bundle.find("\"keyid\"", bundle.find('\n'));
  const std::size_t id_end = bundle.find("\"sig\"", id_begin);
  REQUIRE(id_end != std::string::npos);
  std::mt19937 random(20261126);
  std::size_t num_verified = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::size_t at = random() % bundle.size();
    std::string changed = bundle;
    changed[at] = static_cast<char>(changed[at] ^ (1 << random() % 8));
    const bool is_verified = answer(changed) == "verified";
    num_verified += is_verified;
    CAPTURE(at, bundle.substr(at, 10), changed.substr(at, 10));
    CHECK((!is_verified || (at >= id_begin && at < id_end)));
  }
  CHECK(num_verified > 0);
}

TEST_CASE("bytes that are changed, taken out or put in prove nothing else") {
  const std::string bundle = bundle_of(passing());
  std::mt19937 random(20261127);
  std::vector<std::string> reasons;
  const PublicKey key = test::signing_key().public_key();
  for (int i = 0; i < 2000; ++i) {
    std::string changed = bundle;
    for (auto times = 1 + random() % 3; times > 0; --times) {
      const std::size_t at = random() % changed.size();
      const char byte = random() % 2 == 0 ? static_cast<char>(random()) : changed[random() % changed.size()];
      switch (random() % 3) {
        case 0: changed[at] = byte; break;
        case 1: changed.erase(at, 1 + random() % 4); break;
        default: changed.insert(at, 1 + random() % 4, byte); break;
      }
    }
    const auto statement = verify(changed, key, expected(), reasons);
    CAPTURE(i);
    CHECK(reasons.empty() == statement.has_value());
    CHECK((!statement || (statement->passed == passing().passed && statement->levels == passing().levels)));
  }
}

}  // namespace sluice::attestation
