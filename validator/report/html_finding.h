// What is wrong with one file, and findings that were accepted.
#pragma once

#include <string>

#include "validator/report/grouping.h"
#include "validator/report/html.h"

namespace sluice::report::html {

// One group: all that is known of it, and its bytes. `anchor` is the id that links to it use.
[[nodiscard]] std::string finding(const FileResult& file, const Group& group, const std::string& anchor,
                                  std::size_t& hex_rows);

// The name of a file with its size, digest and verdict.
[[nodiscard]] std::string file_heading(const FileResult& file);

// `<tr>` of the table of suppressed findings, and the table.
[[nodiscard]] std::string suppressed_row(const FileResult& file, const SuppressedFinding& suppressed);
[[nodiscard]] std::string suppressed_table(const std::string& rows);

}  // namespace sluice::report::html
