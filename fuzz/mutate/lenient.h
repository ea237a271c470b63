// A schema that reads content whose values are wrong.
#pragma once

#include "validator/schema/schema.h"

namespace sluice::mutate {

// Takes away what ends reading although the bytes are there: `valid`, `contents`, checksums, assertions, and text that
// its encoding does not have. What is left says where things lie.
void make_lenient(schema::Schema& schema);

}  // namespace sluice::mutate
