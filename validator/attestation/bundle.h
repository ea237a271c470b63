// An attestation bundle, `<content>.intoto.jsonl`: two DSSE envelopes, a line each.
//
//   1  in-toto test-result/v0.1: which driver builds passed, and what they were judged with
//   2  SLSA verification_summary/v1: the verdict, the policy, and the digest of line 1 as it stands
#pragma once

#include <optional>
#include <string>

#include "validator/attestation/key.h"
#include "validator/attestation/statement.h"

namespace sluice::attestation {

// The text of the file, both newlines included; the same statement and key give the same bytes. Nothing, and `why`, if
// the statement breaks a promise of statement.h or could not be signed. To write it use bytes::write_file: no part of a
// bundle is ever on disk.
[[nodiscard]] std::optional<std::string> bundle(const Statement& statement, const SigningKey& key, std::string& why);

}  // namespace sluice::attestation
