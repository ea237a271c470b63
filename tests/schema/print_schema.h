// A Schema as a person reads it.
#pragma once

#include <string>

#include "validator/schema/schema.h"

namespace sluice::schema {

// A paragraph for each type: its names, sizes and parent, then a line for each member with what was found out about it.
[[nodiscard]] std::string print(const Schema& schema);

}  // namespace sluice::schema
