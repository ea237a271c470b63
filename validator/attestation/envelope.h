// DSSE 1.0.2: a payload, its type, and signatures of both.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "validator/attestation/key.h"

namespace sluice::attestation {

inline constexpr std::string_view kStatementType = "application/vnd.in-toto+json";

// What is signed: `DSSEv1 29 http://example.com/HelloWorld 11 hello world`.
[[nodiscard]] std::string pre_authentication_encoding(std::string_view type, std::string_view payload);

// An envelope as one line of JSON, without the newline. `payload` is a statement in UTF-8.
[[nodiscard]] std::optional<std::string> seal(std::string_view payload, const SigningKey& key);

// The payload of an envelope: the very bytes that the key signed, once it is known that it did and that they are a
// statement. Nothing, and `why`, otherwise.
[[nodiscard]] std::optional<std::string> unseal(std::string_view line, const PublicKey& key, std::string& why);

}  // namespace sluice::attestation
