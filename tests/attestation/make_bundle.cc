// Signs what it is told, for tests and for the example in docs/attestation.md:
//
//   make_bundle KEY CONTENT BUNDLE PASSED FAILED [fail]      builds are separated by commas
//
// Exit 2, with the reason: nothing was written.
#include <cstdio>
#include <ranges>
#include <span>

#include "validator/attestation/bundle.h"
#include "validator/bytes/content_file.h"
#include "validator/bytes/new_file.h"
#include "validator/bytes/sha256.h"

namespace {

using namespace sluice;

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    parts.emplace_back(part);
    text.remove_prefix(std::min(part.size() + 1, text.size()));
  }
  return parts;
}

attestation::Statement statement_of(std::span<const std::string> words, const bytes::ContentFile& content) {
  const std::string name = words[1].substr(words[1].rfind('/') + 1);
  attestation::Statement statement;
  statement.subject = {name, bytes::hex(bytes::sha256(content.bytes()))};
  statement.verdict = words.size() == 5 ? Verdict::pass : Verdict::fail;
  statement.passed = split(words[3]);
  statement.failed = split(words[4]);
  statement.configuration = {{"channel.ksy", std::string(64, 'a')}, {"channel.rules.yaml", std::string(64, 'b')}};
  statement.policy_uri = "https://example.com/policies/channel";
  statement.policy_sha256 = attestation::policy_digest(statement.configuration);
  statement.verifier_id = "https://example.com/sluice-gate/v1";
  statement.verifier_version = "0.1.0";
  statement.resource_uri = "https://example.com/channel/" + name;
  statement.time = "2026-11-26T22:00:00Z";
  if (statement.verdict == Verdict::pass) statement.levels = {"SLUICE_SCHEMA_OK", "SLUICE_RUN_CLEAN"};
  return statement;
}

bool make(std::span<const std::string> words, std::string& why) {
  const auto key = attestation::SigningKey::load(words[0], why);
  if (!key) return false;
  bytes::ContentFile content;
  if (!content.open(words[1])) {
    why = content.reason();
    return false;
  }
  const auto text = attestation::bundle(statement_of(words, content), *key, why);
  return text && bytes::write_file(words[2], *text, why);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  std::string why = "usage: make_bundle KEY CONTENT BUNDLE PASSED FAILED [fail]";
  if ((words.size() == 5 || words.size() == 6) && make(words, why)) return 0;
  std::fprintf(stderr, "%s\n", why.c_str());
  return 2;
}
