// The two in-toto statements of a bundle: a Statement as JSON, and back.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/attestation/statement.h"

namespace sluice::attestation {

inline constexpr std::string_view kTestResult = "https://in-toto.io/attestation/test-result/v0.1";
inline constexpr std::string_view kSummary = "https://slsa.dev/verification_summary/v1";

// The statement must be one that bundle() accepts.
[[nodiscard]] std::string write_test_result(const Statement& statement);
[[nodiscard]] std::string write_summary(const Statement& statement, std::string_view test_result_sha256);

// What follows reads JSON that was signed, and that may still be anything. Members that are not known are passed over.

struct SignedStatement {
  std::vector<Digested> subjects;
  std::string predicate_type;
};
[[nodiscard]] std::optional<SignedStatement> read_statement(const nlohmann::json& json, std::string& why);

// Fills `passed`, `failed`, `configuration` and the verdict: pass if the result is PASSED.
[[nodiscard]] bool read_test_result(const nlohmann::json& json, Statement& statement, std::string& why);

// Fills the rest, but not the subject; `inputs` are the digests of the attestations that it sums up.
[[nodiscard]] bool read_summary(const nlohmann::json& json, Statement& statement, std::vector<std::string>& inputs,
                                std::string& why);

}  // namespace sluice::attestation
