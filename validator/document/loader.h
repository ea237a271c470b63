// Reading a document of sluice's own: every independent mistake becomes a finding at its line and column.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "validator/document/read.h"
#include "validator/finding/finding.h"

namespace sluice::document {

// `parse`, with what is wrong as a finding (SL0501).
[[nodiscard]] std::optional<Document> parse_or_tell(std::string name, std::string text, const Limits& limits,
                                                    std::vector<Finding>& problems);
// The same of a file.
[[nodiscard]] std::optional<Document> load_or_tell(const std::string& path, const Limits& limits,
                                                   std::vector<Finding>& problems);

class Loader {
 public:
  // Both are aliased. `bad`: the finding for a document of this kind that is YAML and wrong.
  Loader(const Document& document, FindingId bad, std::vector<Finding>& problems)
      : document_(document), bad_(bad), problems_(problems) {}

  void error(Mark mark, const std::string& path, std::string message);
  void error(const Problem& problem, const std::string& path) { error(problem.mark, path, problem.message); }

  // Whether `node` is a mapping; keys that are not in `allowed` are errors of their own.
  bool is_mapping(const Node& node, const std::string& path, std::span<const std::string_view> allowed);

  // The text under `key`, or empty where there is none; what is there and cannot be used is an error.
  std::string text(const Node& node, const std::string& path, std::string_view key);

  // The one or many texts under `key`; each must be as `text` wants it.
  std::vector<std::string> texts(const Node& node, const std::string& path, std::string_view key);

 private:
  std::string printable_text(const Node& value, const std::string& path);

  const Document& document_;
  const FindingId bad_;
  std::vector<Finding>& problems_;
};

}  // namespace sluice::document
