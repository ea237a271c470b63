// Which keys a mapping of a .ksy file may have.
#pragma once

#include <span>
#include <string_view>

#include "validator/schema/ksy_node.h"

namespace sluice::schema {

using Keys = std::span<const std::string_view>;

// Reports each key of `map` that is not in `allowed`. A key that begins with `-` is somebody's extension and passes,
// unless it begins with `-sluice-`: ours are known, and a misspelt check would check nothing.
void check_keys(const KsyNode& map, Keys allowed, Problems& problems,
                std::string_view complaint = "unknown key found, expected");

}  // namespace sluice::schema
