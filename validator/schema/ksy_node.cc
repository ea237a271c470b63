#include "validator/schema/ksy_node.h"

#include <algorithm>

#include <fmt/core.h>

#include "validator/expression/integer.h"
#include "validator/finding/finding.h"

namespace sluice::schema {

std::optional<KsyNode> KsyNode::find(std::string_view key) const {
  const document::Entry* entry = node_->find_entry(key);
  if (entry == nullptr) return std::nullopt;
  return KsyNode(*this, *entry);
}

void KsyNode::append_path(std::string& out) const {
  if (up_ == nullptr) return;
  up_->append_path(out);
  out += '/';
  if (up_->node_->is_sequence()) {
    out += std::to_string(index_);
  } else {
    out += key_.size() <= kMaxIdentifier ? std::string(key_) : printable(key_);
  }
}

std::string KsyNode::path() const {
  std::string out;
  append_path(out);
  return out.empty() ? "/" : out;
}

Place KsyNode::place() const {
  if (!node_->is_scalar()) return key_place();
  return {.file = file_, .path = path(), .mark = node_->mark};
}

Place KsyNode::key_place() const { return {.file = file_, .path = path(), .mark = mark_}; }

Place KsyNode::place_of(std::string_view key) const {
  const std::optional<KsyNode> node = find(key);
  return node ? node->place() : place();
}

std::string describe(const document::Node& node) {
  switch (node.kind) {
    case document::Node::Kind::null: return "null";
    case document::Node::Kind::scalar: return printable(node.text);
    case document::Node::Kind::sequence: return "a list";
    case document::Node::Kind::mapping: return "a map";
  }
  return {};
}

bool expect_mapping(const KsyNode& node, Problems& problems) {
  if (node->is_mapping()) return true;
  problems.error(node.place(), fmt::format("expected map, got {}", describe(*node)));
  return false;
}

bool expect_sequence(const KsyNode& node, Problems& problems) {
  if (node->is_sequence()) return true;
  problems.error(node.place(), fmt::format("expected array, got {}", describe(*node)));
  return false;
}

std::optional<std::string_view> read_text(const KsyNode& node, Problems& problems) {
  if (node->is_scalar()) return node->text;
  problems.error(node.place(), fmt::format("expected string, got {}", describe(*node)));
  return std::nullopt;
}

std::optional<bool> read_boolean(const KsyNode& node, Problems& problems) {
  if (node->is_scalar() && !node->quoted && node->text == "true") return true;
  if (node->is_scalar() && !node->quoted && node->text == "false") return false;
  problems.error(node.place(), fmt::format("expected boolean (`true` or `false`), got {}", describe(*node)));
  return std::nullopt;
}

std::optional<std::uint8_t> read_byte(const KsyNode& node, Problems& problems) {
  if (node->is_scalar() && !node->quoted) {
    const std::optional<Integer> value = parse_integer_literal(node->text);
    if (value && *value <= 255) return static_cast<std::uint8_t>(*value);
  }
  problems.error(node.place(), fmt::format("expected an integer from 0 to 255, got {}", describe(*node)));
  return std::nullopt;
}

bool is_identifier(std::string_view text) {
  const auto is_lower = [](char c) { return 'a' <= c && c <= 'z'; };
  const auto is_rest = [&](char c) { return is_lower(c) || ('0' <= c && c <= '9') || c == '_'; };
  return !text.empty() && text.size() <= kMaxIdentifier && is_lower(text[0]) && std::ranges::all_of(text, is_rest);
}

bool expect_identifier(std::string_view text, std::string_view kind, const Place& place, Problems& problems) {
  if (is_identifier(text)) return true;
  const std::string_view wanted = text.size() > kMaxIdentifier ? "at most 255 characters" : "/^[a-z][a-z0-9_]*$/";
  problems.error(place, fmt::format("invalid {} ID: '{}', expected {}", kind, printable(text), wanted));
  return false;
}

}  // namespace sluice::schema
