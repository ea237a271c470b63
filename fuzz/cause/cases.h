// The folders in which identities live: new, then open when somebody has looked, then regression when it is fixed
// (docs/triage.md).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "validator/report/triage.h"

namespace sluice::cause {

struct Case {
  std::string identity;
  report::CaseState state = report::CaseState::fresh;  // by the folder that it is in
  std::string since;                                   // the day on which it was found first
  std::string fixed;                                   // regression: the day on which it was called so
  std::string signature;                               // as text, for people
  std::string kind;
  std::string step;                  // `load`, `evaluate`, `unload`
  std::string field;                 // without indices; may be empty
  std::vector<std::string> builds;   // that it was found on
  std::vector<std::string> unfixed;  // regression: those that still fault, and may
  std::string driver;
  std::string schema;
  std::string path = {};  // the folder
};

// What a case folder holds beside its expected.json.
struct CaseFiles {
  std::span<const std::uint8_t> input;  // what is run: content, or a container with its events
  std::string report;                   // text
  std::string patch;                    // empty: none
};

class Cases {
 public:
  // `folder` need not be there. What is no case, or cannot be read, is told by `problems`.
  Cases(std::string folder, std::vector<std::string>& problems);

  // By state, then name.
  [[nodiscard]] const std::vector<Case>& all() const { return all_; }
  [[nodiscard]] const Case* find(const std::string& identity) const;

  // What is run: input.bin, else content.bin.
  [[nodiscard]] static std::string input_path(const Case& its);
  [[nodiscard]] static std::string content_path(const Case& its) { return its.path + "/content.bin"; }

  // Where a case is written.
  [[nodiscard]] std::string new_path(const std::string& identity) const;
  // Writes a case to new/, in full or not at all; whatever else is in a folder that is there already stays. False with
  // `problem` filled.
  [[nodiscard]] bool write_new(const Case& its, const CaseFiles& files, std::string& problem);

  // One rename, once expected.json says what is new. False with `problem` filled: all is as it was.
  [[nodiscard]] bool move(const Case& its, report::CaseState to, std::string& problem);

 private:
  void read(report::CaseState state, std::vector<std::string>& problems);

  std::string folder_;
  std::vector<Case> all_;
};

[[nodiscard]] std::string expected_json(const Case& its);
// Nothing: it is none, or of another version.
[[nodiscard]] std::optional<Case> read_expected(const std::string& json);

}  // namespace sluice::cause
