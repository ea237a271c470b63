// From a node to what its reader wants of it. Each conversion either gives the value or fills `problem` with the place
// and what is allowed there.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "validator/document/document.h"

namespace sluice::document {

// A scalar wherever it stands: a value, or the key of an entry. Aliases what it was made from.
struct Scalar {
  std::string_view text;
  bool quoted = false;
  Mark mark;
};
[[nodiscard]] Scalar key_of(const Entry& entry);

// An integer from -(2^64 - 1) to 2^64 - 1.
struct Number {
  std::uint64_t magnitude = 0;
  bool is_negative = false;  // never of zero
};

// Decimal, 0x, 0b or 0o digits, with single `_` between them, after an optional `-`. Quotes, a leading zero (octal to
// some readers) and everything else are a problem.
[[nodiscard]] std::optional<Number> as_number(const Scalar& scalar, Problem& problem);
[[nodiscard]] std::optional<Number> as_number(const Node& node, Problem& problem);
[[nodiscard]] std::optional<std::int64_t> as_integer(const Node& node, Problem& problem);
[[nodiscard]] std::optional<std::uint64_t> as_unsigned(const Node& node, Problem& problem);

// `true` or `false` without quotes. `yes`, `no`, `on`, `off` are text to some readers and booleans to others: a
// problem.
[[nodiscard]] std::optional<bool> as_boolean(const Node& node, Problem& problem);

// The text of any scalar, quoted or not, not null. Aliases `node`.
[[nodiscard]] std::optional<std::string_view> as_string(const Node& node, Problem& problem);

// `mapping`, `sequence`, `text "abc"`, `nothing`: for messages.
[[nodiscard]] std::string describe(const Node& node);

// Keys that begin with `-` belong to whoever invented them.
enum class ForeignKeys : std::uint8_t {
  refuse,
  allow,  // except those beginning `-sluice-`, which must be among the allowed
};

// Adds a problem for each key of the mapping `node` that is not in `allowed`, with the nearest one that is. A node that
// is not a mapping is one problem. Returns whether there was none.
bool check_keys(const Node& node, std::span<const std::string_view> allowed, std::vector<Problem>& problems,
                ForeignKeys foreign = ForeignKeys::refuse);

// The candidate that `text` was probably meant to be, if one is near enough. Aliases `candidates`.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view text,
                                                      std::span<const std::string_view> candidates);

}  // namespace sluice::document
