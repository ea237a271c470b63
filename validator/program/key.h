// A value as the key of a table, hashed so that no file can choose keys that meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "validator/program/value.h"

namespace sluice::program {

// Integers by number, text and bytes by content.
class Key {
 public:
  // Empty for what is no key. Costs time in proportion to `work(value)` bytes, as does every use of the key.
  [[nodiscard]] static std::optional<Key> of(const Value& value);
  [[nodiscard]] static std::uint64_t work(const Value& value) {
    return value.tag == Tag::string || value.tag == Tag::bytes ? value.size : 0;
  }
  friend bool operator==(const Key&, const Key&) = default;
  // Depends on a secret of this process. So nothing that is told may depend on it, or on the order in a hash table.
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };
  [[nodiscard]] std::size_t memory() const { return sizeof(Key) + text_.capacity(); }

 private:
  std::uint64_t bits_ = 0;
  bool negative_ = false;
  bool is_text_ = false;
  std::string text_;
};

}  // namespace sluice::program
