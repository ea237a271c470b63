// A key that everybody has, of RFC 8032 (section 7.1, TEST 1), and a statement to sign with it.
#pragma once

#include <string>
#include <string_view>

#include "validator/attestation/key.h"
#include "validator/attestation/statement.h"
#include "validator/attestation/verify.h"

namespace sluice::attestation::test {

inline constexpr std::string_view kPrivatePem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";
inline constexpr std::string_view kPublicPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
    "-----END PUBLIC KEY-----\n";
inline constexpr std::string_view kKeyId = "SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8";

[[nodiscard]] SigningKey signing_key();
[[nodiscard]] SigningKey other_key();

[[nodiscard]] Statement passing();
[[nodiscard]] Statement failing();
[[nodiscard]] std::string bundle_of(const Statement& statement);

// What verify() says of a bundle: `verified`, or the reasons, a line each.
[[nodiscard]] std::string answer(std::string_view bundle, const Expected& expected, const PublicKey& key);
[[nodiscard]] std::string answer(std::string_view bundle);

// That nothing but the content of passing() must be so.
[[nodiscard]] Expected expected();

}  // namespace sluice::attestation::test
