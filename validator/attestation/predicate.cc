#include "validator/attestation/predicate.h"

#include <fmt/format.h>

#include "validator/attestation/base64.h"
#include "validator/attestation/strict_json.h"

namespace sluice::attestation {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::string_view kStatement = "https://in-toto.io/Statement/v1";
constexpr std::string_view kPassed = "PASSED";
constexpr std::string_view kFailed = "FAILED";

std::string_view word_of(Verdict verdict) { return verdict == Verdict::pass ? kPassed : kFailed; }

ordered_json digest_json(std::string_view sha256) { return {{"sha256", sha256}}; }

// A resource descriptor.
ordered_json descriptor(const Digested& file) { return {{"name", file.name}, {"digest", digest_json(file.sha256)}}; }

std::string write(const Statement& statement, std::string_view predicate_type, ordered_json predicate) {
  ordered_json out;
  out["_type"] = kStatement;
  out["subject"] = ordered_json::array({descriptor(statement.subject)});
  out["predicateType"] = predicate_type;
  out["predicate"] = std::move(predicate);
  return out.dump();
}

// The descriptors of a list that have a SHA-256; others are by digests that nothing is known of here.
std::optional<std::vector<Digested>> descriptors_at(const json& object, const char* name) {
  const json* list = member(object, name);
  if (list == nullptr || !list->is_array()) return std::nullopt;
  std::vector<Digested> files;
  for (const json& element : *list) {
    auto sha256 = text_at(element, "digest", "sha256");
    if (sha256 && is_sha256_hex(*sha256)) files.push_back({text_at(element, "name").value_or(""), std::move(*sha256)});
  }
  return files;
}

std::string lacks(std::string_view what, std::string_view member) {
  return fmt::format("{} without a proper `{}`", what, member);
}

// PASSED and FAILED are words of both predicates.
bool read_verdict(const json& predicate, const char* name, Verdict& verdict, std::string& why) {
  const auto word = text_at(predicate, name);
  if (word == kPassed || word == kFailed) {
    verdict = word == kPassed ? Verdict::pass : Verdict::fail;
    return true;
  }
  why = word ? fmt::format("`{}` is {}, neither PASSED nor FAILED", name, printable(*word)) : lacks("it is one", name);
  return false;
}

}  // namespace

std::string write_test_result(const Statement& statement) {
  ordered_json predicate;
  predicate["result"] = word_of(statement.verdict);
  predicate["configuration"] = ordered_json::array();
  for (const Digested& file : statement.configuration) predicate["configuration"].push_back(descriptor(file));
  predicate["passedTests"] = statement.passed;
  predicate["warnedTests"] = ordered_json::array();
  predicate["failedTests"] = statement.failed;
  return write(statement, kTestResult, std::move(predicate));
}

std::string write_summary(const Statement& statement, std::string_view test_result_sha256) {
  const bool is_pass = statement.verdict == Verdict::pass;
  ordered_json predicate;
  predicate["verifier"] = {{"id", statement.verifier_id}, {"version", {{"sluice", statement.verifier_version}}}};
  predicate["timeVerified"] = statement.time;
  predicate["resourceUri"] = statement.resource_uri;
  predicate["policy"] = {{"uri", statement.policy_uri}, {"digest", digest_json(statement.policy_sha256)}};
  predicate["inputAttestations"] = ordered_json::array({{{"digest", digest_json(test_result_sha256)}}});
  predicate["verificationResult"] = word_of(statement.verdict);
  predicate["verifiedLevels"] = is_pass ? ordered_json(statement.levels) : ordered_json::array({kFailed});
  return write(statement, kSummary, std::move(predicate));
}

std::optional<SignedStatement> read_statement(const json& object, std::string& why) {
  if (text_at(object, "_type") != kStatement) {
    why = "it is not an in-toto statement, version 1";
    return std::nullopt;
  }
  auto type = text_at(object, "predicateType");
  auto subjects = descriptors_at(object, "subject");
  if (!type || !subjects) {
    why = lacks("it is a statement", type ? "subject" : "predicateType");
    return std::nullopt;
  }
  return SignedStatement{std::move(*subjects), std::move(*type)};
}

bool read_test_result(const json& object, Statement& statement, std::string& why) {
  const json* predicate = member(object, "predicate");
  if (predicate == nullptr) {
    why = lacks("it is a test result", "predicate");
    return false;
  }
  if (!read_verdict(*predicate, "result", statement.verdict, why)) return false;
  auto passed = texts_at(*predicate, "passedTests");
  auto failed = texts_at(*predicate, "failedTests");
  auto configuration = descriptors_at(*predicate, "configuration");
  if (!passed || !failed || !configuration) {
    why = lacks("it is a test result", !passed ? "passedTests" : !failed ? "failedTests" : "configuration");
    return false;
  }
  statement.passed = std::move(*passed);
  statement.failed = std::move(*failed);
  statement.configuration = std::move(*configuration);
  return true;
}

bool read_summary(const json& object, Statement& statement, std::vector<std::string>& inputs, std::string& why) {
  const json* predicate = member(object, "predicate");
  if (predicate == nullptr) {
    why = lacks("it is a summary", "predicate");
    return false;
  }
  if (!read_verdict(*predicate, "verificationResult", statement.verdict, why)) return false;
  auto id = text_at(*predicate, "verifier", "id");
  auto resource = text_at(*predicate, "resourceUri");
  auto policy = text_at(*predicate, "policy", "uri");
  auto levels = texts_at(*predicate, "verifiedLevels");
  const auto input_files = descriptors_at(*predicate, "inputAttestations");
  if (!id || !resource || !policy || !levels || !input_files) {
    why = lacks("it is a summary", !id         ? "verifier.id"
                                   : !resource ? "resourceUri"
                                   : !policy   ? "policy.uri"
                                   : !levels   ? "verifiedLevels"
                                               : "inputAttestations");
    return false;
  }
  statement.verifier_id = std::move(*id);
  statement.resource_uri = std::move(*resource);
  statement.policy_uri = std::move(*policy);
  statement.levels = std::move(*levels);
  // These may be absent.
  statement.verifier_version = text_at(*predicate, "verifier", "version", "sluice").value_or("");
  statement.policy_sha256 = text_at(*predicate, "policy", "digest", "sha256").value_or("");
  statement.time = text_at(*predicate, "timeVerified").value_or("");
  for (const Digested& input : *input_files) inputs.push_back(input.sha256);
  return true;
}

}  // namespace sluice::attestation
