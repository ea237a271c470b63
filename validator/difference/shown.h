// Values, records and places as the lines of a difference say them: short, and safe to print.
#pragma once

#include <string>

#include "validator/difference/plan.h"
#include "validator/program/session.h"

namespace sluice::difference {

// One value. Of long text and bytes the part from `from` on is shown, an offset in bytes.
[[nodiscard]] std::string shown(const program::Program& program, const program::Value& value, std::uint64_t from = 0);

// A list of plain values: `[2, 3, 7]`.
[[nodiscard]] std::string shown_list(const program::Program& program, const program::Array& list);

// What a record is like: `type_id 3, state enabled, criteria (21)`. Without the fields of its key and those derived.
[[nodiscard]] std::string summary(program::Session& session, const Plan& plan, program::Object* record,
                                  const RecordKey* key);

// Which record of a sequence: `id 4711`, `type_id 3, number 20`.
[[nodiscard]] std::string key_text(program::Session& session, const RecordKey& key, program::Object* record,
                                   const program::Value& value);

// The value of the key of an element; null where it has none.
[[nodiscard]] program::Value key_value(program::Session& session, const RecordKey& key, program::Object* container,
                                       const program::Value& element, std::uint64_t index);

}  // namespace sluice::difference
