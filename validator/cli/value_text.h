// A value on one line for people.
#pragma once

#include <string>

#include "validator/program/session.h"

namespace sluice::cli {

[[nodiscard]] std::string value_text(const program::Session& session, const program::Value& value);

}  // namespace sluice::cli
