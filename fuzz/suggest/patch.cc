#include "fuzz/suggest/patch.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "validator/document/document.h"

namespace sluice::suggest {

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

// Of a mapping in braces on one line: where its closing brace is, in the line.
std::optional<std::size_t> closing_brace(std::string_view line, std::size_t open) {
  int depth = 0;
  char quote = 0;
  for (std::size_t i = open; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return i;
    }
  }
  return std::nullopt;
}

// Behind the last line, which need not have an end.
Edit append(const std::string& text, const std::vector<std::string>& lines, std::uint32_t after,
            const std::string& added) {
  if (after < lines.size() || text.ends_with('\n')) return {.after = after, .lines = added};
  return {.after = after - 1, .replaced = 1, .lines = lines.back() + "\n" + added};
}

}  // namespace

std::optional<Edit> add_rule(const std::string& text, std::string_view format_id, std::string_view rule) {
  if (text.empty()) return Edit{.lines = fmt::format("format: {}\nrules:\n{}", format_id, indented(rule, 2))};
  document::Problem problem;
  const auto document = document::parse("rules", text, problem);
  if (!document || !document->root.is_mapping()) return std::nullopt;
  const std::vector<std::string> lines = lines_of(text);
  const auto whole = static_cast<std::uint32_t>(lines.size());
  const document::Node* rules = document->root.find("rules");
  if (rules == nullptr)
    return append(text, lines, whole, (is_blank(lines.back()) ? "rules:\n" : "\nrules:\n") + indented(rule, 2));
  if (!rules->is_sequence() || rules->items.empty()) return std::nullopt;
  // The mark of an item is behind its dash.
  const document::Node& last = rules->items.back();
  const std::string& line = lines[last.mark.line - 1];
  const std::size_t dash = indentation_of(line);
  if (dash >= line.size() || line[dash] != '-') return std::nullopt;  // a list in brackets
  const std::uint32_t end = last_line_of(lines, last.mark.line, dash + 1);
  const bool has_gaps = rules->items.size() > 1 && is_blank(lines[last.mark.line - 2]);
  return append(text, lines, end, (has_gaps ? "\n" : "") + indented(rule, dash));
}

std::optional<Edit> add_valid(const std::string& text, std::string_view path, std::string_view value) {
  document::Problem problem;
  const auto document = document::parse("schema", text, problem);
  if (!document) return std::nullopt;
  const document::Node* attribute = node_at(document->root, path);
  if (attribute == nullptr || !attribute->is_mapping() || attribute->find("valid") != nullptr) return std::nullopt;
  const std::vector<std::string> lines = lines_of(text);
  const std::string& first = lines[attribute->mark.line - 1];
  const std::size_t open = attribute->mark.column - 1;
  if (open < first.size() && first[open] == '{') {
    const auto close = closing_brace(first, open);
    if (!close) return std::nullopt;
    return Edit{.after = attribute->mark.line - 1,
                .replaced = 1,
                .lines = fmt::format("{}, valid: {}{}", first.substr(0, *close), value, first.substr(*close))};
  }
  // Behind what says what it is: a line of its own, with nothing in brackets around it.
  for (const char* key : {"enum", "encoding", "size", "contents", "type", "id"}) {
    const document::Entry* entry = attribute->find_entry(key);
    if (entry == nullptr || !entry->value.is_scalar() || entry->value.mark.line != entry->mark.line) continue;
    const std::string& line = lines[entry->mark.line - 1];
    const std::size_t column = entry->mark.column - 1;
    if (std::string_view(line).substr(0, column).find_first_not_of(" -") != std::string_view::npos) continue;
    const std::uint32_t end = last_line_of(lines, entry->mark.line, column + 1);
    return append(text, lines, end, fmt::format("{}valid: {}\n", std::string(column, ' '), value));
  }
  return std::nullopt;
}

std::string apply(const std::string& text, const Edit& edit) {
  const std::vector<std::string> lines = lines_of(text);
  std::string out;
  for (std::uint32_t i = 0; i <= lines.size(); ++i) {
    if (i == edit.after) out += edit.lines;
    const bool is_replaced = i >= edit.after && i - edit.after < edit.replaced;
    if (i < lines.size() && !is_replaced) out += lines[i];
  }
  return out;
}

std::string diff_of(const std::string& text, const Edit& edit, const std::string& file) {
  constexpr std::uint32_t kContext = 3;
  const std::vector<std::string> lines = lines_of(text);
  const std::vector<std::string> added = lines_of(edit.lines);
  const auto count = static_cast<std::uint32_t>(lines.size());
  const std::uint32_t begin = edit.after - std::min(edit.after, kContext);
  const std::uint32_t end = std::min(count, edit.after + edit.replaced + kContext);
  const std::uint32_t before = end - begin;
  std::string out =
      text.empty() ? fmt::format("--- /dev/null\n+++ b/{}\n", file) : fmt::format("--- a/{0}\n+++ b/{0}\n", file);
  out += fmt::format("@@ -{},{} +{},{} @@\n", before == 0 ? 0 : begin + 1, before, begin + 1,
                     before - edit.replaced + added.size());
  const auto put = [&](char sign, const std::string& line) {
    out += sign + line;
    if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
  };
  for (std::uint32_t i = begin; i <= end; ++i) {
    const bool is_replaced = i >= edit.after && i - edit.after < edit.replaced;
    if (is_replaced) put('-', lines[i]);
    if (i == edit.after + edit.replaced) {
      for (const std::string& line : added) put('+', line);
    }
    if (i < end && !is_replaced) put(' ', lines[i]);
  }
  return out;
}

}  // namespace sluice::suggest
