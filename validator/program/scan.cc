#include <algorithm>
#include <cstring>

#include "validator/bytes/reader.h"
#include "validator/program/scan_plan.h"
#include "validator/program/text.h"

namespace sluice::program {

namespace {

bool is_text(ScanTail::Encoding encoding, const std::uint8_t* from, std::uint64_t size) {
  if (encoding == ScanTail::Encoding::ascii) return !first_invalid_ascii({from, size});
  return encoding == ScanTail::Encoding::any || !first_invalid_utf8({from, size});
}

// The same as load_field where eight bytes from the field on are there: one load, whatever the width.
template <bool kBig>
std::uint64_t load_wide(const ScanField& field, const std::uint8_t* record) {
  if constexpr (kBig) return bytes::load_big<std::uint64_t>(record + field.at) >> (64 - 8 * field.width);
  return bytes::load_little<std::uint64_t>(record + field.at) & field.mask;
}

class Scanner {
 public:
  Scanner(const std::uint8_t* end, std::span<const std::uint64_t> bounds) : end_(end), bounds_(bounds) {}

  std::uint64_t elements = 0;

  // After one right record at `p`, or null.
  const std::uint8_t* record(const ScanPlan& plan, const std::uint8_t* p) {
    // With eight bytes to spare every field can be loaded whole.
    if (left(p) >= plan.fixed + std::uint64_t{8}) return record_at<true>(plan, p);
    return left(p) < plan.fixed ? nullptr : record_at<false>(plan, p);
  }

 private:
  [[nodiscard]] std::uint64_t left(const std::uint8_t* p) const { return static_cast<std::uint64_t>(end_ - p); }

  template <bool kSpare>
  static std::uint64_t number(const ScanField& field, const std::uint8_t* record) {
    if constexpr (!kSpare) return load_field(field, record);
    return field.big_endian ? load_wide<true>(field, record) : load_wide<false>(field, record);
  }

  template <bool kSpare>
  const std::uint8_t* record_at(const ScanPlan& plan, const std::uint8_t* fixed) {
    for (const ScanCheck& c : plan.checks) {
      if (c.is_range()) {
        const std::uint64_t v = (number<kSpare>(c.field, fixed) - c.low) & c.field.mask;
        if (v > (c.kind == ScanCheck::Kind::range ? c.span : bounds_[c.value])) return nullptr;
      } else if (!holds(c, fixed, bounds_)) {
        return nullptr;
      }
    }
    const std::uint8_t* p = fixed + plan.fixed;
    elements += plan.elements;
    for (const ScanTail& t : plan.tails) {
      if (t.kind == ScanTail::Kind::records) {
        p = records(plan.inner[t.plan], p, number<kSpare>(t.field, fixed));
      } else {
        p = tail(plan, t, fixed, p);
      }
      if (p == nullptr) return nullptr;
    }
    return p;
  }

  const std::uint8_t* tail(const ScanPlan& plan, const ScanTail& t, const std::uint8_t* fixed, const std::uint8_t* p) {
    switch (t.kind) {
      case ScanTail::Kind::skip:
      case ScanTail::Kind::text: {
        const std::uint64_t size = load_field(t.field, fixed);
        if (size > left(p) || !is_text(t.encoding, p, size)) return nullptr;
        return p + size;
      }
      case ScanTail::Kind::terminated: {
        const auto* zero = left(p) == 0 ? nullptr : static_cast<const std::uint8_t*>(std::memchr(p, 0, left(p)));
        if (zero == nullptr || !is_text(t.encoding, p, static_cast<std::uint64_t>(zero - p))) return nullptr;
        return zero + 1;
      }
      case ScanTail::Kind::fixed: return record(plan.inner[t.plan], p);
      case ScanTail::Kind::records: break;  // record_at
    }
    return nullptr;
  }

  // After `count` right records, or null. Each takes at least a byte, so the count needs no bound of its own.
  const std::uint8_t* records(const ScanPlan& plan, const std::uint8_t* p, std::uint64_t count) {
    if (count > left(p)) return nullptr;
    if (plan.is_prefixed) {
      const bool big = plan.tails[0].field.big_endian;
      switch (plan.checks.size()) {
        case 0: return big ? prefixed<0, true>(plan, p, count) : prefixed<0, false>(plan, p, count);
        case 1: return big ? prefixed<1, true>(plan, p, count) : prefixed<1, false>(plan, p, count);
        case 2: return big ? prefixed<2, true>(plan, p, count) : prefixed<2, false>(plan, p, count);
        default: break;
      }
    }
    for (; count > 0; --count) {
      p = record(plan, p);
      if (p == nullptr) return nullptr;
    }
    return p;
  }

