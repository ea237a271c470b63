// Names of character encodings.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "validator/schema/problems.h"

namespace sluice::schema {

// The name in the list of canonical ones that `name` stands for, in any case and by its usual aliases.
[[nodiscard]] std::optional<std::string_view> find_encoding(std::string_view name);

// The same, with a warning where another name was used; a name that is unknown is warned of and comes back as it is.
[[nodiscard]] std::string canonical_encoding(std::string_view name, const Place& place, Problems& problems);

// The bytes of one unit of a canonical encoding: 2 for UTF-16, 4 for UTF-32, else 1.
[[nodiscard]] std::size_t encoding_unit(std::string_view encoding);

}  // namespace sluice::schema
