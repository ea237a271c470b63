// A YAML document as a tree of raw text with its places. Nothing is converted on reading: `025` and `yes` are the
// text that was written, and whoever wants a number asks for one and is told when it is not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::document {

// A place in a text file; both count from 1, columns in bytes.
struct Mark {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

struct Entry;

struct Node {
  enum class Kind : std::uint8_t { null, scalar, sequence, mapping };

  Kind kind = Kind::null;
  bool quoted = false;  // scalar written in quotes or as a block: `"1"` is not the number 1
  Mark mark;
  std::string text;            // scalar
  std::vector<Node> items;     // sequence
  std::vector<Entry> entries;  // mapping, in the order written

  [[nodiscard]] bool is_null() const { return kind == Kind::null; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
  [[nodiscard]] bool is_sequence() const { return kind == Kind::sequence; }
  [[nodiscard]] bool is_mapping() const { return kind == Kind::mapping; }

  // The value under `key` of a mapping, or null. Aliases this node.
  [[nodiscard]] const Node* find(std::string_view key) const;
  [[nodiscard]] const Entry* find_entry(std::string_view key) const;
};

struct Entry {
  std::string key;
  Mark mark;
  bool key_quoted = false;
  Node value;
};

}  // namespace sluice::document