  template <int kChecks, bool kBig>
  const std::uint8_t* prefixed(const ScanPlan& plan, const std::uint8_t* p, std::uint64_t count) {
    const ScanCheck* const checks = plan.checks.data();
    std::uint64_t spans[kChecks + 1];
    for (int k = 0; k < kChecks; ++k)
      spans[k] = checks[k].kind == ScanCheck::Kind::bound ? bounds_[checks[k].value] : checks[k].span;
    const ScanField length = plan.tails[0].field;
    const std::uint64_t fixed = plan.fixed;
    elements += count * plan.elements;
    // Two times the fixed part's eight bytes, so that a field at its end can be loaded whole.
    for (; count > 0 && left(p) >= 16; --count) {
      for (int k = 0; k < kChecks; ++k) {
        const ScanCheck& c = checks[k];
        if (((load_wide<kBig>(c.field, p) - c.low) & c.field.mask) > spans[k]) return nullptr;
      }
      const std::uint64_t size = load_wide<kBig>(length, p);
      if (size > left(p) - fixed) return nullptr;
      p += fixed + size;
    }
    elements -= count * plan.elements;
    for (; count > 0; --count) {
      p = record(plan, p);
      if (p == nullptr) return nullptr;
    }
    return p;
  }

  const std::uint8_t* const end_;
  const std::span<const std::uint64_t> bounds_;
};

// Tiles that fit the second-level cache, so that each column after the first finds its bytes there. The first tiles are
// small, so that a file in which every record is wrong costs no full tile a record.
ScanResult scan_columns(const ScanPlan& plan, const std::uint8_t* cursor, const std::uint8_t* end, std::uint64_t count,
                        std::span<const std::uint64_t> bounds, std::uint64_t budget) {
  constexpr std::uint64_t kFirstTile = 256, kLargestTile = 128 * 1024;  // bytes
  std::uint64_t tile = kFirstTile / plan.fixed + 1;
  count = std::min(count, static_cast<std::uint64_t>(end - cursor) / plan.fixed);
  count = std::min(count, budget / std::max(1u, plan.elements));
  ScanResult result{.cursor = cursor};
  while (result.records < count) {
    const std::uint64_t now = plan.checks.empty() ? count : std::min(tile, count - result.records);
    const std::uint8_t* from = cursor + result.records * plan.fixed;
    if (!columns_hold(plan, from, now, bounds)) {
      Scanner scanner(end, bounds);
      for (std::uint64_t k = 0; k < now && scanner.record(plan, from + k * plan.fixed) != nullptr; ++k)
        ++result.records;
      break;
    }
    result.records += now;
    if (tile * plan.fixed < kLargestTile) tile *= 2;
  }
  result.cursor = cursor + result.records * plan.fixed;
  result.elements = result.records * plan.elements;
  return result;
}

}  // namespace

std::uint64_t load_field(const ScanField& field, const std::uint8_t* record) {
  const std::uint8_t* at = record + field.at;
  switch (field.width * 2 + (field.big_endian ? 1 : 0)) {
    case 2:
    case 3: return *at;
    case 4: return bytes::load_little<std::uint16_t>(at);
    case 5: return bytes::load_big<std::uint16_t>(at);
    case 8: return bytes::load_little<std::uint32_t>(at);
    case 9: return bytes::load_big<std::uint32_t>(at);
    case 16: return bytes::load_little<std::uint64_t>(at);
    default: return bytes::load_big<std::uint64_t>(at);
  }
}

bool holds(const ScanCheck& check, const std::uint8_t* record, std::span<const std::uint64_t> bounds) {
  const std::uint64_t v =
      check.kind < ScanCheck::Kind::ascii ? (load_field(check.field, record) - check.low) & check.field.mask : 0;
  switch (check.kind) {
    case ScanCheck::Kind::range: return v <= check.span;
    case ScanCheck::Kind::bound: return v <= bounds[check.value];
    case ScanCheck::Kind::set: return v < 64 && (check.set >> v & 1) != 0;
    case ScanCheck::Kind::any_of: return std::ranges::binary_search(check.members, v);
    case ScanCheck::Kind::ascii: return is_text(ScanTail::Encoding::ascii, record + check.field.at, check.span);
    case ScanCheck::Kind::utf8: return is_text(ScanTail::Encoding::utf8, record + check.field.at, check.span);
  }
  return false;
}

ScanResult scan(const ScanPlan& plan, const std::uint8_t* cursor, const std::uint8_t* end, std::uint64_t count,
                std::span<const std::uint64_t> bounds, std::uint64_t budget) {
  if (plan.is_column()) return scan_columns(plan, cursor, end, count, bounds, budget);
  ScanResult result{.cursor = cursor};
  Scanner scanner(end, bounds);
  while (result.records < count && scanner.elements < budget) {
    const std::uint64_t before = scanner.elements;
    const std::uint8_t* next = scanner.record(plan, result.cursor);
    if (next == nullptr || scanner.elements > budget) {
      scanner.elements = before;
      break;
    }
    result.cursor = next;
    ++result.records;
  }
  result.elements = scanner.elements;
  return result;
}

}  // namespace sluice::program
