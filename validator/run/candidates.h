// Values that a criterion may be looking for, taken from whatever it consists of: nothing is known of what its operator
// means. Which of them matches is found by trying (search.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "validator/expression/integer.h"
#include "validator/program/session.h"

namespace sluice::run {

struct Candidate {
  enum class Kind : std::uint8_t { text, bytes, integer };
  Kind kind = Kind::text;
  std::string text;    // text in UTF-8, or bytes
  Integer number = 0;  // integer
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

// Of the criterion `element`: first what its instances lead to (an operand elsewhere in the file), as values and as
// bytes; what can be made of these (a text that a pattern matches, the numbers beside a number); then its own fields.
// Each once, a bounded number. What cannot be evaluated is left out.
[[nodiscard]] std::vector<Candidate> candidates_of(program::Session& session, std::span<const std::uint8_t> content,
                                                   const program::Value& element);

}  // namespace sluice::run
