#include "validator/document/loader.h"

#include <fmt/format.h>

namespace sluice::document {

namespace {

void refuse(const std::string& name, std::string_view text, const Problem& problem, std::vector<Finding>& problems) {
  Finding finding = Finding::of(FindingId::bad_yaml).with("reason", problem.message);
  finding.file = name;
  finding.text = TextPlace{problem.mark.line, problem.mark.column};
  if (!text.empty()) finding.excerpt = excerpt(text, problem.mark);
  problems.push_back(std::move(finding));
}

}  // namespace

std::optional<Document> parse_or_tell(std::string name, std::string text, const Limits& limits,
                                      std::vector<Finding>& problems) {
  Problem problem;
  auto document = parse(name, text, problem, limits);
  if (!document) refuse(name, text, problem, problems);
  return document;
}

std::optional<Document> load_or_tell(const std::string& path, const Limits& limits, std::vector<Finding>& problems) {
  Problem problem;
  auto text = read_file(path, problem, limits);
  if (text) return parse_or_tell(path, std::move(*text), limits, problems);
  refuse(path, "", problem, problems);
  return std::nullopt;
}

void Loader::error(Mark mark, const std::string& path, std::string message) {
  Finding finding = Finding::of(bad_).with("reason", std::move(message));
  finding.file = document_.name;
  finding.path = path;
  finding.text = TextPlace{mark.line, mark.column};
  finding.excerpt = excerpt(document_.text, mark);
  problems_.push_back(std::move(finding));
}

bool Loader::is_mapping(const Node& node, const std::string& path, std::span<const std::string_view> allowed) {
  std::vector<Problem> problems;
  (void)check_keys(node, allowed, problems);
  for (const Problem& problem : problems) error(problem, path);
  return node.is_mapping();
}

std::string Loader::text(const Node& node, const std::string& path, std::string_view key) {
  const Node* value = node.find(key);
  return value == nullptr ? std::string() : printable_text(*value, fmt::format("{}/{}", path, key));
}

std::vector<std::string> Loader::texts(const Node& node, const std::string& path, std::string_view key) {
  const Node* value = node.find(key);
  if (value == nullptr) return {};
  const std::string here = fmt::format("{}/{}", path, key);
  if (!value->is_sequence()) return {printable_text(*value, here)};
  std::vector<std::string> out;
  for (std::size_t i = 0; i < value->items.size(); ++i) {
    out.push_back(printable_text(value->items[i], fmt::format("{}/{}", here, i)));
  }
  return out;
}

std::string Loader::printable_text(const Node& value, const std::string& path) {
  Problem problem;
  const auto read = as_string(value, problem);
  if (!read) {
    error(problem, path);
  } else if (read->empty() || printable(*read, 200) != *read) {
    error(value.mark, path, "expected printable text, at most 200 characters, not empty");
  } else {
    return std::string(*read);
  }
  return {};
}

}  // namespace sluice::document
