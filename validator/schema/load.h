// .ksy files -> Schema.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "validator/document/document.h"
#include "validator/schema/schema.h"

namespace sluice::schema {

// One thing wrong with a schema, at a YAML path as the official compiler gives it: `/types/foo/seq/1/valid/eq`. For a
// document that is not YAML the path is `line:column`.
struct Problem {
  bool is_warning = false;
  std::string file;
  std::string path;
  document::Mark mark;
  std::string message;
  std::string excerpt;  // the line and a caret
};

struct LoadOptions {
  std::vector<std::filesystem::path> include;  // searched for absolute imports (`/common/riff`)
  std::size_t max_files = 256;
  std::size_t max_types = 10000;
};

// Reads `path` and what it imports. Returns empty if any problem is an error; `problems` then holds every independent
// one (a name that failed to resolve makes no second problem). On success it may hold warnings.
[[nodiscard]] std::optional<Schema> load_schema(const std::filesystem::path& path, const LoadOptions& options,
                                                std::vector<Problem>& problems);

// The same from memory: imports are refused. For fuzzing and tests.
[[nodiscard]] std::optional<Schema> load_schema_text(std::string name, std::string text,
                                                     std::vector<Problem>& problems);

// The same from a document that was parsed already.
[[nodiscard]] std::optional<Schema> load_schema_document(document::Document document, std::vector<Problem>& problems);

// Parses, resolves and checks one more expression in the context of a type (`eval` and rules). On failure returns
// empty and fills `problem`.
[[nodiscard]] Expression bind_expression(const Schema& schema, TypeId context, const std::string& text,
                                         Problem& problem);

}  // namespace sluice::schema
