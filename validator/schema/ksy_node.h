// A node of a .ksy file together with the way to it, so that a problem can name its YAML path without every node
// keeping one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "validator/document/node.h"
#include "validator/schema/problems.h"

namespace sluice::schema {

// Aliases its node and the KsyNode that it was reached from: lives on the stack, no longer than that one.
class KsyNode {
 public:
  KsyNode(const document::Node& root, std::uint32_t file) : node_(&root), mark_(root.mark), file_(file) {}
  KsyNode(const KsyNode& up, const document::Entry& entry)
      : node_(&entry.value), up_(&up), key_(entry.key), mark_(entry.mark), file_(up.file_) {}
  KsyNode(const KsyNode& up, std::size_t index)
      : node_(&up.node_->items[index]), up_(&up), index_(index), mark_(node_->mark), file_(up.file_) {}
  // Under another name than its key: the cases of a switch are known by their expression.
  KsyNode(const KsyNode& up, const document::Entry& entry, std::string_view name) : KsyNode(up, entry) { key_ = name; }

  [[nodiscard]] const document::Node& operator*() const { return *node_; }
  [[nodiscard]] const document::Node* operator->() const { return node_; }

  [[nodiscard]] std::optional<KsyNode> find(std::string_view key) const;

  [[nodiscard]] std::string path() const;  // `/` for the root
  [[nodiscard]] Place place() const;       // of the value; of the key if the value is empty or a collection
  [[nodiscard]] Place key_place() const;
  // The place of `key` in this mapping, or of the mapping if it has none.
  [[nodiscard]] Place place_of(std::string_view key) const;

 private:
  void append_path(std::string& out) const;

  const document::Node* node_;
  const KsyNode* up_ = nullptr;
  std::string_view key_;
  std::size_t index_ = 0;
  document::Mark mark_;  // of the key
  std::uint32_t file_ = 0;
};

// What stands there, for messages: `null`, `a list`, `a map`, the text of a scalar.
[[nodiscard]] std::string describe(const document::Node& node);

// Whether the node is a mapping or a sequence; a problem if not.
[[nodiscard]] bool expect_mapping(const KsyNode& node, Problems& problems);
[[nodiscard]] bool expect_sequence(const KsyNode& node, Problems& problems);

// The text of a scalar; of anything else a problem and empty.
[[nodiscard]] std::optional<std::string_view> read_text(const KsyNode& node, Problems& problems);
[[nodiscard]] std::optional<bool> read_boolean(const KsyNode& node, Problems& problems);
[[nodiscard]] std::optional<std::uint8_t> read_byte(const KsyNode& node, Problems& problems);

// ^[a-z][a-z0-9_]*$, at most kMaxIdentifier bytes.
inline constexpr std::size_t kMaxIdentifier = 255;
[[nodiscard]] bool is_identifier(std::string_view text);
// `kind` is what the message calls it: `attribute`, `enum member`, ...
[[nodiscard]] bool expect_identifier(std::string_view text, std::string_view kind, const Place& place,
                                     Problems& problems);

}  // namespace sluice::schema
