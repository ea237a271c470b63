#include "fuzz/triage/patch.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "validator/document/document.h"

namespace sluice::triage {

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.emplace_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string indented(std::string_view text, std::size_t by) {
  std::string out;
  for (const std::string& line : lines_of(text)) out += std::string(by, ' ') + line;
  return out;
}

bool is_blank(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos || line[first] == '#';
}

std::size_t indentation_of(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

// The last line of what begins at `line` (from 1) and is indented by `column` (from 0): where less comes, it is over.
std::uint32_t last_line_of(const std::vector<std::string>& lines, std::uint32_t line, std::size_t column) {
  std::uint32_t last = line;
  for (std::uint32_t i = line; i < lines.size(); ++i) {
    if (is_blank(lines[i])) continue;
    if (indentation_of(lines[i]) < column) break;
    last = i + 1;
  }
  return last;
}

const document::Node* node_at(const document::Node& root, std::string_view path) {
  const document::Node* node = &root;
  while (!path.empty() && node != nullptr) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view step = path.substr(0, end);
    path.remove_prefix(end);
    if (node->is_sequence()) {
      std::size_t index = 0;
      const auto parsed = std::from_chars(step.data(), step.data() + step.size(), index);
      if (parsed.ec != std::errc() || index >= node->items.size()) return nullptr;
      node = &node->items[index];
    } else {
      node = node->find(step);
    }
  }
  return node;
}

}  // namespace

std::optional<Insertion> add_rule(const std::string& text, std::string_view format_id, std::string_view rule) {
  if (text.empty())
    return Insertion{.after = 0, .lines = fmt::format("format: {}\nrules:\n{}", format_id, indented(rule, 2))};
  document::Problem problem;
  const auto document = document::parse("rules", text, problem);
  if (!document || !document->root.is_mapping()) return std::nullopt;
  const std::vector<std::string> lines = lines_of(text);
  const auto whole = static_cast<std::uint32_t>(lines.size());
  const document::Node* rules = document->root.find("rules");
  const std::string gap = text.ends_with('\n') ? "" : "\n";
  if (rules == nullptr) return Insertion{.after = whole, .lines = gap + "\nrules:\n" + indented(rule, 2)};
  if (!rules->is_sequence() || rules->items.empty()) return std::nullopt;
  const document::Node& last = rules->items.back();
  const std::string& line = lines[last.mark.line - 1];
  const std::size_t dash = indentation_of(line);
  if (dash >= line.size() || line[dash] != '-') return std::nullopt;  // a list in brackets
  const std::uint32_t end = last_line_of(lines, last.mark.line, dash + 1);
  const bool has_gaps = rules->items.size() > 1 && is_blank(lines[last.mark.line - 2]);
  return Insertion{.after = end,
                   .lines = (end == whole ? gap : std::string()) + (has_gaps ? "\n" : "") + indented(rule, dash)};
}

std::optional<Insertion> add_valid(const std::string& text, std::string_view path, std::string_view value) {
  document::Problem problem;
  const auto document = document::parse("schema", text, problem);
  if (!document) return std::nullopt;
  const document::Node* attribute = node_at(document->root, path);
  if (attribute == nullptr || !attribute->is_mapping() || attribute->find("valid") != nullptr) return std::nullopt;
  const std::vector<std::string> lines = lines_of(text);
  // Behind what says what it is: a line of its own, with nothing in brackets around it.
  for (const char* key : {"enum", "encoding", "size", "contents", "type", "id"}) {
    const document::Entry* entry = attribute->find_entry(key);
    if (entry == nullptr || !entry->value.is_scalar() || entry->value.mark.line != entry->mark.line) continue;
    const std::string& line = lines[entry->mark.line - 1];
    const std::size_t column = entry->mark.column - 1;
    const std::string_view before = std::string_view(line).substr(0, column);
    if (before.find_first_not_of(" -") != std::string_view::npos) continue;
    const std::uint32_t end = last_line_of(lines, entry->mark.line, column + 1);
    return Insertion{.after = end, .lines = fmt::format("{}valid: {}\n", std::string(column, ' '), value)};
  }
  return std::nullopt;
}

std::string apply(const std::string& text, const Insertion& insertion) {
  std::string out;
  std::uint32_t number = 0;
  if (insertion.after == 0) out += insertion.lines;
  for (const std::string& line : lines_of(text)) {
    out += line;
    if (++number == insertion.after) out += insertion.lines;
  }
  return out;
}

std::string diff_of(const std::string& text, const Insertion& insertion, const std::string& file) {
  constexpr std::uint32_t kContext = 3;
  const std::vector<std::string> lines = lines_of(text);
  const std::vector<std::string> added = lines_of(insertion.lines);
  const std::uint32_t begin = insertion.after - std::min(insertion.after, kContext);
  const std::uint32_t end =
      std::min<std::uint32_t>(static_cast<std::uint32_t>(lines.size()), insertion.after + kContext);
  const std::uint32_t kept = end - begin;
  std::string out =
      text.empty() ? fmt::format("--- /dev/null\n+++ b/{}\n", file) : fmt::format("--- a/{0}\n+++ b/{0}\n", file);
  out += fmt::format("@@ -{},{} +{},{} @@\n", kept == 0 ? 0 : begin + 1, kept, begin + 1, kept + added.size());
  for (std::uint32_t i = begin; i < end; ++i) {
    if (i == insertion.after) {
      for (const std::string& line : added) out += "+" + line;
    }
    out += " " + lines[i];
  }
  if (end == insertion.after) {
    for (const std::string& line : added) out += "+" + line;
  }
  return out;
}

}  // namespace sluice::triage
