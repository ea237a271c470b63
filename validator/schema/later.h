// Whether a rule needs what is read after its elements.
#pragma once

#include "validator/schema/schema.h"

namespace sluice::schema {

// Whether a value that the rule computes for an element is only known when more has been read: of the structures that
// the element is in, a field that follows it or that is still being read, directly or by way of an instance. Where that
// cannot be told the answer is yes. `with_message`: its message is made then, too.
[[nodiscard]] bool names_later(const Schema& schema, const Rule& rule, bool with_message);
[[nodiscard]] bool names_later(const Schema& schema, const ContractUse& use);
[[nodiscard]] bool names_later(const Schema& schema, const RuleTable& table);  // its key, for a row

}  // namespace sluice::schema
