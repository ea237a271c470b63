// A suppressions document: findings that somebody has looked at and accepted, each with a reason and the date by which
// it has to be looked at again. docs/suppressions.md is the language.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/document/document.h"
#include "validator/finding/finding.h"
#include "validator/suppression/date.h"

namespace sluice::suppression {

struct Entry {
  std::string rule;  // `channel/known-type`, `SL0203`
  std::string path;  // pattern over field paths
  std::string file;  // pattern over file names; empty: all
  std::string reason;
  Date until;  // the last day on which it holds
  document::Mark mark;
};

struct Suppressions {
  std::string file;  // the path as given
  std::string text;  // of the document, for the line under a caret
  std::vector<Entry> entries;
};

// Reads a suppressions document. On failure returns empty; `problems` then has every mistake as a finding (SL0501,
// SL0507) at its line and column.
[[nodiscard]] std::optional<Suppressions> load_suppressions(const std::string& path, std::vector<Finding>& problems);

// The same from memory.
[[nodiscard]] std::optional<Suppressions> load_suppressions_text(std::string name, std::string text,
                                                                 std::vector<Finding>& problems);

// Matches the findings of a run, from many threads, and remembers which entries were of use.
class Matcher {
 public:
  // `suppressions` is aliased. Entries whose date lies before `today` hide nothing.
  Matcher(const Suppressions& suppressions, Date today);

  // For `Findings`; aliases this object.
  [[nodiscard]] const Suppressor& suppressor() const { return suppressor_; }

  // A file was judged, findings or none. One without a verdict may hide findings from the search.
  void saw_file(const std::string& name, bool has_verdict);

  // What is wrong with the entries after all files were judged: expired ones (SL0312), and ones that matched nothing
  // (SL0311) though a file that they are for was judged. In the order of the document.
  [[nodiscard]] std::vector<Finding> review() const;

 private:
  [[nodiscard]] std::optional<std::size_t> find(const Finding& finding) const;
  [[nodiscard]] bool is_expired(const Entry& entry) const { return entry.until < today_; }

  struct Use {
    std::atomic<bool> has_matched = false;
    std::atomic<bool> had_a_file = false;
  };

  const Suppressions& suppressions_;
  Date today_;
  std::unique_ptr<Use[]> uses_;  // one for each entry
  std::atomic<bool> is_complete_ = true;
  Suppressor suppressor_;
};

}  // namespace sluice::suppression
