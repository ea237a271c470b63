// What `eval` and `inspect` share: a schema, a content file and a session over both.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "validator/bytes/content_file.h"
#include "validator/bytes/fuzz_input.h"
#include "validator/cli/arguments.h"
#include "validator/program/session.h"
#include "validator/schema/compile.h"
#include "validator/schema/load.h"

namespace sluice::cli {

struct LookingOptions {
  std::string schema;
  std::vector<std::string> include;
  program::Limits limits;

  void declare(Arguments& arguments);
};

class Looking {
 public:
  // Loads the schema and opens the file. On failure returns false; the reason was printed.
  [[nodiscard]] bool open(const LookingOptions& options, const std::string& file);
  // Reads the root's seq; `session().failure()` says why not. Code added to the program afterwards is not seen.
  [[nodiscard]] bool read();

  [[nodiscard]] const schema::Schema& schema() const { return *schema_; }
  [[nodiscard]] program::Program& program() { return program_; }
  [[nodiscard]] program::Session& session() { return *session_; }
  [[nodiscard]] bytes::View content() const { return bytes::content_part(file_.bytes()); }

 private:
  program::Limits limits_;
  std::optional<schema::Schema> schema_;
  program::Program program_;
  bytes::ContentFile file_;
  std::unique_ptr<program::Session> session_;
};

}  // namespace sluice::cli
