#include "validator/attestation/bundle.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/attestation/base64.h"
#include "validator/attestation/envelope.h"
#include "validator/attestation/predicate.h"
#include "validator/bytes/sha256.h"
#include "validator/bytes/utf8.h"

namespace sluice::attestation {

namespace {

// `2026-11-26T22:00:00Z`. Whether there is such a day is for the clock to know.
bool is_time(std::string_view text) {
  constexpr std::string_view kPicture = "0000-00-00T00:00:00Z";
  return std::ranges::equal(text, kPicture,
                            [](char c, char picture) { return picture == '0' ? c >= '0' && c <= '9' : c == picture; });
}

bool is_utf8(std::string_view text) { return bytes::valid_utf8_prefix(text) == text.size(); }

// A text that must be there. `what` is its name.
std::string fault_of_text(std::string_view text, std::string_view what) {
  if (text.empty()) return fmt::format("there is no {}", what);
  return is_utf8(text) ? "" : fmt::format("the {} is not UTF-8: {}", what, printable(text));
}

std::string fault_of_file(const Digested& file, std::string_view what) {
  if (std::string fault = fault_of_text(file.name, fmt::format("name of the {}", what)); !fault.empty()) return fault;
  return is_sha256_hex(file.sha256) ? "" : fmt::format("{} has no SHA-256", printable(file.name));
}

std::string fault_of_builds(const Statement& statement) {
  std::vector<std::string> builds = statement.passed;
  builds.insert(builds.end(), statement.failed.begin(), statement.failed.end());
  for (const std::string& build : builds) {
    if (std::string fault = fault_of_text(build, "name of a build"); !fault.empty()) return fault;
  }
  std::ranges::sort(builds);
  const auto twice = std::ranges::adjacent_find(builds);
  if (twice != builds.end()) return fmt::format("build {} has two results", printable(*twice));
  const bool is_pass = statement.verdict == Verdict::pass;
  return is_pass && statement.passed.empty() ? "it passed for no build" : "";
}

// Levels are what verifiers ask for: those that begin with SLSA_ are SLSA's to define.
std::string fault_of_levels(const Statement& statement) {
  if (statement.verdict == Verdict::fail) return statement.levels.empty() ? "" : "what failed has no levels";
  if (statement.levels.empty()) return "there is no level";
  for (const std::string& level : statement.levels) {
    if (std::string fault = fault_of_text(level, "level"); !fault.empty()) return fault;
    if (level.starts_with("SLSA_") || level == "FAILED") return fmt::format("{} is no level to give", level);
  }
  return "";
}

std::string fault_of(const Statement& statement) {
  if (statement.verdict != Verdict::pass && statement.verdict != Verdict::fail) return "there is no verdict to attest";
  if (statement.configuration.empty()) return "nothing is said of what it was judged with";
  std::vector<std::string> faults = {fault_of_file(statement.subject, "content"),
                                     fault_of_builds(statement),
                                     fault_of_levels(statement),
                                     fault_of_text(statement.policy_uri, "URI of the policy"),
                                     fault_of_text(statement.verifier_id, "URI of the verifier"),
                                     fault_of_text(statement.verifier_version, "version of the verifier"),
                                     fault_of_text(statement.resource_uri, "URI of the resource")};
  for (const Digested& file : statement.configuration) faults.push_back(fault_of_file(file, "configuration"));
  if (!is_sha256_hex(statement.policy_sha256)) faults.emplace_back("the policy has no SHA-256");
  if (!is_time(statement.time)) faults.push_back(fmt::format("'{}' is no time in UTC", printable(statement.time)));
  const auto found = std::ranges::find_if(faults, [](const std::string& fault) { return !fault.empty(); });
  return found == faults.end() ? "" : *found;
}

}  // namespace

std::optional<std::string> bundle(const Statement& statement, const SigningKey& key, std::string& why) {
  why = fault_of(statement);
  if (!why.empty()) return std::nullopt;
  const auto test_result = seal(write_test_result(statement), key);
  if (test_result) {
    const auto summary = seal(write_summary(statement, bytes::hex(bytes::sha256(view_of(*test_result)))), key);
    if (summary) return *test_result + "\n" + *summary + "\n";
  }
  why = "the key does not sign";
  return std::nullopt;
}

}  // namespace sluice::attestation
