// Whether a bundle says, by a key that is trusted, that content passed. Only what is proved counts: a line that is not
// understood, is about other content or was signed by others proves nothing, wherever it stands.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/attestation/key.h"
#include "validator/attestation/statement.h"

namespace sluice::attestation {

// More than any gate writes; whoever reads a bundle from disk asks for its size first.
inline constexpr std::size_t kLargestBundle = 4u << 20;

// What must be so, besides that the content passed.
struct Expected {
  std::string content_sha256;       // of the bytes at hand
  std::vector<std::string> builds;  // each of them passed
  std::optional<std::string> policy_sha256;
  std::optional<std::string> verifier_id;
  std::optional<std::string> resource_uri;
  std::vector<std::string> levels;  // each of them is given
};

// The statement that was signed, and nothing that was not.
// On failure there is none and `reasons` say why, at least one, by line. They quote the bundle with control bytes made
// visible. Success does not promise that the statement is the newest, or that nobody said otherwise in another file:
// `policy_sha256` pins what was asked then.
[[nodiscard]] std::optional<Statement> verify(std::string_view bundle, const PublicKey& key, const Expected& expected,
                                              std::vector<std::string>& reasons);

}  // namespace sluice::attestation
