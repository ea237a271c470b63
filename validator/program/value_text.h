// A value on one line for people.
#pragma once

#include <string>

#include "validator/program/session.h"

namespace sluice::program {

[[nodiscard]] std::string value_text(const Session& session, const Value& value);

}  // namespace sluice::program
