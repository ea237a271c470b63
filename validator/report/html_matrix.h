// Tables of builds and contents.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "validator/report/html.h"

namespace sluice::report::html {

// What is told first of a build: the anchors of its findings on the page.
using Links = std::map<std::string, std::string>;  // by build

[[nodiscard]] std::string builds_table(const Totals& totals, const Links& first);

// A content in the table of contents.
struct ContentRow {
  struct Cell {
    std::string build;
    Verdict verdict = Verdict::pass;
    std::string anchor;  // of the finding that decided it; empty: none
    std::optional<Ran> ran;
  };
  std::string name;
  std::string anchor;  // of its findings; empty: it has none on the page
  Verdict verdict = Verdict::pass;
  std::size_t findings = 0;
  std::vector<Cell> cells;
};

// Contents x builds. `left_out` more are not among `rows`.
[[nodiscard]] std::string contents_table(const Totals& totals, const std::vector<ContentRow>& rows,
                                         std::uint64_t left_out);

// How much of each image ran (`run --coverage`).
[[nodiscard]] std::string coverage_table(const std::vector<BuildCoverage>& coverage);

}  // namespace sluice::report::html
