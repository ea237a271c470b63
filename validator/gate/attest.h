// What the gate signs when it is done: one bundle for each content file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/attestation/key.h"
#include "validator/gate/documents.h"

namespace sluice::gate {

// The judgement on one content file, as far as it is attested.
struct Judged {
  std::string name;
  std::string sha256;
  std::vector<std::string> passed;  // builds
  std::vector<std::string> failed;
  Verdict verdict = Verdict::no_verdict;
};

// What its name ends with, behind the content's.
inline constexpr std::string_view kAttestation = ".intoto.jsonl";

struct AttestOptions {
  std::string folder;   // empty: beside each file
  std::string version;  // of sluice
  std::int64_t time = 0;
};

// Writes `<content>.intoto.jsonl` for each of `files`, all or none, and gives their paths. Those without a verdict have
// none. Empty, and `problem`: they could not be written, and of those that were begun none is left.
[[nodiscard]] std::optional<std::vector<std::string>> attest(const Documents& documents,
                                                             const std::vector<Judged>& files,
                                                             const attestation::SigningKey& key,
                                                             const AttestOptions& options, std::string& problem);

// Removes what `attest` wrote: the run has no verdict after all.
void withdraw(const std::vector<std::string>& attestations);

// What decides over the content: schema, rules, driver document, adapters, suppressions and the policy, as one digest.
[[nodiscard]] std::string policy_digest(const Documents& documents);

}  // namespace sluice::gate
