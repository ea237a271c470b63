// A repeat whose elements can be judged without the machine: what `scan` does.
//
// The scan answers one question, fast: how many of the next elements are surely right? It reports nothing. At the
// first element that is not surely right it stops, and the machine reads that one with all its care. So the scan can be
// deleted without changing a finding; only the speed is its own.
#pragma once

#include <cstdint>
#include <vector>

#include "validator/program/value.h"

namespace sluice::program {

// One condition on a number at a fixed place of the record.
struct ScanCheck {
  enum class Kind : std::uint8_t {
    range,        // low <= v <= high
    set,          // v - low in the bits of `set` (64 values)
    below_value,  // v < values[value], one that the machine computed before the scan
    up_to_value,  // v <= values[value]
    any_of,       // v in `members`, sorted
    ascii,        // `set` bytes of text
    utf8,
  };
  Kind kind = Kind::range;
  std::uint32_t at = 0;  // offset in the fixed part
  ScalarFormat format = {};
  std::int64_t low = 0;  // as the bit pattern of the sign-extended number
  std::int64_t high = 0;
  std::uint64_t set = 0;
  std::uint32_t value = 0;
  std::vector<std::uint64_t> members = {};
};

struct ScanPlan;

// What follows the fixed part of a record, in order.
struct ScanTail {
  enum class Kind : std::uint8_t {
    skip,        // as many bytes as the number at `at` says
    text,        // the same, and they are text in `encoding`
    terminated,  // up to and with a zero byte; the text before it in `encoding`
    records,     // as many records of `plan` as the number at `at` says
    fixed,       // another fixed part: `plan` with no repeats of its own, once
  };
  enum class Encoding : std::uint8_t { any, ascii, utf8 };
  Kind kind = Kind::skip;
  Encoding encoding = Encoding::any;
  std::uint32_t at = 0;      // in the fixed part of this record
  ScalarFormat format = {};  // unsigned
  std::uint32_t plan = 0;    // index in `ScanPlan::inner`
};

struct ScanPlan {
  std::uint32_t fixed = 0;  // bytes of the fixed part
  std::vector<ScanCheck> checks = {};
  std::vector<ScanTail> tails = {};
  std::vector<ScanPlan> inner = {};
  std::uint32_t elements = 1;  // what one record counts for in the limits, without its tails
  [[nodiscard]] bool is_column() const { return tails.empty(); }
};

struct ScanResult {
  std::uint64_t records = 0;             // that are right
  std::uint64_t elements = 0;            // counted in them
  const std::uint8_t* cursor = nullptr;  // after them
};

// Judges at most `count` records from `cursor` and at most `budget` elements.
[[nodiscard]] ScanResult scan(const ScanPlan& plan, const std::uint8_t* cursor, const std::uint8_t* end,
                              std::uint64_t count, const std::uint64_t* values, std::uint64_t budget);

}  // namespace sluice::program
