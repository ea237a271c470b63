// What the gate says of one content file. Whoever says it owns the clock and the names: nothing here asks for either,
// so that the same statement and key give the same bytes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "validator/finding/finding.h"

namespace sluice::attestation {

// A file, by name and digest: lower-case hex, 64 digits. The digest counts; the name is for people.
struct Digested {
  std::string name;
  std::string sha256;
  friend bool operator==(const Digested&, const Digested&) = default;
};

// All text is UTF-8.
struct Statement {
  Digested subject;                 // the bytes that were judged, not what lies on disk by now
  Verdict verdict = Verdict::fail;  // pass or fail: NO VERDICT is never attested
  std::vector<std::string> passed;  // driver builds; of a pass at least one
  std::vector<std::string> failed;  // driver builds; none that passed
  std::vector<Digested>
      configuration;                // what it was judged with: schema, rules, driver document, adapter, images, sluice
  std::string policy_uri;           // what the policy is called
  std::string policy_sha256;        // of all that decides, see policy_digest
  std::string verifier_id;          // a URI: who judges. A key belongs to one
  std::string verifier_version;     // of sluice
  std::string resource_uri;         // where the content goes, as whoever loads it calls it
  std::string time;                 // RFC 3339 in UTC: 2026-11-26T22:00:00Z
  std::vector<std::string> levels;  // of a pass: what holds, SLUICE_SCHEMA_OK; none begins with SLSA_
};

// One digest over many files, whatever their order: what `sha256sum FILE... | LC_ALL=C sort | sha256sum` prints. A file
// by another name is another policy, so name them as the policy does and not by where they lie.
[[nodiscard]] std::string policy_digest(std::span<const Digested> files);

}  // namespace sluice::attestation
