#include "validator/gate/attest.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "validator/attestation/bundle.h"
#include "validator/bytes/new_file.h"
#include "validator/bytes/sha256.h"

namespace sluice::gate {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kVerifier = "urn:sluice:gate:v1";
constexpr std::string_view kResource = "urn:sluice:content:";

// By the file's own name: where it lies is nobody's business.
std::string name_of(const Input& input) {
  return input.path == "/proc/self/exe" ? "sluice" : fs::path(input.path).filename().string();
}

std::vector<attestation::Digested> digested(const Documents& documents, std::initializer_list<std::string_view> roles) {
  std::vector<attestation::Digested> out;
  for (const Input& input : documents.inputs().all()) {
    const bool is_wanted = roles.size() == 0 || std::ranges::find(roles, input.role) != roles.end();
    if (is_wanted) out.push_back({name_of(input), input.sha256});
  }
  return out;
}

// What the policy demands, in one way of writing it; sign-offs and the content are no part of it.
std::string text_of(const Policy& policy) {
  std::string text = fmt::format("fail_on {}\nrun {}\ncovers_content {}\ncovers_schema {}\ndemands_sign_off {}\n",
                                 name_of(policy.fail_on), policy.run, policy.covers_content, policy.covers_schema,
                                 policy.demands_sign_off);
  for (const std::string& build : policy.require) text += fmt::format("require {}\n", build);
  if (!policy.fuzz) return text;
  return text + fmt::format("fuzz {} runs, {} seconds, {} jobs, seed {}, max_len {}, timeout_ms {}, {}\n",
                            policy.fuzz->runs, policy.fuzz->seconds, policy.fuzz->jobs, policy.fuzz->seed,
                            policy.fuzz->max_len, policy.fuzz->timeout_ms, policy.fuzz->property);
}

std::vector<std::string> levels_of(const Policy& policy) {
  std::vector<std::string> levels = {"SLUICE_SCHEMA_OK"};
  if (policy.run) levels.emplace_back("SLUICE_RUN_CLEAN");
  if (policy.covers_content) levels.emplace_back("SLUICE_FIELD_MATRIX_ALL");
  if (policy.fuzz) levels.emplace_back("SLUICE_FUZZED");
  return levels;
}

class Bundles {
 public:
  ~Bundles() { withdraw(written_); }
  // False: two contents want the same path.
  bool write(const std::string& path, std::string_view text, std::string& problem) {
    if (!paths_.insert(path).second) {
      problem = fmt::format("two content files have the attestation {}", path);
      return false;
    }
    if (!bytes::write_file(path, text, problem)) return false;
    written_.push_back(path);
    return true;
  }
  std::vector<std::string> keep() { return std::exchange(written_, {}); }

 private:
  std::set<std::string> paths_;
  std::vector<std::string> written_;
};

}  // namespace

void withdraw(const std::vector<std::string>& attestations) {
  for (const std::string& path : attestations) ::unlink(path.c_str());
}

std::string policy_digest(const Documents& documents) {
  auto files = digested(documents, {"schema", "rules", "driver document", "adapter", "suppressions"});
  const std::string policy = text_of(documents.policy());
  files.push_back({"policy", bytes::hex(bytes::sha256(policy))});
  return attestation::policy_digest(files);
}

std::optional<std::vector<std::string>> attest(const Documents& documents, const std::vector<Judged>& files,
                                               const attestation::SigningKey& key, const AttestOptions& options,
                                               std::string& problem) {
  const Release& release = documents.release();
  attestation::Statement statement{
      .subject = {},
      .passed = {},
      .failed = {},
      .configuration = digested(documents, {}),
      .policy_uri = "urn:sluice:policy:" + documents.schema().id,
      .policy_sha256 = policy_digest(documents),
      .verifier_id = release.verifier.empty() ? std::string(kVerifier) : release.verifier,
      .verifier_version = options.version,
      .resource_uri = {},
      .time = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(options.time))),
      .levels = {}};
  Bundles bundles;
  for (const Judged& file : files) {
    if (file.verdict == Verdict::no_verdict) continue;
    const std::string name = fs::path(file.name).filename().string();
    statement.subject = {name, file.sha256};
    statement.verdict = file.verdict;
    statement.passed = file.passed;
    statement.failed = file.failed;
    statement.resource_uri = (release.resource.empty() ? std::string(kResource) : release.resource) + name;
    statement.levels = file.verdict == Verdict::pass ? levels_of(release.policy) : std::vector<std::string>();
    const auto bundle = attestation::bundle(statement, key, problem);
    if (!bundle) return std::nullopt;
    const std::string path = options.folder.empty() ? file.name : (fs::path(options.folder) / name).string();
    if (!bundles.write(path + std::string(kAttestation), *bundle, problem)) return std::nullopt;
  }
  return bundles.keep();
}

}  // namespace sluice::gate
