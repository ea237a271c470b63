// The parts of the page of triage (html_triage.cc puts them together).
#pragma once

#include <string>
#include <string_view>

#include "validator/report/html.h"
#include "validator/report/triage.h"

namespace sluice::report::html {

// What one page of triage holds; what is past that is counted on it.
inline constexpr std::size_t kMostCases = 200;
inline constexpr std::size_t kMostNotTriaged = 200;
inline constexpr std::size_t kMostNames = 20;    // files, builds and places of a fault
inline constexpr std::size_t kMostTargets = 64;  // of a fault
inline constexpr std::size_t kMostMarks = 24;    // fields of a fault
inline constexpr std::size_t kMostCodeLines = 64;
inline constexpr std::size_t kLongestPatch = 8'000;  // bytes

[[nodiscard]] std::string badge(CaseState state);

// A fault with all that is known of it, under its sentence or another heading. At most `hex_rows` rows of bytes, which
// are taken off it.
[[nodiscard]] std::string triage_case(const TriageCase& one, const std::string& anchor, const std::string& heading,
                                      std::size_t& hex_rows);

// A block of text with a button that copies it, which says `what` it copies; where it is longer than `limit`, without.
[[nodiscard]] std::string copied(std::string_view text, std::string_view what, std::size_t limit);

// The sheet of every page and what this one has beside it.
[[nodiscard]] const std::string& triage_style();
// Copies commands, and leads from field to field by arrow keys. Without it everything can be read.
[[nodiscard]] std::string_view triage_script();

}  // namespace sluice::report::html
