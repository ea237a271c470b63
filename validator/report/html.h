// What the parts of the page share (html.cc puts them together). Each part is HTML that is well-formed in itself, and
// whatever it takes from outside it took through `text` or `lines`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "validator/finding/finding.h"
#include "validator/report/model.h"

namespace sluice::report::html {

// What one page holds; what is past that is counted on it.
inline constexpr std::size_t kMostColumns = 24;         // builds beside each content
inline constexpr std::size_t kMostBuilds = 1'000;       // rows
inline constexpr std::size_t kMostContents = 200;       // rows
inline constexpr std::size_t kMostFindings = 200;       // of the page
inline constexpr std::size_t kMostFindingsOfFile = 20;  // the first of each build is always shown
inline constexpr std::size_t kMostHexRows = 3'000;      // of the page
inline constexpr std::size_t kMostFields = 48;          // listed beside one view of bytes
inline constexpr std::size_t kMostSuppressed = 100;
inline constexpr std::size_t kMostDark = 1'000;  // of a campaign
inline constexpr std::size_t kMostAttestations = 200;
inline constexpr std::size_t kLongestText = 600;  // bytes of a name or a value

// One line, escaped; of what is too long the begin, and how much was cut.
[[nodiscard]] std::string text(std::string_view text, std::size_t limit = kLongestText);
// The same, newlines kept.
[[nodiscard]] std::string lines(std::string_view text, std::size_t limit = kLongestText);
// A name or a value, set as code and apart from the text around it, whichever way it is written.
[[nodiscard]] std::string code(std::string_view text, std::size_t limit = kLongestText);

// A field path, which may be broken after each step.
[[nodiscard]] std::string path(std::string_view path, std::size_t limit = kLongestText);
// A sentence, in which field paths may be broken too.
[[nodiscard]] std::string sentence(std::string_view sentence, std::size_t limit = kLongestText);

[[nodiscard]] std::string_view class_of(Verdict verdict);  // `pass`, `fail`, `none`
[[nodiscard]] std::string badge(Verdict verdict);

// `<p class="left">` with what is not on the page; nothing if that is nothing.
[[nodiscard]] std::string left_out(std::uint64_t count, std::string_view what);

// `<th scope="col">` for each.
[[nodiscard]] std::string header(std::initializer_list<std::string_view> names);

// Around a table: it scrolls by itself where it is too wide.
[[nodiscard]] std::string scrolling(const std::string& label, const std::string& table);

// A bar of `of`, filled to `part`, and to `before` in another shade.
[[nodiscard]] std::string bar(std::uint64_t before, std::uint64_t part, std::uint64_t of, const std::string& label);

// From the begin to the body's. The page's content security policy allows this style sheet and this script, which may
// be empty, and nothing else. `title` is escaped.
[[nodiscard]] std::string begin_page(const std::string& title, const std::string& style, std::string_view script);
[[nodiscard]] std::string end_page(std::string_view script);

[[nodiscard]] const std::string& style();

}  // namespace sluice::report::html
