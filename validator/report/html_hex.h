// Bytes around a finding, coloured by the fields that they belong to.
#pragma once

#include <span>
#include <string>

#include "validator/report/html.h"

namespace sluice::report::html {

// The rows of `file`'s excerpts around `bytes`, those marked, and a list of the fields in these rows. At most `rows`
// rows, which are taken off it. Empty: no excerpt shows these bytes, or no row is left.
[[nodiscard]] std::string hex_view(const FileResult& file, ByteRange bytes, std::size_t& rows);

// The same around several places. Each field is a button, for who has no mouse: one of them is come to, arrow keys lead
// to the others (triage_script()).
struct HexMark {
  ByteRange bytes;
  bool is_guilty = true;  // false: of less weight
};
[[nodiscard]] std::string hex_buttons(const FileResult& file, std::span<const HexMark> marks, std::size_t& rows);

}  // namespace sluice::report::html
