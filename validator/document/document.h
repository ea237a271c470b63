// Strict YAML: the only room that includes yaml-cpp.
//
// yaml-cpp takes the first of two equal keys, reads `025` as 21, and follows cyclic aliases. A gate about a 20/21
// mistake must not, so this room reads its events and refuses: duplicate keys, anchors, aliases, tags, a second
// document, nesting and sizes past the limits, and bytes that are not UTF-8.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/document/node.h"

namespace sluice::document {

struct Limits {
  std::size_t bytes = 4u << 20;
  std::size_t depth = 64;
  std::size_t nodes = 1u << 18;
};

// One thing wrong with a document, at a place.
struct Problem {
  Mark mark;
  std::string message;
};

struct Document {
  std::string name;  // the path as given, for messages
  std::string text;  // the whole text, for the line under a caret
  Node root;
};

// Parses `text`. On failure returns empty and fills `problem`.
[[nodiscard]] std::optional<Document> parse(std::string name, std::string text, Problem& problem,
                                            const Limits& limits = {});

// Reads a file as text, which `parse` may refuse. Fails as `load` does.
[[nodiscard]] std::optional<std::string> read_file(const std::filesystem::path& path, Problem& problem,
                                                   const Limits& limits = {});

// Reads a file and parses it. A file that cannot be read, is not a regular file or is too large is a problem at 1:1.
[[nodiscard]] std::optional<Document> load(const std::filesystem::path& path, Problem& problem,
                                           const Limits& limits = {});

// The line of `text` that `mark` is on and a caret under its column, each indented by two spaces, long lines cut.
[[nodiscard]] std::string excerpt(std::string_view text, Mark mark);

}  // namespace sluice::document
