// The obvious twin of the sensor's operators and regular expressions: slow, recursive, over std::u32string. Not for
// use.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::naive {

// Whether the pattern matches somewhere in the text, by trying everything. What a pattern means is said in sensor.h.
bool regex_matches(const std::string& pattern, const std::u32string& text);

// The operators on text and bytes: SENSOR_EQUALS, _PREFIX, _SUFFIX, _CONTAINS.
bool text_matches(int op, const std::string& operand, const std::u32string& value);

// SENSOR_EQUALS, _IN_SET, _RANGE.
bool number_matches(int op, const std::vector<std::uint32_t>& operand, std::uint64_t value);

}  // namespace sluice::naive
