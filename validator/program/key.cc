#include "validator/program/key.h"

#include <sys/random.h>

#include <bit>
#include <chrono>
#include <string_view>

#include "validator/bytes/reader.h"
#include "validator/expression/integer.h"

namespace sluice::program {

namespace {

struct Secret {
  std::uint64_t a = 0;
  std::uint64_t b = 0;
};

const Secret& secret() {
  static const Secret kSecret = [] {
    Secret s;
    if (getrandom(&s, sizeof s, GRND_NONBLOCK) != static_cast<ssize_t>(sizeof s)) {
      // Still unknown to whoever wrote the file: where this process was loaded, and when.
      s.a = reinterpret_cast<std::uintptr_t>(&secret) * 0x9E3779B97F4A7C15u;
      s.b = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    }
    return s;
  }();
  return kSecret;
}

// SipHash-1-3 (Aumasson, Bernstein: "SipHash: a fast short-input PRF"), made for tables of keys that others choose.
class SipHash {
 public:
  explicit SipHash(const Secret& s)
      : v0_(s.a ^ 0x736f6d6570736575),
        v1_(s.b ^ 0x646f72616e646f6d),
        v2_(s.a ^ 0x6c7967656e657261),
        v3_(s.b ^ 0x7465646279746573) {}

  std::uint64_t of(std::string_view text) {
    const auto* at = reinterpret_cast<const std::uint8_t*>(text.data());
    std::size_t left = text.size();
    for (; left >= 8; left -= 8, at += 8) add(bytes::load_little<std::uint64_t>(at));
    std::uint64_t last = static_cast<std::uint64_t>(text.size()) << 56;
    for (std::size_t k = 0; k < left; ++k) last |= static_cast<std::uint64_t>(at[k]) << (8 * k);
    add(last);
    v2_ ^= 0xFF;
    for (int k = 0; k < 3; ++k) round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

 private:
  void add(std::uint64_t word) {
    v3_ ^= word;
    round();
    v0_ ^= word;
  }
  void round() {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v2_ = std::rotl(v2_, 32);
  }

  std::uint64_t v0_, v1_, v2_, v3_;
};

// Both halves of a product with a secret factor.
std::uint64_t fold(std::uint64_t x, std::uint64_t y) {
  const auto product = static_cast<UnsignedInteger>(x) * y;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

std::optional<Key> Key::of(const Value& value) {
  Key key;
  if (value.tag == Tag::integer || value.tag == Tag::enumeration || value.tag == Tag::boolean) {
    key.bits_ = value.bits;
    key.negative_ = value.negative;
    return key;
  }
  if (value.tag != Tag::string && value.tag != Tag::bytes) return std::nullopt;
  key.is_text_ = true;
  key.text_.assign(reinterpret_cast<const char*>(value.data), value.size);
  return key;
}

std::size_t Key::Hash::operator()(const Key& key) const {
  const Secret& s = secret();
  if (key.is_text_) return SipHash(s).of(key.text_);
  // Twice, as one product alone is nearly linear in the number.
  return fold(fold(key.bits_ ^ s.a, s.b | 1) ^ s.b, 0x9E3779B97F4A7C15u ^ s.a);
}

}  // namespace sluice::program
