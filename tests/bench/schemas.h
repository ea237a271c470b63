// The schemas to measure with.
#pragma once

#include <string>

#include "validator/program/program.h"

namespace sluice::bench {

// A channel of template types and their instances, each a list of criteria: numbers, text, counts and lengths.
extern const char* const kChannel;

// Fixed 16-byte records with a range on each of four columns: two u4, two u2; a fifth column may be anything.
extern const char* const kRecords;

// At least `lines` lines: structures with sizes, counts, enums, conditions and instances, as people write them.
[[nodiscard]] std::string long_schema(int lines);

// The program of a schema that must load; without the scan, the machine walks everything itself.
[[nodiscard]] program::Program compiled(const std::string& schema, bool use_scan = true);

}  // namespace sluice::bench
