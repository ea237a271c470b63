// Bytes around a finding, coloured by the fields that they belong to.
#pragma once

#include <optional>
#include <string>

#include "validator/report/html.h"

namespace sluice::report::html {

// The rows of `file`'s excerpts around `bytes`, those marked, and a list of the fields in these rows. At most `rows`
// rows, which are taken off it. Empty: no excerpt shows these bytes, or no row is left.
[[nodiscard]] std::string hex_view(const FileResult& file, ByteRange bytes, std::size_t& rows);

}  // namespace sluice::report::html
