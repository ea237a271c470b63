// What the files that read a driver document share.
#pragma once

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "validator/contract/driver.h"
#include "validator/document/read.h"

namespace sluice::contract {

class Loader {
 public:
  Loader(const document::Document& document, std::vector<Finding>& problems)
      : document_(document), problems_(problems) {}

  void error(document::Mark mark, const std::string& path, std::string message) {
    Finding finding = Finding::of(FindingId::bad_driver).with("reason", std::move(message));
    finding.file = document_.name;
    finding.path = path;
    finding.text = TextPlace{mark.line, mark.column};
    finding.excerpt = document::excerpt(document_.text, mark);
    problems_.push_back(std::move(finding));
  }
  void error(const document::Problem& problem, const std::string& path) { error(problem.mark, path, problem.message); }

  // Whether `node` is a mapping; keys that are not in `allowed` are errors of their own.
  bool is_mapping(const document::Node& node, const std::string& path, std::span<const std::string_view> allowed) {
    std::vector<document::Problem> problems;
    (void)document::check_keys(node, allowed, problems);
    for (const document::Problem& problem : problems) error(problem, path);
    return node.is_mapping();
  }

  // The text under `key`, or empty where there is none; what is there and cannot be used is an error.
  std::string text(const document::Node& node, const std::string& path, std::string_view key) {
    const document::Node* value = node.find(key);
    if (value == nullptr) return {};
    document::Problem problem;
    const auto read = document::as_string(*value, problem);
    if (!read) {
      error(problem, fmt::format("{}/{}", path, key));
    } else if (read->empty() || printable(*read, 200) != *read) {
      error(value->mark, fmt::format("{}/{}", path, key), "expected printable text, at most 200 characters, not empty");
    } else {
      return std::string(*read);
    }
    return {};
  }

 private:
  const document::Document& document_;
  std::vector<Finding>& problems_;
};

// `path` is that of the build in the document, `/builds/0`.
[[nodiscard]] Build load_build(Loader& loader, const document::Node& node, const std::string& path);

}  // namespace sluice::contract
