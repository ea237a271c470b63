// Any bytes as a bundle prove nothing, and it is said why: nobody has signed them. Any bytes as two payloads that the
// key signs prove that content passed only where they say so; else it is said why not.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "validator/attestation/envelope.h"
#include "validator/attestation/verify.h"
#include "validator/bytes/sha256.h"

using namespace sluice::attestation;

namespace {

// Of RFC 8032, section 7.1, TEST 1.
constexpr std::string_view kKey =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";
const std::string kContent(64, '1');
const std::string kFirstLine(64, '0');  // in the second payload, the digest of the first line

void require(bool condition) {
  if (!condition) std::abort();
}

std::string sign_both(std::string_view first, std::string second, const SigningKey& key) {
  const std::string line = seal(first, key).value_or("");
  const std::string digest = sluice::bytes::hex(sluice::bytes::sha256(line));
  const std::size_t at = second.find(kFirstLine);
  if (at != std::string::npos) second.replace(at, digest.size(), digest);
  return line + "\n" + seal(second, key).value_or("");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::string why;
  static const auto key = SigningKey::parse(kKey, why);
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::string_view input = all.substr(all.empty() ? 0 : 1);
  const bool is_signed = all.starts_with('s');  // `b`, or anything: a bundle as it stands
  const std::size_t middle = std::min(input.find('\n'), input.size());
  const std::string bundle =
      is_signed ? sign_both(input.substr(0, middle), std::string(input.substr(middle)), *key) : std::string(input);
  Expected expected;
  expected.content_sha256 = kContent;
  expected.builds = {"7.10"};
  std::vector<std::string> reasons;
  const auto proved = verify(bundle, key->public_key(), expected, reasons);
  require(proved ? is_signed && reasons.empty() : !reasons.empty());
  if (!proved) return 0;
  require(proved->verdict == sluice::Verdict::pass && proved->subject.sha256 == kContent);
  require(input.find(kContent, middle) != std::string_view::npos);
  require(input.substr(0, middle).find("7.10") != std::string_view::npos);
  return 0;
}
