// The small schemas that walk and twin must agree on: up to three fields out of a vocabulary, written as .ksy.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice::agree {

// One field with all that it needs. `$` stands for its id, `@` for the id of the field before it.
struct Fragment {
  std::string_view name;
  std::string_view seq;             // YAML flow mappings, one a line
  std::string_view instances = "";  // `id: {...}`, one a line
  std::string_view types = "";      // the same
  bool is_integer = false;          // may stand before a fragment that has an `@`
  [[nodiscard]] bool uses_previous() const;
};

[[nodiscard]] std::span<const Fragment> vocabulary();

// The .ksy of these fields in this order; empty if an `@` has no integer before it.
[[nodiscard]] std::optional<std::string> schema_text(std::span<const Fragment* const> fields);

}  // namespace sluice::agree
