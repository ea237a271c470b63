// Values as the JSON of `eval`: `{"t":"int","v":"7"}`. Integers are decimal strings, because 64 bits do not fit a
// JSON number everywhere.
#pragma once

#include "validator/program/session.h"
#include "validator/report/json_writer.h"

namespace sluice::cli {

// The name of a failure in the language's own words: `EndOfStreamError`, `ValidationLessThanError`; what only sluice
// has is named by its code.
[[nodiscard]] std::string error_kind(const Finding& finding);

// `{"kind":..,"message":..}` under `key`.
void write_error(report::JsonWriter& out, std::string_view key, const Finding& finding);

// One value. Structures are `{"t":"struct","type":..}` and, with `whole`, their fields below `f`, every instance
// evaluated; a structure that stands elsewhere in the tree is `{"t":"ref"}`.
void write_value(report::JsonWriter& out, program::Session& session, const program::Value& value, bool whole);

// The same under `key`.
void write_value(report::JsonWriter& out, std::string_view key, program::Session& session, const program::Value& value,
                 bool whole);

}  // namespace sluice::cli
