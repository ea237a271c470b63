// Ed25519 keys, one PEM block a file. On failure `load` and `parse` return nothing and `why` is what is wrong with the
// file, without its name: `is an RSA key, not Ed25519`.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "validator/bytes/reader.h"

struct evp_pkey_st;

namespace sluice::attestation {

using Signature = std::array<std::uint8_t, 64>;

class PublicKey {
 public:
  using Raw = std::array<std::uint8_t, 32>;

  explicit PublicKey(const Raw& raw) : raw_(raw) {}

  // `BEGIN PUBLIC KEY`, as `openssl pkey -pubout` writes it.
  [[nodiscard]] static std::optional<PublicKey> load(const std::string& path, std::string& why);
  [[nodiscard]] static std::optional<PublicKey> parse(std::string_view pem, std::string& why);

  // Whether `signature` is of `message`, by this key.
  [[nodiscard]] bool verifies(bytes::View message, bytes::View signature) const;

  // The fingerprint that `ssh-keygen -l` shows: `SHA256:bbXpuKG6...`. A name for people and a hint, never evidence.
  [[nodiscard]] std::string id() const;

  friend bool operator==(const PublicKey&, const PublicKey&) = default;

 private:
  Raw raw_;
};

class SigningKey {
 public:
  // `BEGIN PRIVATE KEY` (PKCS#8), not encrypted: nobody is there to be asked for a passphrase. A file that others than
  // its owner may read or write is refused; a pipe, as in `<(...)`, has no others.
  [[nodiscard]] static std::optional<SigningKey> load(const std::string& path, std::string& why);
  [[nodiscard]] static std::optional<SigningKey> parse(std::string_view pem, std::string& why);

  // Nothing if the library could not sign. Any number of threads may ask.
  [[nodiscard]] std::optional<Signature> sign(bytes::View message) const;

  [[nodiscard]] const PublicKey& public_key() const { return public_key_; }

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  using Handle = std::unique_ptr<evp_pkey_st, Free>;

  SigningKey(Handle handle, PublicKey public_key) : handle_(std::move(handle)), public_key_(public_key) {}

  Handle handle_;
  PublicKey public_key_;
};

}  // namespace sluice::attestation
