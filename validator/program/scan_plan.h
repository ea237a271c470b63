// A repeat whose elements can be judged without the machine: what `scan` does.
//
// The scan answers one question, fast: how many of the next elements are surely right? It reports nothing. At the
// first element that is not surely right it stops, and the machine reads that one with all its care. So the scan can be
// deleted without changing a finding; only the speed is its own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "validator/program/value.h"

namespace sluice::program {

// An integer at a fixed place of a record. Its value is its bits, unsigned: comparisons wrap at `mask`, so signed
// numbers need no case of their own.
struct ScanField {
  std::uint32_t at = 0;    // offset in the fixed part
  std::uint8_t width = 1;  // 1 2 4 8
  bool big_endian = false;
  std::uint64_t mask = 0xFF;  // as wide as the field
  [[nodiscard]] static ScanField of(std::uint32_t at, ScalarFormat format) {
    return {.at = at,
            .width = format.width,
            .big_endian = format.big_endian,
            .mask = ~std::uint64_t{0} >> (64 - 8 * format.width)};
  }
};

// One condition on the fixed part.
struct ScanCheck {
  enum class Kind : std::uint8_t {
    range,   // v - low <= span
    bound,   // v <= bounds[value]
    set,     // v - low in the bits of `set` (64 values)
    any_of,  // v in `members`, sorted
    ascii,   // `span` bytes of text
    utf8,
  };
  [[nodiscard]] bool is_range() const { return kind == Kind::range || kind == Kind::bound; }
  Kind kind = Kind::range;
  bool in_lanes = false;  // see scan_column.cc: a range, aligned in every record, and the only one of its field
  ScanField field = {};
  std::uint64_t low = 0;
  std::uint64_t span = 0;
  std::uint64_t set = 0;
  std::uint32_t value = 0;
  std::vector<std::uint64_t> members = {};
};

struct ScanPlan;

// What follows the fixed part of a record, in order.
struct ScanTail {
  enum class Kind : std::uint8_t {
    skip,        // as many bytes as `field` says
    text,        // the same, and they are text in `encoding`
    terminated,  // up to and with a zero byte; the text before it in `encoding`
    records,     // as many records of `plan` as `field` says
    fixed,       // another fixed part: `plan` with no repeats of its own, once
  };
  enum class Encoding : std::uint8_t { any, ascii, utf8 };
  Kind kind = Kind::skip;
  Encoding encoding = Encoding::any;
  ScanField field = {};    // in the fixed part of this record, unsigned
  std::uint32_t plan = 0;  // index in `ScanPlan::inner`
};

struct ScanPlan {
  std::uint32_t fixed = 0;  // bytes of the fixed part, at least 1
  std::vector<ScanCheck> checks = {};
  std::vector<ScanTail> tails = {};
  std::vector<ScanPlan> inner = {};
  std::uint32_t elements = 1;  // what one record counts for in the limits, without its tails
  // The commonest record there is: up to eight bytes of numbers in one byte order, at most two of them with a range,
  // and one says how many bytes follow.
  bool is_prefixed = false;
  [[nodiscard]] bool is_column() const { return tails.empty(); }
};

struct ScanResult {
  std::uint64_t records = 0;             // that are right
  std::uint64_t elements = 0;            // counted in them
  const std::uint8_t* cursor = nullptr;  // after them
};

// Judges at most `count` records from `cursor` and at most `budget` elements. `bounds` are the numbers that the machine
// computed before, inclusive.
[[nodiscard]] ScanResult scan(const ScanPlan& plan, const std::uint8_t* cursor, const std::uint8_t* end,
                              std::uint64_t count, std::span<const std::uint64_t> bounds, std::uint64_t budget);

// --- Between scan.cc and scan_column.cc
// -------------------------------------------------------------------------------

// The field of the record at `record`, all of whose fixed part is there.
[[nodiscard]] std::uint64_t load_field(const ScanField& field, const std::uint8_t* record);
[[nodiscard]] bool holds(const ScanCheck& check, const std::uint8_t* record, std::span<const std::uint64_t> bounds);

// Whether `count` adjacent records without tails are all right; judges column by column.
[[nodiscard]] bool columns_hold(const ScanPlan& plan, const std::uint8_t* from, std::uint64_t count,
                                std::span<const std::uint64_t> bounds);

}  // namespace sluice::program
