#include "validator/attestation/key.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "tests/attestation/samples.h"
#include "tests/scratch_folder.h"
#include "validator/attestation/base64.h"

namespace sluice::attestation {

namespace {

std::string why_no_public(std::string_view pem) {
  std::string why;
  return PublicKey::parse(pem, why) ? "read" : why;
}

std::string why_no_private(std::string_view pem) {
  std::string why;
  return SigningKey::parse(pem, why) ? "read" : why;
}

std::string block(std::string_view label, std::string_view base64) {
  return "-----BEGIN " + std::string(label) + "-----\n" + std::string(base64) + "\n-----END " + std::string(label) +
         "-----\n";
}

}  // namespace

TEST_CASE("the halves of a key belong together") {
  std::string why;
  const auto its_public = PublicKey::parse(test::kPublicPem, why);
  REQUIRE(its_public);
  CHECK(its_public->id() == test::kKeyId);
  CHECK(*its_public == test::signing_key().public_key());
  CHECK_FALSE(*its_public == test::other_key().public_key());
  const auto signature = test::signing_key().sign(view_of(""));
  REQUIRE(signature);
  // RFC 8032, section 7.1, TEST 1.
  CHECK(to_base64(*signature) ==
        "5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw==");
  CHECK(its_public->verifies(view_of(""), *signature));
  CHECK_FALSE(its_public->verifies(view_of("x"), *signature));
  CHECK_FALSE(its_public->verifies(view_of(""), bytes::View(*signature).first(63)));
  CHECK_FALSE(its_public->verifies(view_of(""), {}));
  CHECK_FALSE(test::other_key().public_key().verifies(view_of(""), *signature));
}

TEST_CASE("what is no public key says so") {
  CHECK(why_no_public("") == "holds no PEM block");
  CHECK(why_no_public(test::kPrivatePem) == "is a private key; `openssl pkey -in KEY -pubout` gives its public half");
  CHECK(why_no_public(block("CERTIFICATE", "AAAA")) == "is not a public key in PEM (BEGIN PUBLIC KEY)");
  CHECK(why_no_public(block("PUBLIC KEY", "AAAA")) == "holds a broken key");
  CHECK(why_no_public("-----BEGIN PUBLIC KEY-----\n") == "holds a broken key");
  CHECK(why_no_public("-----BEGIN PUBLIC KEY\n") == "holds a broken PEM block");
  CHECK(why_no_public(std::string(test::kPublicPem) + std::string(test::kPublicPem)) ==
        "holds more than one PEM block");
  // X25519 agrees on secrets and signs nothing.
  CHECK(why_no_public(block("PUBLIC KEY", "MCowBQYDK2VuAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")) ==
        "is a key for X25519, not Ed25519");
}

TEST_CASE("what is no private key says so") {
  CHECK(why_no_private("") == "holds no PEM block");
  CHECK(why_no_private(test::kPublicPem) == "is a public key; only a private key signs");
  CHECK(why_no_private(block("ENCRYPTED PRIVATE KEY", "AAAA")) ==
        "is encrypted, and nobody is here to give the passphrase");
  const std::string legacy = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA";
  CHECK(why_no_private(block("EC PRIVATE KEY", legacy)) == "is encrypted, and nobody is here to give the passphrase");
  CHECK(why_no_private(block("PRIVATE KEY", legacy)) == "is encrypted, and nobody is here to give the passphrase");
  const std::string not_pkcs8 =
      "is not a private key in PKCS#8 (BEGIN PRIVATE KEY); `openssl genpkey -algorithm ed25519` makes one";
  CHECK(why_no_private(block("RSA PRIVATE KEY", "AAAA")) == not_pkcs8);
  CHECK(why_no_private(block("OPENSSH PRIVATE KEY", "AAAA")) == not_pkcs8);
  CHECK(why_no_private(block("PRIVATE KEY", "AAAA")) == "holds a broken key");
  CHECK(why_no_private(block("PRIVATE KEY", "MC4CAQAwBQYDK2VuBCIEIFhhHiU6xrSLCttM+05ivqrmGfa0YhHZySoVk4dHozdr")) ==
        "is a key for X25519, not Ed25519");
}

TEST_CASE("a private key is its owner's alone") {
  const ::sluice::test::ScratchFolder folder;
  const std::string path = folder.write("gate.pem", test::kPrivatePem).string();
  std::string why;
  for (const mode_t mode : {0644u, 0640u, 0620u, 0604u, 0601u}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    CHECK_FALSE(SigningKey::load(path, why));
    CHECK(why.starts_with("is open to others than its owner (mode 06"));
  }
  for (const mode_t mode : {0600u, 0400u, 0700u}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    CHECK(SigningKey::load(path, why));
  }
}

TEST_CASE("a key file that cannot be read says so") {
  const ::sluice::test::ScratchFolder folder;
  std::string why;
  CHECK_FALSE(PublicKey::load(folder / "gone", why));
  CHECK(why == "cannot be read: No such file or directory");
  CHECK_FALSE(SigningKey::load(folder / "", why));
  CHECK(why == "is neither a file nor a pipe");
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_FALSE(PublicKey::load(pipe, why));
  CHECK(why == "holds no PEM block");
  CHECK_FALSE(PublicKey::load(folder.write("large", std::string(65537, 'x')), why));
  CHECK(why == "is larger than any key");
  CHECK_FALSE(PublicKey::load(folder.write("largest", std::string(65536, 'x')), why));
  CHECK(why == "holds no PEM block");
}

}  // namespace sluice::attestation
