#include "validator/attestation/key.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "validator/attestation/base64.h"
#include "validator/bytes/sha256.h"

namespace sluice::attestation {

namespace {

constexpr std::size_t kLargestFile = 64u << 10;
constexpr std::size_t kIdPrefix = 19;

struct Secret {
  Secret() { text.reserve(kLargestFile + 1); }  // so that no copy is left behind as it grows
  ~Secret() { OPENSSL_cleanse(text.data(), text.size()); }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  std::string text;
};

struct Descriptor {
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  int fd;
};

bool fail(std::string& why, std::string text) {
  why = std::move(text);
  return false;
}

bool fail_by_system(std::string& why) { return fail(why, "cannot be read: " + std::generic_category().message(errno)); }

// A pipe without a writer is empty, rather than waited for.
bool read_key_file(const std::string& path, bool is_secret, std::string& text, std::string& why) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)};
  struct stat status;
  if (file.fd < 0 || ::fstat(file.fd, &status) != 0) return fail_by_system(why);
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)) return fail(why, "is neither a file nor a pipe");
  if (is_secret && S_ISREG(status.st_mode) && (status.st_mode & 077) != 0) {
    return fail(why, fmt::format("is open to others than its owner (mode {:04o}): chmod 600", status.st_mode & 07777));
  }
  if (::fcntl(file.fd, F_SETFL, 0) != 0) return fail_by_system(why);
  text.resize(kLargestFile + 1);
  std::size_t have = 0;
  while (have < text.size()) {
    const ssize_t got = ::read(file.fd, text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_by_system(why);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return have <= kLargestFile || fail(why, "is larger than any key");
}

// The label of the one PEM block in `pem`: `PUBLIC KEY`.
std::string_view label_of(std::string_view pem, std::string& why) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  const std::size_t begin = pem.find(kBegin);
  if (begin == std::string_view::npos) {
    why = "holds no PEM block";
    return {};
  }
  std::string_view label = pem.substr(begin + kBegin.size());
  if (label.find(kBegin) != std::string_view::npos) {
    why = "holds more than one PEM block";
    return {};
  }
  const std::size_t end = label.find("-----");
  if (end == std::string_view::npos || end == 0) {
    why = "holds a broken PEM block";
    return {};
  }
  return label.substr(0, end);
}

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

// Without this the library asks the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

template <typename Read>
EVP_PKEY* decode(std::string_view pem, Read read) {
  const std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (bio == nullptr) return nullptr;
  EVP_PKEY* key = read(bio.get(), nullptr, no_passphrase, nullptr);
  ERR_clear_error();
  return key;
}

// Fails for what is no Ed25519 key, null included.
bool is_ed25519(const EVP_PKEY* key, std::string& why) {
  if (key == nullptr) return fail(why, "holds a broken key");
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return true;
  const char* name = EVP_PKEY_get0_type_name(key);
  return fail(why, fmt::format("is a key for {}, not Ed25519", name == nullptr ? "something else" : name));
}

std::optional<PublicKey> public_half(const EVP_PKEY* key, std::string& why) {
  PublicKey::Raw raw{};
  std::size_t size = raw.size();
  if (EVP_PKEY_get_raw_public_key(key, raw.data(), &size) == 1 && size == raw.size()) return PublicKey(raw);
  why = "holds a broken key";
  return std::nullopt;
}

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

}  // namespace

void SigningKey::Free::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

std::optional<PublicKey> PublicKey::load(const std::string& path, std::string& why) {
  std::string text;
  if (!read_key_file(path, false, text, why)) return std::nullopt;
  return parse(text, why);
}

std::optional<PublicKey> PublicKey::parse(std::string_view pem, std::string& why) {
  const std::string_view label = label_of(pem, why);
  if (label.empty()) return std::nullopt;
  if (label != "PUBLIC KEY") {
    const bool is_private = label.find("PRIVATE KEY") != std::string_view::npos;
    why = is_private ? "is a private key; `openssl pkey -in KEY -pubout` gives its public half"
                     : "is not a public key in PEM (BEGIN PUBLIC KEY)";
    return std::nullopt;
  }
  const Key key(decode(pem, PEM_read_bio_PUBKEY));
  return is_ed25519(key.get(), why) ? public_half(key.get(), why) : std::nullopt;
}

bool PublicKey::verifies(bytes::View message, bytes::View signature) const {
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw_.data(), raw_.size()));
  const Context context(EVP_MD_CTX_new());
  const bool is_good =
      key != nullptr && context != nullptr && signature.size() == Signature().size() &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
  ERR_clear_error();
  return is_good;
}

// SHA-256 of the key as OpenSSH writes it: its type and its 32 bytes, each with its length before it.
std::string PublicKey::id() const {
  std::string blob("\0\0\0\x0bssh-ed25519\0\0\0\x20", kIdPrefix);
  blob.append(raw_.begin(), raw_.end());
  std::string base64 = to_base64(view_of(bytes::sha256(view_of(blob))));
  base64.pop_back();  // no padding
  return "SHA256:" + base64;
}

std::optional<SigningKey> SigningKey::load(const std::string& path, std::string& why) {
  Secret secret;
  if (!read_key_file(path, true, secret.text, why)) return std::nullopt;
  return parse(secret.text, why);
}

std::optional<SigningKey> SigningKey::parse(std::string_view pem, std::string& why) {
  const std::string_view label = label_of(pem, why);
  if (label.empty()) return std::nullopt;
  const bool is_encrypted = pem.find("ENCRYPTED") != std::string_view::npos;  // in the label, or below it
  if (is_encrypted || label != "PRIVATE KEY") {
    why = is_encrypted            ? "is encrypted, and nobody is here to give the passphrase"
          : label == "PUBLIC KEY" ? "is a public key; only a private key signs"
                                  : "is not a private key in PKCS#8 (BEGIN PRIVATE KEY); "
                                    "`openssl genpkey -algorithm ed25519` makes one";
    return std::nullopt;
  }
  Handle key(decode(pem, PEM_read_bio_PrivateKey));
  if (!is_ed25519(key.get(), why)) return std::nullopt;
  const auto its_public = public_half(key.get(), why);
  if (!its_public) return std::nullopt;
  return SigningKey(std::move(key), *its_public);
}

std::optional<Signature> SigningKey::sign(bytes::View message) const {
  const Context context(EVP_MD_CTX_new());
  Signature signature{};
  std::size_t size = signature.size();
  const bool is_signed = context != nullptr &&
                         EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle_.get()) == 1 &&
                         EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1;
  ERR_clear_error();
  if (!is_signed || size != signature.size()) return std::nullopt;
  // A signature that was made while memory was disturbed can give the key away.
  if (!public_key_.verifies(message, signature)) return std::nullopt;
  return signature;
}

}  // namespace sluice::attestation
